/** What is unusual, in a word. */
import type { Judgement } from './detection.ts';
import type { RateFinding } from './rate-finding.ts';

const HOUR_MS = 3_600_000;
/** What has lasted so long, and for so many points, is a shift; before it is a spike or a drop. */
const SHIFT_MS = 6 * HOUR_MS;
const SHIFT_POINTS = 6;

/** A level that was taken for a new one so often, each time further on, drifts. */
const DRIFT_STEPS = 2;

export function shapeOf(
  { cause, isUp, window, lasted, steps, gradual }: RateFinding,
  stepMs: number,
): Judgement['what'] {
  if (cause === 'flat' || cause === 'variance') return cause;
  if (steps >= DRIFT_STEPS || (cause === 'drift' && steps === 0)) return isUp ? 'drift-up' : 'drift-down';
  const points = Math.max(window, lasted);
  const isShift = cause === 'drift' || (points >= SHIFT_POINTS && points * stepMs >= SHIFT_MS);
  if (isShift && gradual) return isUp ? 'drift-up' : 'drift-down';
  if (isShift) return isUp ? 'shift-up' : 'shift-down';
  return isUp ? 'spike' : 'drop';
}
