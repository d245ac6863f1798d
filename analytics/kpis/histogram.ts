/**
 * Durations as counts per bucket, so that they add up over minutes, channels and processes. The bounds are integers
 * that grow by about 4 %: a quantile is known to 2 %. SQL is given the same bounds, so both count into the same buckets.
 */

const GROWTH = 1.04;
/** Longer durations count into the last bucket: 400 days. */
const DURATION_MS_MAX = 400 * 24 * 3_600_000;

/** Lower bounds in ms, ascending from 0. Bucket `i` holds durations from its bound up to the next. */
export const durationBounds: readonly number[] = makeBounds();

function makeBounds(): number[] {
  const bounds = [0];
  while (bounds.at(-1)! < DURATION_MS_MAX) {
    const last = bounds.at(-1)!;
    bounds.push(Math.max(last + 1, Math.floor(last * GROWTH)));
  }
  return bounds;
}

/** The bucket of a duration in ms. A negative one (clocks that disagree) counts into the first. */
export function durationBucketOf(ms: number): number {
  let low = 0;
  let high = durationBounds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (durationBounds[middle]! <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The durations in ms that a bucket holds: from the first up to, not including, the second. */
export function boundsOf(index: number): [number, number] {
  const known = Math.min(Math.max(index, 0), durationBounds.length - 1);
  const from = durationBounds[known]!;
  return [from, durationBounds[known + 1] ?? Math.floor(from * GROWTH)];
}

/**
 * The duration in ms below which a share of all counts lies: nearest rank, middle of its bucket. Null without counts.
 * @param counts bucket index and count; may have entries that cancel out
 */
export function durationQuantile(counts: Iterable<readonly [number, number]>, share: number): number | null {
  const sums = new Map<number, number>();
  for (const [index, count] of counts) sums.set(index, (sums.get(index) ?? 0) + count);
  const index = rankedAt(sums, share);
  if (index === null) return null;
  const [from, to] = boundsOf(index);
  return (from + to - 1) / 2;
}

/** The key at which a share of all counts is reached, keys ascending (nearest rank). Null without counts. */
export function rankedAt(counts: ReadonlyMap<number, number>, share: number): number | null {
  const sorted = [...counts].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const rank = Math.ceil(share * sorted.reduce((sum, [, count]) => sum + count, 0));
  let seen = 0;
  for (const [key, count] of sorted) {
    seen += count;
    if (seen >= rank) return key;
  }
  return null;
}
