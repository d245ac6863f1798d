/** Bands of other widths than the buckets that were judged: for charts by the minute, by the day. Pure. */
import type { Band, SeriesKind } from '../detector/detection.ts';
import { addsUp } from './series.ts';

/** How much neighbouring buckets err together: a good day is good in all its hours. */
const TOGETHER = 0.3;

/** What is expected of several buckets at once. Of levels and rates it is their mean. @param bands at least one */
export function bandOver(bands: readonly Band[], kind: SeriesKind): Band {
  const sum = (value: (band: Band) => number) => bands.reduce((total, band) => total + value(band), 0);
  if (bands.length === 1) return bands[0]!;
  const count = bands.length;
  if (!addsUp(kind)) {
    return {
      low: sum(({ low }) => low) / count,
      mid: sum(({ mid }) => mid) / count,
      high: sum(({ high }) => high) / count,
    };
  }
  const mid = sum((band) => band.mid);
  const width = (side: (band: Band) => number) =>
    Math.sqrt((1 - TOGETHER) * sum((band) => side(band) ** 2) + TOGETHER * sum(side) ** 2);
  const below = width((band) => band.mid - band.low);
  return withinKind({ low: mid - below, mid, high: mid + width((band) => band.high - band.mid) }, kind);
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
