/** What the events of a source say about the source itself: a clock that runs ahead, a volume that is not usual. */
import type { Event, EventOf } from '../../events/index.ts';
import type { Draft } from '../draft.ts';
import type { Source } from '../states.ts';
import { localDayOf, offsetAt } from '../time-zone.ts';
import type { SlotVolume, SourceQuality } from './source-quality-state.ts';

export const SLOT_MS = 15 * 60_000;
/** A lead smaller than this is how clocks are. */
const AHEAD_FROM_MS = 30_000;
/** So long without an event from the future, and the clock counts as put right. */
const AHEAD_OVER_MS = 10 * 60_000;
/** The lead is told anew when it has grown by this factor. */
const AHEAD_TOLD_AGAIN = 1.25;
/** Slots of the same hour that make what is usual: five days of four quarters. */
const LEARNED_FROM = 20;
/** The mean forgets: a slot counts no less than one of this many. */
const REMEMBERED_MAX = 80;
/** A deadline answered this late says nothing about its slot. */
const LATE_MS = 5 * 60_000;

export const newQuality: SourceQuality = {
  aheadMs: 0,
  aheadAt: 0,
  aheadSince: 0,
  liveEvents: 0,
  slotBase: 0,
  slotDue: 0,
  slotWhole: false,
  volume: null,
  unknown: [],
  unknownSince: 0,
  unknownEvents: 0,
  unknownAmount: 0,
};

type Ahead = Pick<SourceQuality, 'aheadMs' | 'aheadAt' | 'aheadSince'>;

/** The lead of its clock after an event. The largest lead is kept until no event came from the future for a while. */
export function aheadAfter(source: Ahead, event: Pick<Event, 'occurredAt' | 'receivedAt'>): Ahead {
  const lead = event.occurredAt - event.receivedAt;
  if (lead >= AHEAD_FROM_MS) {
    const told = source.aheadMs === 0 || lead > source.aheadMs * AHEAD_TOLD_AGAIN;
    return {
      aheadMs: told ? lead : source.aheadMs,
      aheadAt: event.receivedAt,
      aheadSince: source.aheadMs === 0 ? event.receivedAt : source.aheadSince,
    };
  }
  if (source.aheadMs === 0 || event.receivedAt - source.aheadAt < AHEAD_OVER_MS) return source;
  return { aheadMs: 0, aheadAt: 0, aheadSince: 0 };
}

const nextSlot = (at: number): number => (Math.floor(at / SLOT_MS) + 1) * SLOT_MS;

/** Begins to watch the volume of a source that speaks. @returns the end of the running slot */
export function watchVolume(draft: Draft, event: Event): number {
  const due = nextSlot(event.receivedAt);
  draft.setDeadline(event.source, 'source-volume', event.source, due);
  return due;
}

/**
 * A slot is over: compares it with what is usual, learns from it, and begins the next one. What is unusual is learned
 * only up to the edge of what is usual, so that one bad day does not become the measure.
 * @returns the source as it stands then, or null when the deadline says nothing to it
 */
export function slotOver(
  draft: Draft,
  source: Source,
  event: EventOf<'deadline.passed'>,
  timeZone: string,
): Source | null {
  const { due } = event.data;
  if (source.slotDue !== due) return null;
  const late = event.receivedAt - due > LATE_MS;
  if (source.silentSince > 0 || source.kind === 'replay') {
    return { ...source, slotDue: 0, slotWhole: false, volume: null };
  }
  const next = late ? nextSlot(event.receivedAt) : due + SLOT_MS;
  draft.setDeadline(event.data.clock, 'source-volume', source.source, next);
  const count = source.liveEvents - source.slotBase;
  const judged = source.slotWhole && !late ? judgeSlot(draft, source.source, due - SLOT_MS, count, timeZone) : null;
  return { ...source, slotDue: next, slotBase: source.liveEvents, slotWhole: !late, volume: judged };
}

function judgeSlot(draft: Draft, source: string, from: number, count: number, timeZone: string): SlotVolume | null {
  const profile = draft.get('volume', source) ?? { cells: {} };
  const cell = cellOf(from, timeZone);
  const [slots, mean, variance] = profile.cells[cell] ?? [0, 0, 0];
  const known = slots >= LEARNED_FROM;
  const deviation = deviationOf(mean, variance);
  const learned = known ? Math.max(mean - 3 * deviation, Math.min(mean + 3 * deviation, count)) : count;
  const share = 1 / Math.min(slots + 1, REMEMBERED_MAX);
  const difference = learned - mean;
  const after: [number, number, number] = [
    Math.min(slots + 1, REMEMBERED_MAX),
    mean + share * difference,
    (1 - share) * (variance + share * difference * difference),
  ];
  const cells = Object.entries({ ...profile.cells, [cell]: after }).sort(([a], [b]) => (a < b ? -1 : 1));
  draft.put('volume', source, { cells: Object.fromEntries(cells) });
  return known ? { from, count, usual: mean, deviation } : null;
}

/** Never less than what chance alone makes of independent arrivals (Poisson). */
const deviationOf = (mean: number, variance: number): number => Math.sqrt(Math.max(variance, mean, 1));

/** `workday-09`, `weekend-14`: the local hour in which the slot began. */
function cellOf(from: number, timeZone: string): string {
  // The first day of all, 1970-01-01, was a Thursday.
  const weekday = (localDayOf(timeZone, from) + 4) % 7;
  const hour = Math.floor((from + offsetAt(timeZone, from)) / 3_600_000) % 24;
  return `${weekday === 0 || weekday === 6 ? 'weekend' : 'workday'}-${String(hour).padStart(2, '0')}`;
}
