/** Bands of other widths than the buckets that were judged: for charts by the minute, by the day. Pure. */
import type { Band, SeriesKind } from '../detector/detection.ts';
import { addsUp } from './series.ts';

/** How much neighbouring buckets err together: a good day is good in all its hours. */
const TOGETHER = 0.3;

/** What is expected of several buckets at once. Of levels and rates it is their mean. @param bands at least one */
export function bandOver(bands: readonly Band[], kind: SeriesKind): Band {
  if (bands.length === 1) return bands[0]!;
  // A rate or a level of a day is drawn as wide as those of its hours: it is what they go up and down in.
  return addsUp(kind) ? withinKind(spanBand(bands, TOGETHER, true), kind) : meanOf(bands);
}

/**
 * @param together how much they err together: 0 as if by chance each for itself, 1 all the same way
 * @param sums of all, or else their mean
 */
export function spanBand(bands: readonly Band[], together: number, sums: boolean): Band {
  const sum = (value: (band: Band) => number) => bands.reduce((total, band) => total + value(band), 0);
  const parts = sums ? 1 : bands.length;
  const width = (side: (band: Band) => number) =>
    Math.sqrt((1 - together) * sum((band) => side(band) ** 2) + together * sum(side) ** 2) / parts;
  const mid = sum((band) => band.mid) / parts;
  return { low: mid - width((band) => band.mid - band.low), mid, high: mid + width((band) => band.high - band.mid) };
}

function meanOf(bands: readonly Band[]): Band {
  const mean = (value: (band: Band) => number) => bands.reduce((sum, band) => sum + value(band), 0) / bands.length;
  return { low: mean(({ low }) => low), mid: mean(({ mid }) => mid), high: mean(({ high }) => high) };
}

/** The share of a bucket that a narrower step of a chart has. The chart's own chance is wider than that. */
export const bandWithin = ({ low, mid, high }: Band, share: number, kind: SeriesKind): Band =>
  addsUp(kind) ? { low: low * share, mid: mid * share, high: high * share } : { low, mid, high };

/** What cannot be below zero is not expected there, and no share above 100 unless it has been. */
export function withinKind({ low, mid, high }: Band, kind: SeriesKind, isPercent = false): Band {
  const hasFloor = (kind === 'count' || kind === 'ratio' || kind === 'latency') && mid >= 0;
  const middle = isPercent && mid < 101 ? Math.min(mid, 100) : mid;
  const top = isPercent && middle <= 100 ? Math.min(high, 100) : high;
  return { low: hasFloor ? Math.max(0, Math.min(low, middle)) : low, mid: middle, high: Math.max(top, middle) };
}
