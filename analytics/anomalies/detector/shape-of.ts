/** What is unusual, in a word. */
import type { Judgement } from './detection.ts';
import type { RateFinding } from './rate-channel.ts';

const HOUR_MS = 3_600_000;
/** What has lasted so long, and for so many points, is a shift; before it is a spike or a drop. */
const SHIFT_MS = 6 * HOUR_MS;
const SHIFT_POINTS = 6;

export function shapeOf({ cause, isUp, window, lasted, again }: RateFinding, stepMs: number): Judgement['what'] {
  if (cause === 'flat' || cause === 'variance') return cause;
  const points = Math.max(window, lasted);
  if (cause === 'drift' || (again && points >= SHIFT_POINTS)) return isUp ? 'drift-up' : 'drift-down';
  const isShift = points >= SHIFT_POINTS && points * stepMs >= SHIFT_MS;
  if (isShift) return isUp ? 'shift-up' : 'shift-down';
  return isUp ? 'spike' : 'drop';
}
