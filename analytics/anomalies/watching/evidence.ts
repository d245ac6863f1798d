/** The buckets that show an anomaly: the fewest whose figure lies outside of what was expected of them together. Pure. */
import type { Band, SeriesKind } from '../detector/detection.ts';
import { spanBand, withinKind } from './band.ts';
import type { Direction } from './incident.ts';
import { addsUp } from './series.ts';

/** A known bucket, newest last: its figure, its band, and when it began. */
export type RecentBucket = [value: number, low: number, mid: number, high: number, from: number];
export const RECENT_MAX = 36;
const LENGTHS = [1, 2, 3, 6, 12, 24, RECENT_MAX];
/** Chance of neighbouring buckets is nearly independent; what they share is in the level the band follows. */
const TOGETHER = 0.05;

export type Evidence = Band & {
  value: number;
  buckets: number;
  /** Whether it lies outside of its band, on the side of the direction. */
  outside: boolean;
};

/** @param recent at least one */
export function evidenceOf(
  recent: readonly RecentBucket[],
  kind: SeriesKind,
  direction: Direction,
  isPercent = false,
): Evidence {
  let best: Evidence | undefined;
  let farthest = Number.NEGATIVE_INFINITY;
  for (const length of LENGTHS) {
    if (length > recent.length) break;
    const evidence = over(recent.slice(-length), kind, direction, isPercent);
    if (evidence.outside) return evidence;
    const away = distance(evidence, direction);
    if (best === undefined || away > farthest) [best, farthest] = [evidence, away];
  }
  return best!;
}

function over(buckets: readonly RecentBucket[], kind: SeriesKind, direction: Direction, isPercent: boolean): Evidence {
  const bands = buckets.map(([, low, mid, high]) => ({ low, mid, high }));
  const sum = buckets.reduce((total, [value]) => total + value, 0);
  const band = withinKind(spanBand(bands, TOGETHER, addsUp(kind)), kind, isPercent);
  const value = addsUp(kind) ? sum : sum / buckets.length;
  const outside = direction === 'down' ? value < band.low : direction === 'up' ? value > band.high : false;
  return { ...band, value, buckets: buckets.length, outside };
}

/** In widths of the band on that side. */
function distance({ value, low, mid, high }: Evidence, direction: Direction): number {
  if (direction === 'down') return (mid - value) / Math.max(1e-12, mid - low);
  if (direction === 'up') return (value - mid) / Math.max(1e-12, high - mid);
  return 0;
}
