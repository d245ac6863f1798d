/** The dedupe window: which events were received lately. Kept in slices of time, so that old slices can be dropped whole. */
import type { Event } from '../events/index.ts';
import type { Keys } from './keys.ts';
import type { Redis } from './redis.ts';

/** Repeats within this time are known here; older arrivals are checked against history before they reach the log. */
export const DEDUPE_WINDOW_MS = 24 * 3_600_000;
const SLICE_MS = 12 * 3_600_000;

export const identityOf = (event: { source: string; id: string }): string => `${event.source}|${event.id}`;
export const sliceOf = (receivedAt: number): number => Math.floor(receivedAt / SLICE_MS);

/** Slices that may still be asked for at this moment, oldest first. */
export const slicesAt = (receivedAt: number): number[] => slicesBetween(receivedAt - DEDUPE_WINDOW_MS, receivedAt);

function slicesBetween(from: number, to: number): number[] {
  const oldest = sliceOf(from);
  return Array.from({ length: sliceOf(to) - oldest + 1 }, (_, index) => oldest + index);
}

/** Slices asked at once, at most: of a log that waited for longer, those around the receipt of its events. */
const SLICES_ASKED_MAX = 64;

/**
 * @param now epoch ms: a repeat that was received later may have been applied before the event itself
 * @returns for each event whether it, or an earlier one in this list, was seen before
 */
export async function findDuplicates(redis: Redis, keys: Keys, events: Event[], now: number): Promise<boolean[]> {
  const identities = events.map(identityOf);
  const newest = events.reduce((max, event) => Math.max(max, event.receivedAt), now);
  const oldest = events.reduce((min, event) => Math.min(min, event.receivedAt), newest);
  const slices = slicesBetween(oldest - DEDUPE_WINDOW_MS, newest).slice(0, SLICES_ASKED_MAX);
  const answers = await Promise.all(slices.map((slice) => redis.smIsMember(keys.seen(slice), identities)));
  const within = new Set<string>();
  return identities.map((identity, index) => {
    const seen = within.has(identity) || answers.some((answer) => Boolean(answer[index]));
    within.add(identity);
    return seen;
  });
}
