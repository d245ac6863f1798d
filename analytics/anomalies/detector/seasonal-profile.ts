/**
 * How a series usually goes through its days and weeks, as ratios of its level (as differences from it, where values may
 * be negative): knots of a day, a factor for each weekday, and knots of each weekday once there are weeks.
 */
const DAY_MS = 86_400_000;
const KNOTS_MAX = 48;
const WEEKDAYS = 7;
/** Days after which what was seen weighs a third: of a knot, of a weekday, of a knot of a weekday. */
const KNOT_DAYS = 14;
const WEEKDAY_WEEKS = 8;
/** One day of one's own weighs as much as this many of the others. */
const WEEKDAY_PRIOR_DAYS = 1;
const CELL_PRIOR_DAYS = 1.5;
/** A knot that was hardly seen is as the level is. */
const KNOT_PRIOR_DAYS = 0.2;
/** No time of a day or week is this many times the level; more is a level that is not known yet. */
const RATIO_MAX = 60;
/** Steps of more than this have no time of day. */
const STEP_IN_A_DAY_MAX = DAY_MS * 0.75;
/** Steps of more than this have no weekday. */
const STEP_IN_A_WEEK_MAX = 3 * DAY_MS;

export class SeasonalProfile {
  readonly knots: number;
  private additive = false;
  private readonly stepMs: number;
  readonly perKnot: number;
  private readonly knotSum: Float32Array;
  private readonly knotWeight: Float32Array;
  private readonly daySum = new Float32Array(WEEKDAYS);
  private readonly dayWeight = new Float32Array(WEEKDAYS);
  private readonly cellSum: Float32Array;
  private readonly cellWeight: Float32Array;

  constructor(stepMs: number) {
    this.stepMs = stepMs;
    this.knots = stepMs > STEP_IN_A_DAY_MAX ? 1 : Math.min(KNOTS_MAX, Math.max(1, Math.round(DAY_MS / stepMs)));
    this.perKnot = Math.max(1, DAY_MS / this.knots / stepMs);
    this.knotSum = new Float32Array(this.knots);
    this.knotWeight = new Float32Array(this.knots);
    this.cellSum = new Float32Array(WEEKDAYS * this.knots);
    this.cellWeight = new Float32Array(WEEKDAYS * this.knots);
  }

  /** Ratio to the level, or difference from it. */
  at(local: number): number {
    const day = Math.floor(local / DAY_MS);
    const weekday = weekdayOf(day);
    if (this.knots === 1) return this.valueOf(0, weekday);
    // A point tells of the step that it begins.
    const position = ((local - day * DAY_MS + this.stepMs / 2) / DAY_MS) * this.knots - 0.5;
    const knot = Math.floor(position);
    const share = position - knot;
    const here = this.knotOn(knot, weekday);
    return share < 1e-9 ? here : (1 - share) * here + share * this.knotOn(knot + 1, weekday);
  }

  knotOf(local: number): number {
    const day = Math.floor(local / DAY_MS);
    return Math.min(this.knots - 1, Math.floor(((local - day * DAY_MS + this.stepMs / 2) / DAY_MS) * this.knots));
  }

  /** How many days this time of day was seen. */
  daysSeen(local: number): number {
    return this.knotWeight[this.knotOf(local)]! / this.perKnot;
  }

  learn(local: number, given: number, trust: number): void {
    const ratio = this.additive ? given : Math.min(RATIO_MAX, given);
    const knot = this.knotOf(local);
    const weekday = weekdayOf(Math.floor(local / DAY_MS));
    const cell = weekday * this.knots + knot;
    const usual = this.knotMean(knot);
    fade(this.knotSum, this.knotWeight, knot, ratio, 1 - 1 / (KNOT_DAYS * this.perKnot), 1, trust);
    if (this.stepMs > STEP_IN_A_WEEK_MAX) return;
    const keepCell = 1 - 1 / (WEEKDAY_WEEKS * this.perKnot);
    fade(this.cellSum, this.cellWeight, cell, ratio, keepCell, 1, trust);
    // Hours with much to count say more of a weekday than quiet ones.
    const keepDay = 1 - 1 / (WEEKDAY_WEEKS * this.perKnot * this.knots);
    if (this.additive) fade(this.daySum, this.dayWeight, weekday, ratio - usual, keepDay, 1, trust);
    else fade(this.daySum, this.dayWeight, weekday, ratio, keepDay, Math.max(usual, 0.01), trust);
  }

  /** Makes the mean of all times of day that were seen 1 again, and gives what it was: the level's to keep. */
  normalise(): number {
    let sum = 0;
    let seen = 0;
    for (let knot = 0; knot < this.knots; knot++) {
      if (this.knotWeight[knot] === 0) continue;
      sum += this.knotSum[knot]! / this.knotWeight[knot]!;
      seen += 1;
    }
    const mean = sum / seen;
    if (this.additive || seen < this.knots || !(mean > 1 / RATIO_MAX)) return 1;
    for (const sums of [this.knotSum, this.daySum, this.dayWeight, this.cellSum]) {
      for (let index = 0; index < sums.length; index++) sums[index]! /= mean;
    }
    return mean;
  }

  /** From ratios to differences, once a value was negative. */
  turnAdditive(level: number): void {
    this.additive = true;
    for (let knot = 0; knot < this.knots; knot++) {
      this.knotSum[knot] = (this.knotSum[knot]! - this.knotWeight[knot]!) * level;
    }
    for (let cell = 0; cell < this.cellSum.length; cell++) {
      this.cellSum[cell] = (this.cellSum[cell]! - this.cellWeight[cell]!) * level;
    }
    this.daySum.fill(0);
    this.dayWeight.fill(0);
  }

  /** Beyond midnight it is another weekday. */
  private knotOn(knot: number, weekday: number): number {
    if (knot < 0) return this.valueOf(knot + this.knots, (weekday + 6) % WEEKDAYS);
    if (knot >= this.knots) return this.valueOf(knot - this.knots, (weekday + 1) % WEEKDAYS);
    return this.valueOf(knot, weekday);
  }

  private knotMean(knot: number): number {
    const prior = KNOT_PRIOR_DAYS * this.perKnot;
    return (this.knotSum[knot]! + (this.additive ? 0 : prior)) / (this.knotWeight[knot]! + prior);
  }

  private valueOf(knot: number, weekday: number): number {
    let value = this.knotMean(knot);
    const seen = this.dayWeight[weekday]!;
    const perDay = this.perKnot * this.knots;
    if (seen > 0) {
      const share = seen / (seen + WEEKDAY_PRIOR_DAYS * perDay);
      if (this.additive) value += share * (this.daySum[weekday]! / seen);
      else value *= 1 + share * (this.daySum[weekday]! / seen - 1);
    }
    const cell = weekday * this.knots + knot;
    const own = this.cellWeight[cell]!;
    if (own === 0) return value;
    const share = own / (own + CELL_PRIOR_DAYS * this.perKnot);
    return value + share * (this.cellSum[cell]! / own - value);
  }
}

const weekdayOf = (day: number): number => ((day % WEEKDAYS) + WEEKDAYS) % WEEKDAYS;

function fade(
  sums: Float32Array,
  weights: Float32Array,
  at: number,
  x: number,
  keep: number,
  weight: number,
  trust: number,
): void {
  const kept = 1 - trust * (1 - keep);
  sums[at] = kept * sums[at]! + trust * x;
  weights[at] = kept * weights[at]! + trust * weight;
}
