/**
 * How far single points stray from what is expected, as a variance. Three models learn side by side: in proportion to the
 * mean, as counts do; in proportion to its square, as prices and latencies do; and by time of day. Those that explain a
 * series better weigh more.
 */
const DAY_MS = 86_400_000;
const MODELS = 3;
const MEMORY_DAYS = 10;
const KNOT_DAYS = 20;
/** Points of the general variance that a time of day begins with. */
const KNOT_PRIOR = 4;
/** How much better a model must explain, in nats a point, to weigh e times as much as another. */
const CHOICE = 0.03;
const CLIP_SQUARED = 16;
const POINTS_YOUNG = 30;
/** What strays by more than its mean does not stray in proportion to it. */
const RELATIVE_MAX = 2;
/** Hours in which nothing ever happens must not choose: any model explains them. */
const FLOOR_OF_CHOICE = 0.02;

export class Spread {
  private points = 0;
  private readonly slow: number;
  private readonly keepKnot: number;
  private readonly knotSquare: Float32Array;
  private readonly knotWeight: Float32Array;
  private square = 0;
  private mean = 0;
  private relative = 0;
  private relativeWeight = 0;
  private weight = 0;
  private size = 0;
  private integers = true;
  private readonly cost = new Float64Array(MODELS);
  private readonly share = new Float64Array([0.4, 0.2, 0.4]);

  constructor(stepMs: number, knots: number) {
    this.slow = 1 - 1 / Math.max(40, Math.min(20_000, (MEMORY_DAYS * DAY_MS) / stepMs));
    this.keepKnot = 1 - 1 / (KNOT_DAYS * Math.max(1, DAY_MS / knots / stepMs));
    this.knotSquare = new Float32Array(knots);
    this.knotWeight = new Float32Array(knots);
  }

  /** Every value, before it is judged: a single one that is not whole says that this counts nothing. */
  see(x: number): void {
    if (this.integers && !Number.isInteger(x)) this.integers = false;
  }

  at(knot: number, mu: number, additive: boolean): number {
    const floor = this.floor();
    const byTime = this.byTime(knot);
    if (additive) return Math.max(floor, byTime);
    const { share } = this;
    return Math.max(floor, share[0]! * this.ofMean(mu) + share[1]! * this.ofSquare(mu) + share[2]! * byTime);
  }

  learn(knot: number, x: number, mu: number, variance: number, calm: number, additive: boolean): void {
    this.points += 1;
    const young = this.points < POINTS_YOUNG;
    const square = young ? (x - mu) ** 2 : Math.min((x - mu) ** 2, CLIP_SQUARED * variance);
    this.size += Math.max(0.01, 1 / this.points) * (Math.abs(x) - this.size);
    if (!additive && !young && variance > 0) this.choose(knot, square, mu, calm);
    const { slow } = this;
    this.square = slow * this.square + calm * square;
    this.mean = slow * this.mean + calm * Math.abs(mu);
    this.weight = slow * this.weight + calm;
    // Where next to nothing is expected, a share of it says nothing.
    const usual = this.mean / Math.max(1e-300, this.weight);
    if (mu > 0.3 * usual) {
      this.relative = slow * this.relative + calm * Math.min(RELATIVE_MAX, square / (mu * mu));
      this.relativeWeight = slow * this.relativeWeight + calm;
    }
    this.knotSquare[knot] = this.keepKnot * this.knotSquare[knot]! + calm * square;
    this.knotWeight[knot] = this.keepKnot * this.knotWeight[knot]! + calm;
  }

  private choose(knot: number, square: number, mu: number, calm: number): void {
    const floor = this.floor() + FLOOR_OF_CHOICE * this.general();
    let least = Number.POSITIVE_INFINITY;
    for (let model = 0; model < MODELS; model++) {
      const guess = model === 0 ? this.ofMean(mu) : model === 1 ? this.ofSquare(mu) : this.byTime(knot);
      const variance = Math.max(floor, guess);
      const cost = 0.5 * (Math.log(variance) + Math.min(CLIP_SQUARED, square / variance));
      const rate = Math.max(1 - this.slow, 1 / this.points) * calm;
      this.cost[model]! += rate * (cost - this.cost[model]!);
      least = Math.min(least, this.cost[model]!);
    }
    if (this.points % 16 !== 0) return;
    let sum = 0;
    for (let model = 0; model < MODELS; model++)
      sum += this.share[model] = Math.exp((least - this.cost[model]!) / CHOICE);
    for (let model = 0; model < MODELS; model++) this.share[model]! /= sum;
  }

  /** Counts are whole numbers, and nothing is measured without an error. */
  private floor(): number {
    return (0.003 * this.size) ** 2 + (this.integers ? 0.05 : 0) + 1e-300;
  }

  private general(): number {
    return this.weight > 0 ? this.square / this.weight : 0;
  }

  private ofMean(mu: number): number {
    return this.mean > 0 ? (this.square / this.mean) * Math.abs(mu) : Math.abs(mu);
  }

  private ofSquare(mu: number): number {
    return this.relativeWeight > 0 ? (this.relative / this.relativeWeight) * mu * mu : mu * mu;
  }

  private byTime(knot: number): number {
    return (this.knotSquare[knot]! + KNOT_PRIOR * this.general()) / (this.knotWeight[knot]! + KNOT_PRIOR);
  }
}
