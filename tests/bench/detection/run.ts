/** `npm run measure-detection`: how many injected faults are found, how soon, and how often planners are called for nothing. */
import { parseArgs } from 'node:util';
import { FOUND_WITHIN_MS, falseAlarmsOf, type Verdict, verdictsOf } from './faults-found.ts';
import { type Episode, playCompany } from './play-company.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    days: { type: 'string', default: '5' },
    'orders-per-day': { type: 'string', default: '2000' },
    faults: { type: 'string', default: 'normal' },
    list: { type: 'boolean', default: false },
  },
});
const FROM = Date.parse('2026-09-07T00:00:00Z');
const days = Number(values.days);
const verdicts: Verdict[] = [];
const falseAlarms: Episode[] = [];
let episodes = 0;
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const played = playCompany(
    { seed, from: FROM, ordersPerDay: Number(values['orders-per-day']), faults: values.faults as 'normal' | 'many' },
    days,
  );
  verdicts.push(...verdictsOf(played));
  falseAlarms.push(...falseAlarmsOf(played));
  episodes += played.episodes.length;
}

const hours = Number(values.seeds) * days * 24;
const rows = [...Map.groupBy(verdicts, ({ truth }) => truth.kind)].map(([kind, list]) => {
  const shown = list.filter(({ evidenceAt }) => evidenceAt !== null);
  const delays = shown
    .flatMap(({ foundAfterMs }) => (foundAfterMs === null ? [] : [foundAfterMs]))
    .sort((a, b) => a - b);
  const inTime = delays.filter((ms) => ms <= FOUND_WITHIN_MS).length;
  return {
    fault: kind,
    injected: list.length,
    'with evidence': shown.length,
    'found in time': inTime,
    share: shown.length === 0 ? '' : `${Math.round((100 * inTime) / shown.length)} %`,
    'found at all': delays.length,
    'seconds to find, median': delays.length === 0 ? '' : Math.round(delays[delays.length >> 1]! / 1_000),
  };
});
console.table(rows);
console.log(
  `${verdicts.filter(({ evidenceAt }) => evidenceAt !== null).length} faults with evidence; ${episodes} exceptions in ${hours} hours`,
);
console.log(`${falseAlarms.length} false alarms: ${(falseAlarms.length / hours).toFixed(2)} an hour`);
console.table(
  [...Map.groupBy(falseAlarms, ({ kind }) => kind)].map(([kind, list]) => ({
    exception: kind,
    'false alarms': list.length,
    'an hour': (list.length / hours).toFixed(3),
  })),
);
if (values.list) {
  const at = (ms: number) => new Date(ms).toISOString().slice(0, 19);
  for (const { truth, evidenceAt, foundAfterMs } of verdicts)
    if (evidenceAt !== null && (foundAfterMs === null || foundAfterMs > FOUND_WITHIN_MS))
      console.log(
        'missed',
        truth.kind,
        truth.subject,
        at(truth.at),
        'evidence',
        at(evidenceAt),
        foundAfterMs,
        truth.details,
      );
  for (const { kind, subject, openedAt, closedAt, title } of falseAlarms)
    console.log('false', kind, subject, at(openedAt), closedAt === Number.POSITIVE_INFINITY ? '' : at(closedAt), title);
}
