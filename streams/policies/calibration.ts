/** How a company's own counts correct what the model says of its records. */
import type { Calibration } from '../operations/accuracy/calibration-state.ts';
import { logistic } from './confidence.ts';

const TENTHS = 10;
const STEPS = 32;
const STEP = 0.5;
const LOWEST = -8;

/**
 * How far a company is believed to differ from those the weights come from before it has counted, as a deviation of the
 * log odds: a handful of counts moves little, hundreds decide.
 */
const PRIOR_DEVIATION = 1;
const SHIFT_MAX = 4;

export const noCalibration: Calibration = {
  counted: 0,
  right: 0,
  allCounted: 0,
  allRight: 0,
  tenths: Array.from({ length: TENTHS }, () => [0, 0, 0]),
  steps: Array.from({ length: STEPS }, () => [0, 0]),
};

/**
 * Adds one count.
 * @param logOdds what the model had said without a shift
 * @param said the confidence that had been given, with the shift of then
 * @param unbiased whether the record was counted for no doubt of anybody
 */
export function withCount(
  known: Calibration,
  logOdds: number,
  said: number,
  isRight: boolean,
  unbiased: boolean,
): Calibration {
  const right = Number(isRight);
  const all = { ...known, allCounted: known.allCounted + 1, allRight: known.allRight + right };
  if (!unbiased) return all;
  const tenth = Math.min(TENTHS - 1, Math.floor(said * TENTHS));
  const step = Math.max(0, Math.min(STEPS - 1, Math.floor((logOdds - LOWEST) / STEP)));
  const [counts, rights, sum] = known.tenths[tenth]!;
  const [stepCounts, stepRights] = known.steps[step]!;
  return {
    ...all,
    counted: known.counted + 1,
    right: known.right + right,
    tenths: known.tenths.with(tenth, [counts + 1, rights + right, sum + Math.round(said * 1_000)]),
    steps: known.steps.with(step, [stepCounts + 1, stepRights + right]),
  };
}

/**
 * What to add to the log odds of every record so that the counted ones were right as often as was said: the most likely
 * shift of a logistic model, held back by a normal prior around zero. Newton's method; the target is concave.
 */
export function shiftOf({ counted, steps }: Calibration): number {
  if (counted === 0) return 0;
  let shift = 0;
  for (let round = 0; round < 20; round++) {
    let slope = -shift / PRIOR_DEVIATION ** 2;
    let bend = 1 / PRIOR_DEVIATION ** 2;
    for (const [index, [count, right]] of steps.entries()) {
      if (count === 0) continue;
      const said = logistic(LOWEST + (index + 0.5) * STEP + shift);
      slope += right - count * said;
      bend += count * said * (1 - said);
    }
    const change = slope / bend;
    shift = Math.max(-SHIFT_MAX, Math.min(SHIFT_MAX, shift + change));
    if (Math.abs(change) < 1e-9) break;
  }
  return shift;
}
