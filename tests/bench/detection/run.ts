/**
 * `npm run measure-detection`: how many injected faults are found, how soon, and how often planners are called for nothing;
 * with `--learn-days`, in the weeks after that, as it was and with what the first weeks have taught.
 */
import { parseArgs } from 'node:util';
import type { Labelled } from '../../../analytics/learning/episode.ts';
import { FOUND_WITHIN_MS, isTrueOf, type Verdict, verdictsOf } from './faults-found.ts';
import { learnFrom, ratedAlarms } from './learn.ts';
import { type Episode, type Played, type PlayOptions, playBoth } from './play-company.ts';

const DAY_MS = 86_400_000;
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    'first-seed': { type: 'string', default: '1' },
    days: { type: 'string', default: '5' },
    'orders-per-day': { type: 'string', default: '2000' },
    faults: { type: 'string', default: 'normal' },
    /** Judge KPI series as well: what shows in figures only needs weeks to be learned. */
    signals: { type: 'boolean', default: false },
    /** The company enters its promotions into the calendar. */
    calendar: { type: 'boolean', default: false },
    /** Rate and learn so long, then play on both ways; 0: only as it is. */
    'learn-days': { type: 'string', default: '0' },
    /** The last so many seeds are played with what the others have taught. */
    'taught-by-others': { type: 'string', default: '0' },
    list: { type: 'boolean', default: false },
  },
});
const FROM = Date.parse('2026-09-07T00:00:00Z');
const days = Number(values.days);
const learnDays = Number(values['learn-days']);
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => Number(values['first-seed']) + index);
const ownSeeds = seeds.length - Number(values['taught-by-others']);

/** What is measured of one way of playing, of the time that counts. */
type Measured = { verdicts: Verdict[]; episodes: { episode: Episode; isTrue: boolean | null }[]; days: number };
const nothing = (): Measured => ({ verdicts: [], episodes: [], days: 0 });
type Block = { title: string; before: Measured; after: Measured };
const own: Block = { title: 'taught by its own first weeks', before: nothing(), after: nothing() };
const others: Block = { title: 'taught by other companies', before: nothing(), after: nothing() };
const taught: Labelled[] = [];

function measure(into: Measured, played: Played, since: number): void {
  const isTrue = isTrueOf(played);
  into.days += (played.until - since) / DAY_MS;
  into.verdicts.push(...verdictsOf(played).filter(({ truth }) => truth.at >= since));
  for (const episode of played.episodes)
    if (episode.openedAt >= since) into.episodes.push({ episode, isTrue: isTrue(episode) });
}

for (const [index, seed] of seeds.entries()) {
  const began = performance.now();
  const isOwn = index < ownSeeds;
  const options: PlayOptions = {
    seed,
    from: FROM,
    ordersPerDay: Number(values['orders-per-day']),
    faults: values.faults as 'normal' | 'many',
    signals: values.signals,
    calendar: values.calendar,
  };
  if (learnDays > 0)
    options.branch = {
      afterDays: learnDays,
      decide(sofar) {
        const alarms = ratedAlarms(sofar, seed);
        if (isOwn) taught.push(...alarms);
        const { policies, accepted } = learnFrom(isOwn ? alarms : taught);
        const rated = alarms.filter(({ labelledBy }) => labelledBy === 'rating').length;
        console.log(`seed ${seed}: ${rated} of ${alarms.length} rated in ${learnDays} days; accepted:`);
        for (const { words, why } of accepted) console.log(`  ${words}: ${why}`);
        return policies;
      },
    };
  const [asItWas, tried] = playBoth(options, days);
  const since = FROM + learnDays * DAY_MS;
  const block = isOwn ? own : others;
  measure(block.before, asItWas, since);
  if (tried !== null) measure(block.after, tried, since);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const { cost } = asItWas;
  const watched =
    cost === null ? '' : `, ${cost.series} series, ${cost.microsecondsPerPoint.toFixed(0)} us a point with its figures`;
  console.log(`seed ${seed}: ${asItWas.events} events in ${seconds} s${watched}`);
  reportAll();
}

/** What was measured so far, after every seed: a long run may be stopped. */
function reportAll(): void {
  for (const { title, before, after } of [own, others]) {
    if (before.days === 0) continue;
    if (learnDays > 0) console.log(`\n=== ${Math.round(before.days)} days after ${learnDays} of learning, ${title}`);
    report(learnDays > 0 ? 'before' : '', before);
    if (after.days > 0) report('after', after);
  }
}

function report(name: string, { verdicts, episodes, days: length }: Measured): void {
  if (name !== '') console.log(`\n--- ${name}`);
  const minutes = (ms: number | undefined) => (ms === undefined ? '' : (ms / 60_000).toFixed(1));
  console.table(
    [...Map.groupBy(verdicts, ({ truth }) => truth.kind)].map(([kind, list]) => {
      const shown = list.filter(({ evidenceAt }) => evidenceAt !== null);
      const delays = shown.flatMap(({ foundAfterMs }) => foundAfterMs ?? []).sort((a, b) => a - b);
      const inTime = delays.filter((ms) => ms <= FOUND_WITHIN_MS).length;
      return {
        fault: kind,
        injected: list.length,
        'with evidence': shown.length,
        found: delays.length,
        recall: shown.length === 0 ? '' : `${Math.round((100 * delays.length) / shown.length)} %`,
        'within a minute': inTime,
        'minutes to find, median': minutes(delays[delays.length >> 1]),
        'nine of ten within': minutes(delays[Math.floor(delays.length * 0.9)]),
      };
    }),
  );
  const judged = episodes.filter(({ isTrue }) => isTrue !== null);
  const wrong = judged.filter(({ isTrue }) => isTrue === false).length;
  console.table(
    [...Map.groupBy(judged, ({ episode }) => episode.kind)].map(([kind, list]) => {
      const right = list.filter(({ isTrue }) => isTrue === true).length;
      return {
        exception: kind,
        told: list.length,
        false: list.length - right,
        precision: `${Math.round((100 * right) / list.length)} %`,
        'false a day': ((list.length - right) / length).toFixed(2),
      };
    }),
  );
  const perDay = (count: number) => (count / length).toFixed(2);
  console.log(
    `${judged.length} exceptions that claim something: ${perDay(judged.length)} a day, ${wrong} false: ${perDay(wrong)} a day; ` +
      `precision ${((100 * (judged.length - wrong)) / Math.max(1, judged.length)).toFixed(1)} %`,
  );
  console.log(`${episodes.length - judged.length} others state what is`);
  if (values.list) list(verdicts, episodes);
}

function list(verdicts: Verdict[], episodes: Measured['episodes']): void {
  const at = (ms: number) => new Date(ms).toISOString().slice(0, 19);
  for (const { truth, evidenceAt, foundAfterMs } of verdicts)
    if (evidenceAt !== null && foundAfterMs === null)
      console.log('missed', truth.kind, truth.subject, at(truth.at), 'evidence', at(evidenceAt), truth.details);
  for (const { episode, isTrue } of episodes) {
    if (isTrue !== false) continue;
    const { kind, subject, openedAt, closedAt, title, anomaly } = episode;
    const signal =
      anomaly === undefined ? '' : `${anomaly.what} ${anomaly.value} of ${anomaly.expected}, ${anomaly.score}`;
    const end = closedAt === Number.POSITIVE_INFINITY ? '' : at(closedAt);
    console.log('false', kind, subject, at(openedAt), end, title, signal);
  }
}
