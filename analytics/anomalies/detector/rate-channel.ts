/**
 * Channel A, the expected rate: what a count or a gauge should be by level and profile, and how surprising the last 1 to
 * 36 points together are. It finds what a shop loses money by: drops, shifts, feeds that are stuck.
 */
import { TailTable } from './tail-table.ts';

const DAY_MS = 86_400_000;
const KNOTS = 48;
const KNOT_MS = DAY_MS / KNOTS;
const WINDOWS = [1, 3, 6, 12, 36, 72, 144] as const;
const WINDOW_MAX = 144;
const USUAL_WINDOWS = 5;
/** Below this many counts a point, the long windows are looked at as well. */
const LOW_RATE = 6;
const CLIP = 12;
const LEVEL_CLIP = 4;
const CALM = 4;
const CALM_WEIGHT = 1;
const FLAT_POINTS_MIN = 6;
const FLAT_SURPRISE_MAX = 6;
const PROMOTION_RATE = 0.02;

const weekdayOf = (local: number): number => ((Math.floor(local / DAY_MS) % 7) + 7) % 7;

export type Side = 'up' | 'down' | 'flat';
export type RateFinding = { surprise: number; side: Side; window: number };
export type Expected = { mean: number; deviation: number };

export class RateChannel {
  private points = 0;
  private level = Number.NaN;
  private negative = false;
  private integers = true;
  private readonly knotSum = new Float64Array(KNOTS);
  private readonly knotWeight = new Float64Array(KNOTS);
  private readonly weekSum = new Float64Array(7 * KNOTS);
  private readonly weekWeight = new Float64Array(7 * KNOTS);
  private readonly knotVariance = new Float64Array(KNOTS);
  private readonly knotVarianceWeight = new Float64Array(KNOTS);
  private meanSquare = 0;
  private meanMu = 0;
  private meanWeight = 0;
  private readonly errors = new Float64Array(WINDOW_MAX);
  private readonly variances = new Float64Array(WINDOW_MAX);
  private readonly sumError = new Float64Array(WINDOWS.length);
  private readonly sumVariance = new Float64Array(WINDOWS.length);
  private readonly rho = new Float64Array(WINDOWS.length).fill(1);
  private readonly up = WINDOWS.map(() => new TailTable());
  private readonly down = WINDOWS.map(() => new TailTable());
  private readonly runs = new TailTable();
  private run = 0;
  private last = Number.NaN;
  private promotion = 1;
  private shiftSince = Number.NaN;
  private firstAt = Number.NaN;
  private lastAt = Number.NaN;
  private readonly dtMs: number;
  private scale = 0;

  constructor(dtMs: number) {
    this.dtMs = dtMs;
  }

  expect(local: number, promoted: boolean): Expected {
    if (this.points === 0) return { mean: 0, deviation: 0 };
    const mean = this.meanAt(local) * (promoted ? this.promotion : 1);
    return { mean, deviation: Math.sqrt(this.varianceAt(local, mean)) };
  }

  private profileAt(local: number): number {
    const position = (((local % DAY_MS) + DAY_MS) % DAY_MS) / KNOT_MS - 0.5;
    const knot = Math.floor(position);
    const share = position - knot;
    const weekday = weekdayOf(local);
    return (1 - share) * this.knotValue(knot, weekday) + share * this.knotValue(knot + 1, weekday);
  }

  private knotValue(knot: number, weekday: number): number {
    const day = knot < 0 ? (weekday + 6) % 7 : knot >= KNOTS ? (weekday + 1) % 7 : weekday;
    const at = (knot + KNOTS) % KNOTS;
    const usual = this.negative ? 0 : 1;
    const perKnot = Math.max(1, KNOT_MS / this.dtMs);
    const weight = this.knotWeight[at]!;
    const prior = 0.5 * Math.min(perKnot, 2);
    const daily = (this.knotSum[at]! + usual * prior) / (weight + prior);
    const cell = day * KNOTS + at;
    const own = this.weekWeight[cell]!;
    if (own === 0) return daily;
    const days = (this.lastAt - this.firstAt) / DAY_MS;
    const share = Math.min(1, days / 7) * (own / (own + 1.5 * perKnot));
    return daily + share * (this.weekSum[cell]! / own - daily);
  }

  private meanAt(local: number): number {
    const profile = this.profileAt(local);
    return this.negative ? this.level + profile : Math.max(0, this.level * Math.max(0, profile));
  }

  private varianceAt(local: number, mu: number): number {
    const knot = Math.floor((((local % DAY_MS) + DAY_MS) % DAY_MS) / KNOT_MS);
    const weight = this.knotVarianceWeight[knot]!;
    const general = this.meanWeight > 0 ? this.meanSquare / this.meanWeight : 0;
    const prior = 4;
    const own = (this.knotVariance[knot]! + prior * general) / (weight + prior);
    const phi = this.meanMu > 0 ? this.meanSquare / this.meanMu : 1;
    const poisson = this.negative ? general : phi * Math.abs(mu);
    const floor = (0.01 * this.scale) ** 2 + (this.integers ? 0.05 : 0) + 1e-12;
    return Math.max(floor, 0.5 * own + 0.5 * poisson);
  }

  /** Judges a point, then learns from it. */
  add(t: number, local: number, x: number, promoted: boolean): RateFinding {
    if (this.points === 0) {
      this.level = x;
      this.firstAt = t;
    }
    this.lastAt = t;
    if (x < 0 && !this.negative) this.turnNegative();
    if (this.integers && !Number.isInteger(x)) this.integers = false;
    const base = this.meanAt(local);
    const mu = promoted ? base * this.promotion : base;
    const variance = this.varianceAt(local, mu);
    const deviation = Math.sqrt(variance);
    const error = Math.max(-CLIP * deviation, Math.min(CLIP * deviation, x - mu));
    const flat = this.flatSurprise(x);
    const found = this.judge(error, variance, mu, promoted);
    const calm = found.surprise > CALM ? CALM_WEIGHT : 1;
    this.learnTails(calm);
    this.learn(t, local, x, mu, base, variance, promoted, calm);
    this.points += 1;
    if (flat > found.surprise) return { surprise: flat, side: 'flat', window: this.run };
    return found;
  }

  private readonly z = new Float64Array(WINDOWS.length);
  private judge(error: number, variance: number, mu: number, promoted: boolean): RateFinding {
    const at = this.points % WINDOW_MAX;
    let first = 0;
    let second = 0;
    let side: Side = 'up';
    let window = 1;
    const long = mu < LOW_RATE && this.integers ? WINDOWS.length : USUAL_WINDOWS;
    for (let index = 0; index < WINDOWS.length; index++) {
      const size = WINDOWS[index]!;
      this.sumError[index]! += error;
      this.sumVariance[index]! += variance;
      if (this.points >= size) {
        const out = (at - size + WINDOW_MAX) % WINDOW_MAX;
        this.sumError[index]! -= this.errors[out]!;
        this.sumVariance[index]! -= this.variances[out]!;
      }
      const raw = this.sumError[index]! / Math.sqrt(Math.max(1e-12, this.sumVariance[index]!));
      this.z[index] = raw / Math.sqrt(this.rho[index]!);
      if (index >= long || this.points < size) continue;
      const z = this.z[index]!;
      const table = z > 0 ? this.up[index]! : this.down[index]!;
      const surprise = table.surpriseOf(Math.abs(z)) * (promoted && z > 0 ? 0.3 : 1);
      if (surprise > first) {
        second = first;
        first = surprise;
        side = z > 0 ? 'up' : 'down';
        window = size;
      } else if (surprise > second) second = surprise;
    }
    this.errors[at] = error;
    this.variances[at] = variance;
    return { surprise: 0.6 * first + 0.4 * second, side, window };
  }

  private learnTails(weight: number): void {
    for (let index = 0; index < WINDOWS.length; index++) {
      if (this.points < WINDOWS[index]!) break;
      const z = this.z[index]!;
      (z > 0 ? this.up[index]! : this.down[index]!).add(Math.abs(z), weight);
      // The variance of the window's own z, without what is far out.
      const raw = Math.min(25, z * z) * this.rho[index]!;
      const rate = weight / Math.min(this.points + 1, 2_000);
      this.rho[index] = Math.max(0.2, this.rho[index]! + rate * (raw - this.rho[index]!));
    }
  }

  private flatSurprise(x: number): number {
    if (x === this.last) {
      this.run += 1;
    } else {
      if (this.run > 0) this.runs.add(this.run);
      this.run = 0;
      this.last = x;
    }
    if (this.run < FLAT_POINTS_MIN || (x === 0 && this.level < 1)) return 0;
    return Math.min(FLAT_SURPRISE_MAX, this.runs.surpriseOf(this.run));
  }

  private learn(
    t: number,
    local: number,
    x: number,
    mu: number,
    base: number,
    variance: number,
    promoted: boolean,
    calm: number,
  ): void {
    const deviation = Math.sqrt(variance);
    const days = this.dtMs / DAY_MS;
    if (promoted) {
      if (base > 0) this.promotion += PROMOTION_RATE * (Math.max(0.2, Math.min(20, x / base)) - this.promotion);
      return;
    }
    const shifted = Math.abs(this.z[4]!) > 6 && this.points > 36;
    if (!shifted) this.shiftSince = Number.NaN;
    else if (Number.isNaN(this.shiftSince)) this.shiftSince = t;
    const accept = shifted && t - this.shiftSince > DAY_MS / 4;
    const clipped = accept ? x : Math.max(mu - LEVEL_CLIP * deviation, Math.min(mu + LEVEL_CLIP * deviation, x));
    const young = this.points < 30;
    const value = young ? x : clipped;
    const rate = Math.max(1 - Math.exp(-days * (accept ? 3 : 1)), 1 / (this.points + 2));
    const profile = this.profileAt(local);
    if (this.negative) this.level += rate * (value - profile - this.level);
    else if (profile > 0.02) {
      const share = Math.min(1, rate * Math.max(0.05, profile));
      this.level += share * (value / profile - this.level);
    }
    this.level = this.negative ? this.level : Math.max(1e-9, this.level);
    // The profile.
    const knot = Math.floor((((local % DAY_MS) + DAY_MS) % DAY_MS) / KNOT_MS);
    const cell = weekdayOf(local) * KNOTS + knot;
    const ratio = this.negative ? value - this.level : value / this.level;
    const perKnot = Math.max(1, KNOT_MS / this.dtMs);
    const keepDay = 1 - 1 / (14 * perKnot);
    const keepWeek = 1 - 1 / (8 * perKnot);
    this.knotSum[knot] = keepDay * this.knotSum[knot]! + ratio;
    this.knotWeight[knot] = keepDay * this.knotWeight[knot]! + 1;
    this.weekSum[cell] = keepWeek * this.weekSum[cell]! + ratio;
    this.weekWeight[cell] = keepWeek * this.weekWeight[cell]! + 1;
    // The spread.
    const error = Math.max(-LEVEL_CLIP * deviation, Math.min(LEVEL_CLIP * deviation, x - mu));
    const e = young ? x - mu : error;
    const keep = 1 - 1 / (20 * perKnot);
    const wide = young ? x - mu : Math.max(-CLIP * deviation, Math.min(CLIP * deviation, x - mu));
    this.knotVariance[knot] = keep * this.knotVariance[knot]! + wide * wide;
    this.knotVarianceWeight[knot] = keep * this.knotVarianceWeight[knot]! + 1;
    const slow = 1 - 1 / Math.max(30, (7 * DAY_MS) / this.dtMs);
    this.meanSquare = slow * this.meanSquare + calm * e * e;
    this.meanMu = slow * this.meanMu + calm * Math.abs(mu);
    this.meanWeight = slow * this.meanWeight + calm;
    this.scale = this.points === 0 ? Math.abs(x) : this.scale + 0.01 * (Math.abs(x) - this.scale);
  }

  private turnNegative(): void {
    this.negative = true;
    for (let knot = 0; knot < KNOTS; knot++)
      this.knotSum[knot] = (this.knotSum[knot]! - this.knotWeight[knot]!) * this.level;
    for (let cell = 0; cell < 7 * KNOTS; cell++)
      this.weekSum[cell] = (this.weekSum[cell]! - this.weekWeight[cell]!) * this.level;
  }
}
