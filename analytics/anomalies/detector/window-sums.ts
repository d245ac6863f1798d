/**
 * What the last 1 to 144 points together say: the sum of what was seen beside the sum of what was expected, as a
 * standardised value. A short window finds a spike, a long one a shift that no single point shows.
 */
export const windows = [1, 3, 6, 12, 36, 72, 144] as const;
const LONGEST = 144;
/** The spread that is common to all points of a window, squared, before anything is known; and how much that weighs. */
const COMMON_PRIOR = 0.04 ** 2;
const COMMON_PRIOR_WEIGHT = 3;
/** No level is known better than this, relative and squared; where values may be negative, in variances of a point. */
const COMMON_MIN = 0.005 ** 2;
const COMMON_MIN_ADDITIVE = 0.003;
/** Sums further out teach as if they were there. */
const CLIP_SQUARED = 12;
const RHO_MIN = 0.3;
const BAND_DEVIATIONS = 3;
const BAND_SHARE = 0.8;

export class WindowSums {
  readonly z = new Float64Array(windows.length);
  private points = 0;
  private taught = 0;
  private readonly errors = new Float64Array(LONGEST);
  private readonly variances = new Float64Array(LONGEST);
  private readonly means = new Float64Array(LONGEST);
  private readonly sumError = new Float64Array(windows.length);
  private readonly sumVariance = new Float64Array(windows.length);
  private readonly sumMean = new Float64Array(windows.length);
  /** Of a regression of squared sums on squared expected sums: the variance of what scales all points of a window. */
  private readonly commonNumerator = new Float64Array(windows.length);
  private readonly commonDenominator = new Float64Array(windows.length);
  /** What is left, so that z has unit variance. */
  private readonly rho = new Float64Array(windows.length).fill(1);
  private readonly memory: number;

  /** @param memory points after which what was learned weighs a third */
  constructor(memory: number) {
    this.memory = memory;
  }

  full(window: number): boolean {
    return this.points >= windows[window]!;
  }

  /**
   * Adds a point and works out every z.
   * @param levelVariance relative variance of what is not known of the level
   * @param additive values may be negative, and no sum scales with its expectation
   */
  add(error: number, variance: number, mean: number, levelVariance: number, additive: boolean): void {
    const at = this.points % LONGEST;
    for (let index = 0; index < windows.length; index++) {
      const size = windows[index]!;
      let [e, v, m] = [this.sumError[index]! + error, this.sumVariance[index]! + variance, this.sumMean[index]! + mean];
      if (this.points >= size) {
        const out = (at - size + LONGEST) % LONGEST;
        e -= this.errors[out]!;
        v -= this.variances[out]!;
        m -= this.means[out]!;
      }
      this.sumError[index] = e;
      this.sumVariance[index] = v;
      this.sumMean[index] = m;
      this.z[index] = this.standardised(index, e, v, m, levelVariance, additive);
    }
    this.errors[at] = error;
    this.variances[at] = variance;
    this.means[at] = mean;
    this.points += 1;
    if (this.points % LONGEST === 0) this.recount();
  }

  /** The sum of a window in deviations of single points, whatever sums are usually like. */
  plain(window: number): number {
    return this.sumError[window]! / Math.sqrt(Math.max(1e-300, this.sumVariance[window]!));
  }

  /** Means over a window, beside what is usual for such a mean; a mean that was found to be out lies outside of that. */
  meansOf(window: number): { value: number; low: number; mid: number; high: number } {
    const size = windows[window]!;
    const mid = this.sumMean[window]! / size;
    const away = this.sumError[window]! / size;
    const z = Math.abs(this.z[window]!);
    const reach = z === 0 ? 0 : (Math.abs(away) / z) * Math.min(BAND_DEVIATIONS, BAND_SHARE * z);
    return { value: mid + away, low: mid - reach, mid, high: mid + reach };
  }

  /** How far out the longest window was before its last points of another, as a share of how far out those are. */
  before(window: number): number {
    const long = windows.length - 1;
    const mean = this.sumMean[long]! - this.sumMean[window]!;
    const recent = this.sumError[window]! / this.sumMean[window]!;
    return this.full(long) && mean > 0 ? (this.sumError[long]! - this.sumError[window]!) / mean / recent : 0;
  }

  /** Seen beside expected of a window: what a new level would be multiplied by, or what would be added to it. */
  ratio(window: number): number {
    const m = this.sumMean[window]!;
    return m > 0 ? Math.max(0, (m + this.sumError[window]!) / m) : 1;
  }

  meanError(window: number): number {
    return this.sumError[window]! / windows[window]!;
  }

  /** Begins again; what sums are usually like stays known. */
  restart(): void {
    this.points = 0;
    for (const sums of [this.sumError, this.sumVariance, this.sumMean, this.z]) sums.fill(0);
  }

  /** After judging: what sums are usually like. */
  learn(weight: number, additive: boolean): void {
    this.taught += weight;
    const rate = weight / Math.min(this.taught + 1, this.memory);
    for (let index = 0; index < windows.length; index++) {
      if (!this.full(index)) break;
      const z = this.z[index]!;
      this.rho[index] = Math.max(RHO_MIN, this.rho[index]! * (1 + rate * (Math.min(CLIP_SQUARED, z * z) - 1)));
      if (additive) continue;
      const [v, m] = [this.sumVariance[index]!, this.sumMean[index]!];
      const all = v + this.commonOf(index) * m * m;
      if (!(all > 0)) continue;
      const size = (m * m) / all;
      const excess = Math.min(this.sumError[index]! ** 2 / all, CLIP_SQUARED) - v / all;
      this.commonNumerator[index]! += rate * (excess * size - this.commonNumerator[index]!);
      this.commonDenominator[index]! += rate * (size * size - this.commonDenominator[index]!);
    }
  }

  private commonOf(index: number): number {
    const weight = COMMON_PRIOR_WEIGHT / Math.min(this.taught + 1, this.memory);
    const above = this.commonNumerator[index]! + weight * COMMON_PRIOR;
    return Math.max(COMMON_MIN, above / (this.commonDenominator[index]! + weight));
  }

  private standardised(
    index: number,
    e: number,
    v: number,
    m: number,
    levelVariance: number,
    additive: boolean,
  ): number {
    const rho = this.rho[index]!;
    if (additive || m <= 0)
      return (
        e /
        Math.sqrt(
          Math.max(
            1e-300,
            rho * v + (additive ? levelVariance * windows[index]! ** 2 + COMMON_MIN_ADDITIVE * v * windows[index]! : 0),
          ),
        )
      );
    const variance = rho * v + (rho * this.commonOf(index) + levelVariance) * m * m;
    // The deviance of a Poisson sum with this dispersion: few or none where some were expected says more than a normal
    // distribution would have it, and many where few were expected says less.
    const seen = Math.max(0, m + e);
    const deviance = (seen > 0 ? seen * Math.log(seen / m) : 0) - (seen - m);
    return Math.sign(e) * Math.sqrt(Math.max(0, (2 * deviance * m) / Math.max(1e-300, variance)));
  }

  /** Sums that are added to and taken from drift away from what they are the sum of. */
  private recount(): void {
    for (let index = 0; index < windows.length; index++) {
      let [e, v, m] = [0, 0, 0];
      for (let back = 1; back <= Math.min(windows[index]!, this.points); back++) {
        const at = (this.points - back) % LONGEST;
        e += this.errors[at]!;
        v += this.variances[at]!;
        m += this.means[at]!;
      }
      this.sumError[index] = e;
      this.sumVariance[index] = v;
      this.sumMean[index] = m;
    }
  }
}
