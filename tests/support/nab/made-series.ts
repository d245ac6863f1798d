/** What made series are made of. */
import { probationOf } from './score-nab.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const FROM = Date.parse('2014-02-10T00:00:00Z');
/** Windows take this share of a series together, as in the benchmark. */
export const WINDOWS_SHARE = 0.1;

/** Rows that are unusual, both ends of it. */
export type Span = { first: number; last: number };

export type Random = () => number;
export type Draft = { stepMinutes: number; values: number[]; spans: Span[]; times?: number[] };
export type Family = (random: Random) => Draft;

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random();
export const whole = (random: Random, low: number, high: number): number => Math.floor(between(random, low, high + 1));
export const oneOf = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
export const heavy = (random: Random, shape: number): number => (1 - random()) ** (-1 / shape);
export const rounded = (value: number, step: number): number => Number((Math.round(value / step) * step).toFixed(6));

/** `count` places behind the probation, far enough from each other for a window each. */
export function places(random: Random, rows: number, count: number): number[] {
  const from = probationOf(rows) + Math.ceil((WINDOWS_SHARE * rows) / count);
  const room = (0.97 * rows - from) / count;
  return Array.from({ length: count }, (_, index) =>
    Math.floor(from + room * index + room * between(random, 0.1, 0.75)),
  );
}

export const hourOf = (row: number, stepMinutes: number): number => ((row * stepMinutes) / 60) % 24;
export const bump = (hour: number, at: number, width: number): number => {
  const away = Math.abs(hour - at);
  return Math.exp(-((Math.min(away, 24 - away) / width) ** 2));
};
