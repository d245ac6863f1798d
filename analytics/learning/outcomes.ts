/**
 * Did it come true? For each kind that claims something about what is to come, or about what really is, the facts that tell.
 * Kinds that only state what is have no entry: nothing later could prove them wrong.
 */
import type { Episode, Outcome } from './episode.ts';
import type { FactIndex } from './facts.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A count that late says nothing about how the record stood then. */
const COUNTED_WITHIN_MS = 14 * DAY_MS;
/** What a source held back is here so long after it was heard again. */
const CAUGHT_UP_MS = 30 * MINUTE_MS;
/** Where nothing says how long a source was quiet before it was called silent. */
const QUIET_BEFORE_MS = HOUR_MS;

export type Claim = {
  question: string;
  /** @param silences exceptions of silent sources, with what came of them */
  judge(episode: Episode, facts: FactIndex, now: number, silences: readonly Silence[]): Outcome;
};
export type Silence = { episode: Episode; wasReal: boolean };

const cameTrue = (because: string): Outcome => ({ outcome: 'came-true', because });
const didNot = (because: string): Outcome => ({ outcome: 'did-not', because });
const unknown = (because: string): Outcome => ({ outcome: 'unknown', because });

const lines = (count: number): string => (count === 1 ? '1 order line' : `${count} order lines`);

function missedSoon(episode: Episode, facts: FactIndex, now: number): Outcome {
  const until = episode.openedAt + DAY_MS;
  const waves = facts.wavesOf(episode.node).filter(({ shipBy }) => shipBy > episode.openedAt && shipBy <= until);
  const late = waves.reduce((sum, wave) => sum + (wave.shipBy <= now ? wave.late : 0), 0);
  if (late > 0) return cameTrue(`${lines(late)} of ${episode.node} left late within a day`);
  if (until > now) return unknown('the day is not over');
  return waves.length === 0
    ? unknown('nothing was due there within a day')
    : didNot('all that was due within a day left in time');
}

/** A figure that left its band: what is known today of why it did. */
function explainedAway(episode: Episode, facts: FactIndex, silences: readonly Silence[]): Outcome | null {
  const to = episode.closedAt ?? episode.openedAt;
  const plan = facts.planned.find(
    ({ from, to: until, channel, node }) =>
      from <= to &&
      until >= episode.openedAt &&
      (channel === undefined || episode.channel === '' || channel === episode.channel) &&
      (node === undefined || episode.node === '' || node === episode.node),
  );
  if (plan !== undefined) return didNot(`it was planned: ${plan.name}`);
  const silence = silences.find(
    ({ wasReal, episode: one }) => wasReal && isAbout(one, episode) && overlaps(one, episode),
  );
  return silence === undefined ? null : didNot(`${silence.episode.source} was silent; its figures came later`);
}

const isAbout = (silence: Episode, { source, channel, node }: Episode): boolean =>
  (source !== '' && silence.source === source) ||
  (channel !== '' && silence.channel === channel) ||
  (node !== '' && silence.node === node);

/** A source is quiet for a while before it is called silent. */
const overlaps = (silence: Episode, other: Episode): boolean =>
  silence.openedAt - QUIET_BEFORE_MS <= (other.closedAt ?? Number.POSITIVE_INFINITY) &&
  (silence.closedAt ?? Number.POSITIVE_INFINITY) >= other.openedAt;

export const claims: Readonly<Record<string, Claim>> = {
  'ship-by-at-risk': {
    question: 'Did an order of the wave leave late?',
    judge({ subject }, facts, now) {
      const cut = subject.lastIndexOf('|');
      const shipBy = Number(subject.slice(cut + 1));
      if (shipBy > now) return unknown('its moment has not come');
      const wave = facts.wave(subject.slice(0, cut), shipBy);
      if (wave === undefined) return unknown('nothing was due any more: it was moved or cancelled');
      return wave.late > 0
        ? cameTrue(`${wave.late} of ${lines(wave.lines)} did not leave in time`)
        : didNot(`all of ${lines(wave.lines)} left in time`);
    },
  },
  'stockout-expected': {
    question: 'Was there nothing left to promise before the receipt came?',
    judge({ subject, openedAt, closedAt }, facts, now) {
      const to = closedAt ?? now;
      const empty = facts.emptyOf(subject).find((time) => time.from <= to && time.to > openedAt);
      if (empty !== undefined)
        return cameTrue(`nothing was left from ${new Date(empty.from).toISOString().slice(0, 16)} on`);
      return closedAt === null ? unknown('it is not over') : didNot('something was left all the time');
    },
  },
  'source-silent': {
    question: 'Did it hold back events that came later?',
    judge({ source, openedAt, closedAt }, facts, now) {
      if (closedAt === null || closedAt + CAUGHT_UP_MS > now) return unknown('it is not over');
      const held = facts
        .lateOf(source)
        .filter(({ at }) => at >= openedAt - QUIET_BEFORE_MS && at < closedAt)
        .reduce((sum, { events }) => sum + events, 0);
      return held > 0 ? cameTrue(`${held} events came late`) : didNot('nothing was missing');
    },
  },
  'confidence-low': {
    question: 'Did the next count find the record wrong?',
    judge({ subject, openedAt }, facts) {
      const next = facts.countsOf(subject).find(({ at }) => at >= openedAt && at <= openedAt + COUNTED_WITHIN_MS);
      if (next === undefined) return unknown('nobody has counted it within two weeks');
      return next.short === 0 ? didNot('a count found it right') : cameTrue(`a count was ${next.short} units off`);
    },
  },
  'node-over-capacity': { question: 'Did an order leave the node late within a day?', judge: missedSoon },
  'pick-delayed': { question: 'Did an order leave the node late within a day?', judge: missedSoon },
  'kpi-anomaly': {
    question: 'Was it something else than a planned change or figures that came late?',
    judge: (episode, facts, _now, silences) =>
      explainedAway(episode, facts, silences) ?? unknown('no fact explains it away, and none proves it'),
  },
  'volume-abnormal': {
    question: 'Was the source out of order?',
    judge(episode, facts, _now, silences) {
      const silence = silences.find(
        ({ wasReal, episode: one }) => wasReal && one.source === episode.source && overlaps(one, episode),
      );
      if (silence !== undefined) return cameTrue('it was silent at that time, and events came later');
      return explainedAway(episode, facts, []) ?? unknown('no fact tells');
    },
  },
};

/** What facts say of each, in the order of the episodes. @param now business time, up to which the facts reach */
export function outcomesOf(episodes: readonly Episode[], facts: FactIndex, now: number): Outcome[] {
  const silent = claims['source-silent']!;
  const silences = episodes
    .filter(({ kind }) => kind === 'source-silent')
    .map((episode) => ({ episode, wasReal: silent.judge(episode, facts, now, []).outcome === 'came-true' }));
  return episodes.map(
    (episode) => claims[episode.kind]?.judge(episode, facts, now, silences) ?? unknown('it states what is'),
  );
}
