/** What a change would have done to the alarms of the last weeks, told by what is known of each. Pure. */
import type { Labelled } from './episode.ts';

const LOST_SHOWN_MAX = 20;
/** Under another setting the same thing is told at another moment: so much earlier it is still the same. */
const EARLIER_MS = 30 * 60_000;
/** And so much after its end, where it was short. */
const LATER_MS = 30 * 60_000;

export type Tally = { told: number; useful: number; notUseful: number; unknown: number; moneyAtRisk: number };
export type Effect = {
  before: Tally;
  after: Tally;
  lost: { subject: string; title: string; at: number; moneyAtRisk: number }[];
};
/** An exception that opened in a replay. */
export type Opening = { subject: string; title: string; at: number; moneyAtRisk: number };

const empty = (): Tally => ({ told: 0, useful: 0, notUseful: 0, unknown: 0, moneyAtRisk: 0 });

function add(tally: Tally, label: Labelled['label'], moneyAtRisk: number): void {
  tally.told += 1;
  tally.moneyAtRisk += moneyAtRisk;
  if (label === 'useful') tally.useful += 1;
  else if (label === 'not-useful') tally.notUseful += 1;
  else tally.unknown += 1;
}

/** @param alarms those that the change concerns; @param keeps whether one would still have been told */
export function rejudged(alarms: readonly Labelled[], keeps: (alarm: Labelled) => boolean): Effect {
  const [before, after] = [empty(), empty()];
  const lost: Labelled[] = [];
  for (const alarm of alarms) {
    add(before, alarm.label, alarm.moneyTold);
    if (keeps(alarm)) add(after, alarm.label, alarm.moneyTold);
    else if (alarm.label === 'useful') lost.push(alarm);
  }
  return { before, after, lost: shown(lost) };
}

/**
 * The same, when everything was folded again: what opened then is the alarm it stands for, or a new one of which nobody has
 * said anything.
 * @param tried what opened under the change
 */
export function replayed(alarms: readonly Labelled[], tried: readonly Opening[]): Effect {
  const [before, after] = [empty(), empty()];
  const bySubject = Map.groupBy(
    tried.toSorted((a, b) => a.at - b.at),
    ({ subject }) => subject,
  );
  const matched = new Set<Opening>();
  const lost: Labelled[] = [];
  for (const alarm of alarms.toSorted((a, b) => a.openedAt - b.openedAt)) {
    add(before, alarm.label, alarm.moneyTold);
    const until = (alarm.closedAt ?? Number.POSITIVE_INFINITY) + LATER_MS;
    const same = (bySubject.get(alarm.subject) ?? []).find(
      (one) => !matched.has(one) && one.at >= alarm.openedAt - EARLIER_MS && one.at <= until,
    );
    if (same !== undefined) {
      matched.add(same);
      add(after, alarm.label, same.moneyAtRisk);
    } else if (alarm.label === 'useful') lost.push(alarm);
  }
  for (const one of tried) if (!matched.has(one)) add(after, 'unknown', one.moneyAtRisk);
  return { before, after, lost: shown(lost) };
}

const shown = (lost: readonly Labelled[]): Effect['lost'] =>
  lost
    .toSorted((a, b) => b.moneyTold - a.moneyTold || a.openedAt - b.openedAt)
    .slice(0, LOST_SHOWN_MAX)
    .map(({ subject, title, openedAt, moneyTold }) => ({ subject, title, at: openedAt, moneyAtRisk: moneyTold }));
