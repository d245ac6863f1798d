/** How figures or durations are spread: least, most, quantiles and a histogram. */

export type Spread = {
  n: number;
  least: number | null;
  most: number | null;
  mean: number | null;
  quantiles: [share: number, value: number][];
  bins: { from: number; to: number; count: number }[];
};

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;
const BINS = 20;

/** @param cases values with how often each was found; what was taken back may leave a count of 0 or below, and is left out */
export function spreadOf(cases: Iterable<readonly [value: number, count: number]>): Spread {
  const sorted = [...cases].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const n = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (n === 0) return { n: 0, least: null, most: null, mean: null, quantiles: [], bins: [] };
  const [least, most] = [sorted[0]![0], sorted.at(-1)![0]];
  return {
    n,
    least,
    most,
    mean: sorted.reduce((sum, [value, count]) => sum + value * count, 0) / n,
    quantiles: SHARES.map((share) => [share, nearestRank(sorted, share * n)]),
    bins: binsOf(sorted, least, most),
  };
}

function nearestRank(sorted: readonly (readonly [number, number])[], rank: number): number {
  let passed = 0;
  for (const [value, count] of sorted) {
    passed += count;
    if (passed >= rank) return value;
  }
  return sorted.at(-1)![0];
}

function binsOf(sorted: readonly (readonly [number, number])[], least: number, most: number): Spread['bins'] {
  if (least === most) return [{ from: least, to: most, count: sorted.reduce((sum, [, count]) => sum + count, 0) }];
  const width = (most - least) / BINS;
  const bins = Array.from({ length: BINS }, (_, bin) => ({
    from: least + bin * width,
    to: bin === BINS - 1 ? most : least + (bin + 1) * width,
    count: 0,
  }));
  for (const [value, count] of sorted) bins[Math.min(BINS - 1, Math.floor((value - least) / width))]!.count += count;
  return bins;
}
