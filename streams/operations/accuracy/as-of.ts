/**
 * Our figure as it was at a moment in the past. A stock record keeps its movements in slots of time that get wider with
 * their age, so that it reaches back over all of its life within a bounded size. Where a moment lies inside a slot, the
 * order of what happened there is lost: the answer is then a range, and whoever compares must not see more in it.
 */
import { type Bucket, buckets } from '../../events/fields.ts';

/** The figures a record can be asked for: each bucket, and all that is on hand. Kept by their place in this list. */
export const measures = [...buckets, 'on-hand'] as const;
export type Measure = (typeof measures)[number];
const ON_HAND = measures.indexOf('on-hand');
const IN_TRANSIT = buckets.indexOf('in-transit');

/** Slots as [start, measure, units in, units out] one after the other, by start and measure; starts count `SLOT_MS`. */
export type Slots = number[];
const STRIDE = 4;

/** Width of the finest slot. */
export const SLOT_MS = 10_000;
/** Widths in finest slots, and the age from which the next width holds. All before is one slot without a beginning. */
const widths = [1, 6, 60, 360, 1_440] as const;
const agesMax = [6, 60, 720, 4_320, 25_920] as const;
/** Movements of the last three days are told apart by four hours at least. */
export const TOLD_APART_MS = agesMax[4] * SLOT_MS;

const startAt = (slot: number, width: number): number => slot - (slot % width);

/**
 * The slot a moment falls into, as its start. It depends on the moment and on the newest movement alone, never on the
 * order in which movements became known: that is why each width is a multiple of the one before.
 */
function startOf(slot: number, newest: number): number {
  for (let level = 0; level < widths.length; level++) {
    const wider = widths[level + 1] ?? widths[level]!;
    const end = startAt(slot, wider) + wider;
    if (newest - end < agesMax[level]!) return startAt(slot, widths[level]!);
  }
  return 0;
}

/** Where the slot with this start ends. */
function endOf(start: number, newest: number): number {
  for (let level = 0; level < widths.length; level++) {
    const wider = widths[level + 1] ?? widths[level]!;
    if (newest - (startAt(start, wider) + wider) < agesMax[level]!) return start + widths[level]!;
  }
  const last = widths.at(-1)!;
  return startAt(newest - agesMax.at(-1)!, last);
}

/**
 * Adds a change of one bucket to the slots.
 * @param newestBefore epoch ms of the newest movement so far; 0 when there was none
 * @param crossing whether it changes what is on hand too
 * @param takenBack units of it that only take back an earlier change of the same moment, as if that had never been
 */
export function withMovement(
  slots: Slots,
  newestBefore: number,
  at: number,
  bucket: Bucket,
  delta: number,
  crossing: boolean,
  takenBack = 0,
): Slots {
  const before = Math.floor(newestBefore / SLOT_MS);
  const slot = Math.floor(at / SLOT_MS);
  const newest = Math.max(before, slot);
  const result = newest > before && slots.length > 0 ? coarsened(slots, newest) : slots.slice();
  const start = startOf(slot, newest);
  const measure = buckets.indexOf(bucket);
  const plus = delta > 0 ? delta - takenBack : 0 - takenBack;
  const minus = delta > 0 ? 0 - takenBack : 0 - delta - takenBack;
  insert(result, start, measure, plus, minus);
  if (crossing && measure !== IN_TRANSIT) insert(result, start, ON_HAND, plus, minus);
  return result;
}

function coarsened(slots: Slots, newest: number): Slots {
  const result: Slots = [];
  for (let index = 0; index < slots.length; index += STRIDE) {
    const start = startOf(slots[index]!, newest);
    insert(result, start, slots[index + 1]!, slots[index + 2]!, slots[index + 3]!);
  }
  return result;
}

/** Nearly always at or near the end, so that is where the search begins. */
function insert(slots: Slots, start: number, measure: number, plus: number, minus: number): void {
  let index = slots.length - STRIDE;
  while (index >= 0 && (slots[index]! > start || (slots[index] === start && slots[index + 1]! > measure)))
    index -= STRIDE;
  if (index >= 0 && slots[index] === start && slots[index + 1] === measure) {
    slots[index + 2]! += plus;
    slots[index + 3]! += minus;
  } else if (index === slots.length - STRIDE) slots.push(start, measure, plus, minus);
  else slots.splice(index + STRIDE, 0, start, measure, plus, minus);
}

/** A figure as of a moment, in units: exact where `low` equals `high`. */
export type Range = { low: number; high: number };

/**
 * What a figure was at a moment. A movement at that very moment had happened.
 * @param now the figure as it stands
 * @param newest epoch ms of the newest movement
 */
export function rangeAsOf(slots: Slots, newest: number, measure: Measure, now: number, asOf: number): Range {
  let low = now;
  let high = now;
  if (asOf >= newest) return { low, high };
  const wanted = measures.indexOf(measure);
  const newestSlot = Math.floor(newest / SLOT_MS);
  for (let index = slots.length - STRIDE; index >= 0; index -= STRIDE) {
    const start = slots[index]!;
    const after = start * SLOT_MS > asOf;
    if (!after && endOf(start, newestSlot) * SLOT_MS <= asOf) break;
    if (slots[index + 1] !== wanted) continue;
    const plus = slots[index + 2]!;
    const minus = slots[index + 3]!;
    // After the moment: all of it is taken back. Around it: any part may have come after.
    low -= after ? plus - minus : plus;
    high -= after ? plus - minus : -minus;
  }
  return { low, high };
}

/** How far a stated quantity lies outside of what our figure can have been; 0 inside. Positive: more than we knew of. */
export const beyond = (stated: number, { low, high }: Range): number =>
  stated > high ? stated - high : stated < low ? stated - low : 0;

/**
 * The lowest figure at any moment after `since` that can be told: at the ends of the slots, where the order of what
 * happened is known.
 */
export function lowestSince(slots: Slots, measure: Measure, now: number, since: number): number {
  const wanted = measures.indexOf(measure);
  let figure = now;
  let lowest = now;
  for (let index = slots.length - STRIDE; index >= 0 && slots[index]! * SLOT_MS >= since; index -= STRIDE) {
    if (slots[index + 1] !== wanted) continue;
    figure -= slots[index + 2]! - slots[index + 3]!;
    // The figure before the very first movement is none.
    if (slots[index]! * SLOT_MS > since && index > 0) lowest = Math.min(lowest, figure);
  }
  return lowest;
}
