/** Short series with one property each, from a seed. */
import type { Point } from '../../analytics/anomalies/detector/detection.ts';
import { normal, poisson, randomFrom } from './synthetic-minutes.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
/** A Monday. */
export const MONDAY = Date.UTC(2026, 2, 2);

export type Made = {
  seed: number;
  days: number;
  minutes?: number;
  /** Expected a point, before the time of day. */
  mean?: number;
  /** What becomes of the mean of a point. */
  change?: (day: number) => number;
};

/** Counts with a busy noon, a quiet night and slower weekends. */
export function counts({ seed, days, minutes = 10, mean = 20, change = () => 1 }: Made): Point[] {
  const random = randomFrom(seed);
  return times(days, minutes).map((t) => {
    const day = (t - MONDAY) / DAY_MS;
    const weekend = Math.floor(day) % 7 >= 5 ? 0.7 : 1;
    const rate = mean * weekend * (1 - 0.8 * Math.cos(2 * Math.PI * day));
    return { t, v: poisson(random, rate * change(day)) };
  });
}

/** Noise around a level, with the same noon. */
export function noise({ seed, days, minutes = 10, mean = 100, change = () => 1 }: Made): Point[] {
  const random = randomFrom(seed);
  return times(days, minutes).map((t) => {
    const day = (t - MONDAY) / DAY_MS;
    const level = mean * (1 - 0.3 * Math.cos(2 * Math.PI * day));
    return { t, v: level * change(day) + 0.05 * mean * normal(random) };
  });
}

const times = (days: number, minutes: number): number[] =>
  Array.from({ length: Math.round((days * 1_440) / minutes) }, (_, index) => MONDAY + index * minutes * MINUTE_MS);
