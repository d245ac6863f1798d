/**
 * How likely a record runs out before its next receipt, within a horizon. Demand is a negative binomial count: it comes
 * in lumps (its variance is a multiple of its mean) and its rate is known from a few days only. The receipt comes when
 * its supplier's record says.
 */
import { countReaches } from './tails.ts';

const DAY_MS = 86_400_000;
/** What demand of a day is taken to scatter like before it was seen: variance over mean, weighing as much as so many days. */
const DISPERSION_PRIOR = 4;
const DISPERSION_PRIOR_DAYS = 5;
const DISPERSION_MAX = 40;
/** The rate of the days ahead differs from that of the days behind by about this share: weekdays, weather, promotions. */
const RATE_DRIFT = 0.25;
/** Moments between now and the horizon at which the receipt is asked whether it has come. */
const STEPS = 12;

export type DemandRate = { perDay: number; days: number; dispersion: number };

/** A rate seen in lumps is drawn towards none, as if so many days without any, per unit of scatter, had been seen too. */
const DRAWN_DAYS = 0.5;

/**
 * The rate of sale and how far its days scatter about it.
 * @param demand units taken per day since 1970 (UTC), oldest first; days without any may be left out
 * @param since when there was something to sell for the first time, epoch ms
 * @param learnDays of which the rate is taken, today as far as it has gone
 */
export function demandRate(
  demand: readonly [number, number][],
  since: number,
  at: number,
  learnDays: number,
): DemandRate {
  const today = Math.floor(at / DAY_MS);
  const first = Math.min(today, Math.max(today - learnDays + 1, Math.floor(since / DAY_MS)));
  const days = Math.max(1, today - first + (at % DAY_MS) / DAY_MS);
  let units = 0;
  for (const [day, taken] of demand) if (day >= first && day <= today) units += taken;
  const rateBy = (dispersion: number): DemandRate => ({
    perDay: Math.max(0, units) / (days + DRAWN_DAYS * dispersion),
    days,
    dispersion,
  });
  // Whole days only: today's has not come to its end.
  const whole = today - first;
  const mean =
    whole === 0
      ? 0
      : demand.reduce((sum, [day, taken]) => (day >= first && day < today ? sum + taken : sum), 0) / whole;
  if (whole < 2 || mean <= 0) return rateBy(DISPERSION_PRIOR);
  const taken = new Map(demand);
  let squares = 0;
  for (let day = first; day < today; day++) squares += ((taken.get(day) ?? 0) - mean) ** 2;
  const seen = Math.min(DISPERSION_MAX, squares / (whole - 1) / mean);
  const weight = whole - 1;
  const dispersion = (seen * weight + DISPERSION_PRIOR * DISPERSION_PRIOR_DAYS) / (weight + DISPERSION_PRIOR_DAYS);
  return rateBy(Math.max(1, dispersion));
}

/** Mean and variance of what is sold in so many days: the scatter of the days, and that the rate is not known exactly. */
export function demandOver(
  { perDay, days, dispersion }: DemandRate,
  ahead: number,
): { mean: number; variance: number } {
  const mean = perDay * ahead;
  return { mean, variance: dispersion * mean * (1 + ahead / days) + (RATE_DRIFT * mean) ** 2 };
}

/** The probability that this many units are sold in that time. */
export function soldOut(available: number, rate: DemandRate, aheadMs: number): number {
  const { mean, variance } = demandOver(rate, aheadMs / DAY_MS);
  return countReaches(available, mean, variance);
}

/**
 * The probability that nothing is left at some moment before the next receipt comes, by the horizon at the latest.
 * @param outstanding the probability that no receipt has come by a moment; 1 where none is expected
 */
export function stockoutChance(
  available: number,
  rate: DemandRate,
  { at, horizon }: { at: number; horizon: number },
  outstanding: (then: number) => number,
): number {
  if (available <= 0) return 1;
  let chance = 0;
  let soldBefore = 0;
  let outstandingBefore = 1;
  for (let step = 1; step <= STEPS; step++) {
    const then = at + ((horizon - at) * step) / STEPS;
    const sold = soldOut(available, rate, then - at);
    const stillOut = outstanding(then);
    // It ran out within this step, and the receipt had not come by its middle.
    chance += Math.max(0, sold - soldBefore) * ((outstandingBefore + stillOut) / 2);
    soldBefore = sold;
    outstandingBefore = stillOut;
  }
  return Math.min(1, chance);
}

/** By when it has run out with this probability if nothing comes; null beyond the days looked ahead. */
export function soldOutBy(
  available: number,
  rate: DemandRate,
  at: number,
  probability: number,
  daysMax: number,
): number | null {
  if (available <= 0) return at;
  let [low, high] = [0, daysMax * DAY_MS];
  if (soldOut(available, rate, high) < probability) return null;
  for (let round = 0; round < 24; round++) {
    const middle = (low + high) / 2;
    if (soldOut(available, rate, middle) < probability) low = middle;
    else high = middle;
  }
  return Math.round(at + high);
}
