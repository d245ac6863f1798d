/**
 * Deadlines stand in a sorted set by when they are due. A deadline that is set again for the same moment is another one:
 * its event must not be taken for a repeat of the event that told of the first. So the score carries, behind the decimal
 * point, which event has set it.
 */

/** Fits exactly behind a millisecond in a double until the year 2248. */
const MARKS = 1_024;

/** @param setBy the id of the event that set the deadline */
export function scoreOf(due: number, setBy: string): number {
  let hash = 0;
  for (let at = 0; at < setBy.length; at++) hash = (Math.imul(hash, 31) + setBy.charCodeAt(at)) | 0;
  return due + (((hash ^ (hash >>> 15)) >>> 0) % MARKS) / MARKS;
}

export const dueOf = (score: number): number => Math.floor(score);
