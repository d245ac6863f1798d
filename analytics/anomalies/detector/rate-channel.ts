/**
 * Channel A, the expected rate: what a count or a gauge should be by level and profile, and how surprising the last 1 to
 * 144 points together are. It finds what a shop loses money by: drops, shifts, drifts, feeds that are stuck.
 */
import { Repeats } from './repeats.ts';
import { SeasonalProfile } from './seasonal-profile.ts';
import { SeriesLevel } from './series-level.ts';
import { Spread } from './spread.ts';
import { SurpriseTables } from './surprise-tables.ts';
import { Uplift } from './uplift.ts';
import { WindowSums, windows } from './window-sums.ts';

const DAY_MS = 86_400_000;
const MEMORY_DAYS = 28;
const VALUES_MIN = 1_500;
const VALUES_MAX = 20_000;
/** Errors further out are cut, in deviations: one wild point is not a shift. */
const CLIP = 12;
/** From this surprise on, a point teaches little. */
const CALM = 2.5;
const CALM_AGAIN = 1.5;
const QUIET_POINTS = 6;
const CALM_WEIGHT = 0.05;
/** A process that wanders is far out for long as a habit: spread and drifts go on being learned. */
const SPREAD_WEIGHT = 0.2;
const SLOW_WEIGHT = 0.3;
const LEARNED_POINTS = 6;
const LEARNED_WEIGHT = 0.5;
const LEARNED_SHARE = 0.5;
/** Level and profile are taught more: else no new habit would ever be learned. */
const TRUST_WEIGHT = 0.25;
/** A level is accepted as new when sums of half a day are so far out for so long. */
const SHIFT_Z = 4.5;
const SHIFT_Z_OVER = 2.5;
const SHIFT_DAYS = 0.5;
const SHIFT_STEPS = 6;
/** A drift this surprising is told for so long; then it is how it is now. */
const DRIFT_NEWS = 3;
const DRIFT_NEWS_DAYS = 1;
/** A level that moves the same way again within so many days drifts. */
const AGAIN_DAYS = 3;
/** What is judged by more than one window counts more than what one window alone finds. */
const FIRST = 0.6;
const SECOND = 0.4;
const ALONE = 0.85;
/** More than expected is no news in a promotion. */
const PROMOTED_UP = 0.3;
/** What was learned in the first days, before there was a profile, is forgotten at these ages. */
const YOUNG_DAYS = [1, 2, 4, 7];
const YOUNG_SHARE = 0.15;
/** Variance that the profile adds, relative, before the time of day was seen, and how fast days take it away. */
const PROFILE_UNKNOWN = 0.5;
const PROFILE_LEARNED = 1.5;
/** Points over which a changed spread shows. */
const SPREAD_POINTS = 20;
const SPREAD_UNIT = 2.5;
const SPREAD_CLIP = 12;

/** After the windows' tables: a drift and a changed spread, to both sides; and what all of them make together. */
const DRIFT = 2 * windows.length;
const SPREAD = DRIFT + 2;
const TABLES = SPREAD + 2;

export type Cause = 'window' | 'drift' | 'flat' | 'variance';
export type RateFinding = {
  surprise: number;
  isUp: boolean;
  cause: Cause;
  /** Points that were looked at together. */
  window: number;
  /** Points that it has lasted. */
  lasted: number;
  /** The level went the same way only days ago, and was taken for a new one. */
  again: boolean;
};
export type Expected = { mean: number; variance: number; additive: boolean };

export class RateChannel {
  private points = 0;
  private additive = false;
  private integers = true;
  private firstAt = Number.NaN;
  private outSince = Number.NaN;
  private driftSince = Number.NaN;
  private acceptedAt = Number.NEGATIVE_INFINITY;
  private acceptedUp = false;
  private young = 0;
  private spreadNow = 1;
  private spreadUsual = 1;
  private driftSquare = 0.05 ** 2;
  /** Points since the last surprising one; few while something is going on. */
  private quiet = QUIET_POINTS;
  /** Points that what is going on has lasted. */
  private episode = 0;
  private readonly stepMs: number;
  private readonly shiftWindow: number;
  private readonly level: SeriesLevel;
  private readonly profile: SeasonalProfile;
  private readonly spread: Spread;
  private readonly sums: WindowSums;
  private readonly uplift = new Uplift();
  private readonly repeats: Repeats;
  private readonly tables: SurpriseTables;

  constructor(stepMs: number) {
    this.stepMs = stepMs;
    this.level = new SeriesLevel(stepMs);
    this.profile = new SeasonalProfile(stepMs);
    this.spread = new Spread(stepMs, this.profile.knots);
    this.repeats = new Repeats(this.profile.knots, this.profile.perKnot);
    const memory = Math.min(VALUES_MAX, Math.max(VALUES_MIN, (MEMORY_DAYS * DAY_MS) / stepMs));
    this.sums = new WindowSums(memory);
    this.tables = new SurpriseTables(TABLES, memory);
    const half = windows.findLastIndex((size) => size * stepMs <= DAY_MS / 2);
    this.shiftWindow = Math.max(2, Math.min(windows.length - 1, half));
  }

  expect(local: number, promoted: boolean): Expected {
    const mean = this.baseAt(local) * (promoted ? this.uplift.now : 1);
    const unknown = this.unknownAt(local) + (promoted ? this.uplift.variance : 0);
    const own = this.spread.at(this.profile.knotOf(local), mean, this.additive);
    const variance = own + unknown * (this.additive ? 1 : mean * mean);
    return { mean, variance, additive: this.additive };
  }

  /** Judges a point, then learns from it. `local` is epoch ms by the clock of the place, for days and weeks. */
  add(t: number, local: number, x: number, promoted: boolean): RateFinding {
    if (this.points === 0) {
      this.level.begin(x);
      this.firstAt = t;
    }
    if (x < 0 && !this.additive) this.turnAdditive();
    if (this.integers && !Number.isInteger(x)) this.integers = false;
    const base = this.baseAt(local);
    const mu = base * this.uplift.at(t, promoted);
    const knot = this.profile.knotOf(local);
    const variance = this.spread.at(knot, mu, this.additive);
    const reach = CLIP * Math.sqrt(variance);
    const unknown = this.unknownAt(local) + (promoted ? this.uplift.variance : 0);
    this.sums.add(Math.max(-reach, Math.min(reach, x - mu)), variance, mu, unknown, this.additive);
    const found = this.judge(x, knot, mu, variance, promoted);
    this.quiet =
      found.surprise > CALM ? 0 : found.surprise > CALM_AGAIN ? Math.min(this.quiet, QUIET_POINTS - 1) : this.quiet + 1;
    this.episode = this.quiet < QUIET_POINTS ? this.episode + 1 : 0;
    found.lasted = this.episode;
    found.again = t - this.acceptedAt < AGAIN_DAYS * DAY_MS && this.acceptedUp === found.isUp;
    const calm = this.weightFor(LEARNED_POINTS);
    this.learn(t, local, x, mu, base, variance, promoted, calm);
    this.points += 1;
    return found;
  }

  /** Something that lasts is one piece of news: it teaches for so many points, and little from then on. */
  private weightFor(points: number): number {
    return this.episode > points ? CALM_WEIGHT : this.episode > 0 ? LEARNED_WEIGHT : 1;
  }

  /** How surprising a value would be that comes too late to be learned from. */
  glance(local: number, x: number, promoted: boolean): RateFinding {
    const { mean, variance } = this.expect(local, promoted);
    const z = (x - mean) / Math.sqrt(variance);
    const surprise = FIRST * this.tables.surpriseOf(z > 0 ? 1 : 0, Math.abs(z));
    return { surprise, isUp: z > 0, cause: 'window', window: 1, lasted: 0, again: false };
  }

  private baseAt(local: number): number {
    const profile = this.profile.at(local);
    return this.additive ? this.level.value + profile : Math.max(0, this.level.value * profile);
  }

  /** Variance of what is not known of level and profile: relative, or absolute where values may be negative. */
  private unknownAt(local: number): number {
    const profile = PROFILE_UNKNOWN / (1 + PROFILE_LEARNED * this.profile.daysSeen(local));
    if (!this.additive) return this.level.variance + profile * profile;
    return this.level.variance + profile * profile * this.spread.at(0, 0, true);
  }

  private judge(x: number, knot: number, mu: number, variance: number, promoted: boolean): RateFinding {
    let first = 0;
    let second = 0;
    let isUp = true;
    let window = 0;
    for (let index = 0; index < windows.length && this.sums.full(index); index++) {
      const z = this.sums.z[index]!;
      const surprise =
        this.tables.surpriseOf(2 * index + (z > 0 ? 1 : 0), Math.abs(z)) * (promoted && z > 0 ? PROMOTED_UP : 1);
      if (surprise > first) {
        second = first;
        first = surprise;
        isUp = z > 0;
        window = windows[index]!;
      } else if (surprise > second) second = surprise;
    }
    const surprise = FIRST * first + SECOND * second;
    const found: RateFinding = { surprise, isUp, cause: 'window', window, lasted: 0, again: false };
    const flat = x === 0 && !this.additive ? 0 : this.repeats.add(x, knot, Math.sqrt(variance), this.integers);
    if (promoted) return found;
    const drift = this.drift();
    const drifts = ALONE * this.tables.surpriseOf(DRIFT + (drift > 0 ? 1 : 0), Math.abs(drift));
    if (drifts > found.surprise) Object.assign(found, { surprise: drifts, isUp: drift > 0, cause: 'drift' });
    const restless = this.restless(x, mu, variance);
    const varies = ALONE * this.tables.surpriseOf(SPREAD + (restless > 0 ? 1 : 0), Math.abs(restless));
    if (varies > found.surprise) Object.assign(found, { surprise: varies, isUp: restless > 0, cause: 'variance' });
    if (flat > found.surprise) Object.assign(found, { surprise: flat, cause: 'flat' });
    return found;
  }

  /** How far the level is from where it was these weeks, standardised. */
  private drift(): number {
    const { value, slow } = this.level;
    const away = this.additive ? value - slow : slow > 0 && value > 0 ? Math.log(value / slow) : 0;
    return away / Math.sqrt(this.driftSquare);
  }

  /** How much more or less than usual the last points stray. */
  private restless(x: number, mu: number, variance: number): number {
    const square = Math.min(SPREAD_CLIP, (x - mu) ** 2 / variance);
    this.spreadNow += (square - this.spreadNow) / Math.min(this.points + 1, SPREAD_POINTS);
    return SPREAD_UNIT * Math.log2(Math.max(1e-3, this.spreadNow) / Math.max(1e-3, this.spreadUsual));
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
    if (promoted) {
      this.uplift.learn(x, base, variance);
      return;
    }
    this.learnTables(t, calm);
    this.sums.learn(calm, this.additive);
    const trust = this.episode > 0 ? TRUST_WEIGHT : 1;
    if (this.acceptsLevel(t)) this.acceptLevel(t);
    this.level.learn(
      x - mu,
      this.additive ? 1 : this.profile.at(local),
      variance,
      trust,
      this.additive,
      this.knowsDrift(t),
    );
    const reach = 4 * Math.sqrt(variance);
    const value = this.points < 30 ? x : Math.max(mu - reach, Math.min(mu + reach, x));
    this.profile.learn(local, this.additive ? value - this.level.value : value / this.level.value, trust);
    this.spread.learn(this.profile.knotOf(local), x, mu, variance, Math.max(calm, SPREAD_WEIGHT), this.additive);
    this.spreadUsual += (calm * (this.spreadNow - this.spreadUsual)) / Math.min(this.points + 1, VALUES_MIN);
  }

  private learnTables(t: number, calm: number): void {
    for (let index = 0; index < windows.length && this.sums.full(index); index++) {
      const z = this.sums.z[index]!;
      this.tables.add(
        2 * index + (z > 0 ? 1 : 0),
        Math.abs(z),
        this.weightFor(LEARNED_SHARE * windows[index]! + LEARNED_POINTS),
      );
    }
    const drift = this.drift();
    this.tables.add(DRIFT + (drift > 0 ? 1 : 0), Math.abs(drift), Math.max(calm, SLOW_WEIGHT));
    const restless = SPREAD_UNIT * Math.log2(Math.max(1e-3, this.spreadNow) / Math.max(1e-3, this.spreadUsual));
    this.tables.add(SPREAD + (restless > 0 ? 1 : 0), Math.abs(restless), Math.max(calm, SLOW_WEIGHT));
    const rate = calm / Math.min(this.points + 20, VALUES_MIN);
    this.driftSquare *= 1 + rate * (Math.min(9, drift * drift) - 1);
    if (this.young < YOUNG_DAYS.length && t - this.firstAt > YOUNG_DAYS[this.young]! * DAY_MS) {
      this.young += 1;
      this.tables.fadeAll(YOUNG_SHARE);
    }
  }

  /** Whether sums of half a day have been far out for so long that this is how it is now. */
  private acceptsLevel(t: number): boolean {
    const z = Math.abs(this.sums.z[this.shiftWindow]!);
    if (!this.sums.full(this.shiftWindow) || z < SHIFT_Z_OVER) this.outSince = Number.NaN;
    else if (Number.isNaN(this.outSince) && z > SHIFT_Z) this.outSince = t;
    return t - this.outSince > Math.max(SHIFT_DAYS * DAY_MS, SHIFT_STEPS * this.stepMs);
  }

  /** A drift is news for a day. */
  private knowsDrift(t: number): boolean {
    const drift = this.drift();
    if (this.tables.surpriseOf(DRIFT + (drift > 0 ? 1 : 0), Math.abs(drift)) < DRIFT_NEWS) this.driftSince = Number.NaN;
    else if (Number.isNaN(this.driftSince)) this.driftSince = t;
    return t - this.driftSince > DRIFT_NEWS_DAYS * DAY_MS;
  }

  private acceptLevel(t: number): void {
    this.acceptedAt = t;
    this.acceptedUp = this.sums.z[this.shiftWindow]! > 0;
    if (this.additive) this.level.jump(1, this.sums.meanError(this.shiftWindow));
    else this.level.jump(Math.max(0.01, this.sums.ratio(this.shiftWindow)), 0);
    this.sums.restart();
    this.outSince = Number.NaN;
  }

  private turnAdditive(): void {
    this.additive = true;
    this.profile.turnAdditive(this.level.value);
    this.driftSquare = Math.max(1e-300, this.spread.at(0, 0, true));
    this.level.variance *= this.level.value ** 2;
  }
}
