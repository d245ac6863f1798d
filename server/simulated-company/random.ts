/** Seeded random values: the same seed and stream name give the same sequence on every machine. */

export type Random = ReturnType<typeof randomOf>;

/** Above this mean a Poisson draw is taken from the normal distribution: the exact way costs one step per unit. */
const POISSON_EXACT_MEAN_MAX = 40;

/** One independent stream per subject, so that a change in one does not move all the others. */
export function randomOf(seed: number, stream: string) {
  const hash = hashOf(`${seed}/${stream}`);
  let a = hash();
  let b = hash();
  let c = hash();
  let d = hash();

  /** sfc32 (Doty-Humphrey, PractRand): uniform in [0, 1). */
  function next(): number {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  }

  const between = (low: number, high: number) => low + (high - low) * next();
  const int = (low: number, high: number) => low + Math.floor((high - low + 1) * next());
  const chance = (probability: number) => next() < probability;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const exponential = (mean: number) => -mean * Math.log(1 - next());
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const lognormal = (median: number, sigma: number) => median * Math.exp(sigma * normal());

  function poisson(mean: number): number {
    if (mean > POISSON_EXACT_MEAN_MAX) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const floor = Math.exp(-mean);
    let count = 0;
    for (let product = next(); product > floor; product *= next()) count++;
    return count;
  }

  /** The index of the first running total above a uniform draw. `totals` rises and ends with the sum. */
  function weighted(totals: Float64Array): number {
    const drawn = next() * (totals[totals.length - 1] ?? 0);
    let low = 0;
    let high = totals.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((totals[middle] as number) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return { next, between, int, chance, pick, exponential, normal, lognormal, poisson, weighted };
}

/** xmur3: a string to a sequence of 32-bit numbers. */
export function hashOf(text: string): () => number {
  let h = 1_779_033_703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3_432_918_353);
    h = (h << 13) | (h >>> 19);
  }
  return () => {
    h = Math.imul(h ^ (h >>> 16), 2_246_822_507);
    h = Math.imul(h ^ (h >>> 13), 3_266_489_909);
    h ^= h >>> 16;
    return h >>> 0;
  };
}
