/**
 * What is worked out is corrected by what came true before: log odds are stretched and shifted (Platt 1999), held back
 * by a prior that changes nothing, so that a handful of outcomes moves little and hundreds decide.
 */
import type { Correction, SettledSteps } from '../../operations/predictions/prediction-record-state.ts';
import { logistic } from '../confidence.ts';

const STEPS = 32;
const STEP = 0.5;
const LOWEST = -8;
/** Nothing is said to be surer than this. */
const SURE = 0.999;
const SHIFT_DEVIATION = 0.5;
const STRETCH_DEVIATION = 0.35;
const STRETCH_MIN = 0.2;
const STRETCH_MAX = 3;
/** What is said of one subject day after day, or hour after hour, shares most of its outcome: it weighs a part of one. */
const OUTCOME_WEIGHT = 0.1;
/** Outcomes weigh half after this time: a company changes, and its records grow. */
const HALVES_MS = 14 * 86_400_000;
const ROUNDS_MAX = 30;

export const noSteps = (): SettledSteps => Array.from({ length: STEPS }, () => [0, 0]);
export const noCorrection: Correction = { shift: 0, stretch: 1 };

export const logOddsOf = (probability: number): number => {
  const held = Math.max(1 - SURE, Math.min(SURE, probability));
  return Math.log(held / (1 - held));
};

/**
 * Adds outcomes, by their weight.
 * @param passedMs since outcomes were added last
 */
export function withOutcomes(
  steps: SettledSteps,
  rows: readonly { uncorrected: number; happened: boolean }[],
  passedMs = 0,
): SettledSteps {
  const keeps = 0.5 ** (Math.max(0, passedMs) / HALVES_MS);
  const next = steps.map(([settled, happened]): [number, number] => [settled * keeps, happened * keeps]);
  for (const { uncorrected, happened } of rows) {
    const step = Math.max(0, Math.min(STEPS - 1, Math.floor((logOddsOf(uncorrected) - LOWEST) / STEP)));
    next[step]![0] += OUTCOME_WEIGHT;
    if (happened) next[step]![1] += OUTCOME_WEIGHT;
  }
  return next.map(([count, happened]) => [rounded(count), rounded(happened)]);
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** The most likely shift and stretch under normal priors around none: Newton's method on a concave target. */
export function correctionOf(steps: SettledSteps): Correction {
  let [shift, stretch] = [0, 1];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let [gs, gt] = [-shift / SHIFT_DEVIATION ** 2, -(stretch - 1) / STRETCH_DEVIATION ** 2];
    let [ss, st, tt] = [1 / SHIFT_DEVIATION ** 2, 0, 1 / STRETCH_DEVIATION ** 2];
    for (const [index, [count, happened]] of steps.entries()) {
      if (count === 0) continue;
      const logOdds = LOWEST + (index + 0.5) * STEP;
      const said = logistic(shift + stretch * logOdds);
      const off = happened - count * said;
      const weight = count * said * (1 - said);
      gs += off;
      gt += off * logOdds;
      ss += weight;
      st += weight * logOdds;
      tt += weight * logOdds * logOdds;
    }
    const determinant = ss * tt - st * st;
    const byShift = (gs * tt - gt * st) / determinant;
    const byStretch = (gt * ss - gs * st) / determinant;
    shift += Math.max(-2, Math.min(2, byShift));
    stretch = Math.max(STRETCH_MIN, Math.min(STRETCH_MAX, stretch + Math.max(-0.5, Math.min(0.5, byStretch))));
    if (Math.abs(byShift) + Math.abs(byStretch) < 1e-9) break;
  }
  return { shift, stretch };
}

export const corrected = (probability: number, { shift, stretch }: Correction): number =>
  logistic(shift + stretch * logOddsOf(probability));
