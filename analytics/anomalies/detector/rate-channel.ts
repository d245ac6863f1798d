/**
 * Channel A, the expected rate: what a count or a gauge should be by level and profile, and how surprising the last 1 to
 * 144 points together are. It finds what a shop loses money by: drops, shifts, drifts, feeds that are stuck.
 */
import { ChangedSpread } from './changed-spread.ts';
import type { Together } from './detection.ts';
import { Episode } from './episode.ts';
import { LevelDrift } from './level-drift.ts';
import { LevelSteps } from './level-steps.ts';
import type { RateFinding } from './rate-finding.ts';
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
const PROFILE_CLIP = 4;
const POINTS_YOUNG = 30;
/** Nothing is expected that is so many times larger than anything seen. */
const EXPECTED_MAX = 2;
/** What is going on teaches level and profile more than sums: else no new habit would ever be learned. */
const TRUST = 0.25;
/** A process that wanders is far out for long as a habit: its spread and its drifts go on being learned. */
const SPREAD_WEIGHT = 0.2;
const SLOW_WEIGHT = 0.3;
/** The share of a window that an episode has as first points more. */
const WINDOW_SHARE = 0.5;
/** What is judged by more than one window counts more than what one window alone finds. */
const FIRST = 0.6;
const SECOND = 0.4;
const ALONE = 0.85;
/** That points stray less than usual is seldom news. */
const CALMER = 0.4;
/** More than expected is no news in a promotion. */
const PROMOTED_UP = 0.3;
/** What was learned in the first days, before there was a profile, is forgotten at these ages. */
const YOUNG_DAYS = [1, 2, 4, 7];
const YOUNG_SHARE = 0.15;
/** Deviation of the profile, relative, before the time of day was seen, and how fast days take it away. */
const PROFILE_UNKNOWN = 0.5;
const PROFILE_LEARNED = 1.5;
/** The window that tells a changed spread from a new level, and the share of the largest sum that is one way. */
const STRAY_WINDOW = 3;
const ONE_WAY = 0.6;
const VARIES = 2;
const VARIES_POINTS = 6;
/** What was out by this share already before the last points came little by little. */
const RECENT_WINDOW = 4;
const GRADUAL_MIN = 0.3;
const GRADUAL_MAX = 0.9;
/** After the windows' tables: a drift and a changed spread, to both sides. */
const DRIFT = 2 * windows.length;
const SPREAD = DRIFT + 2;
const TABLES = SPREAD + 2;

export type Expected = { mean: number; variance: number; additive: boolean };
/** A point beside what was expected of it. */
type Seen = { t: number; local: number; x: number; base: number; mu: number; variance: number; promoted: boolean };

export class RateChannel {
  private points = 0;
  /** Values may be negative: a profile is added to the level and does not multiply it. */
  private additive = false;
  private integers = true;
  private gradual = false;
  private firstAt = Number.NaN;
  private young = 0;
  private day = 0;
  private readonly stepMs: number;
  private readonly shiftWindow: number;
  private readonly level: SeriesLevel;
  private readonly profile: SeasonalProfile;
  private readonly spread: Spread;
  private readonly sums: WindowSums;
  private readonly repeats: Repeats;
  private readonly tables: SurpriseTables;
  private readonly uplift = new Uplift();
  private readonly episode = new Episode();
  private readonly steps = new LevelSteps();
  private readonly drift = new LevelDrift();
  private readonly changed = new ChangedSpread();

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

  /** Promotions are on so often here that one more tells nothing. */
  get isUsuallyPromoted(): boolean {
    return this.uplift.isUsual;
  }

  expect(local: number, promoted: boolean): Expected {
    const isNews = promoted && !this.uplift.isUsual;
    const mean = this.baseAt(local) * (isNews ? this.uplift.now : 1);
    const unknown = this.unknownAt(local) + (isNews ? this.uplift.variance : 0);
    const own = this.spread.at(this.profile.knotOf(local), mean, this.additive);
    const variance = own + unknown * (this.additive ? 1 : mean * mean);
    return { mean, variance: Math.min(variance, this.level.largest ** 2), additive: this.additive };
  }

  /** Judges a point, then learns from it. `local` is epoch ms by the clock of the place, for days and weeks. */
  add(t: number, local: number, x: number, isPromoted: boolean): RateFinding {
    if (this.points === 0) {
      this.level.begin(x);
      this.firstAt = t;
    }
    const promoted = this.uplift.isNews(isPromoted, this.stepMs);
    if (x < 0 && !this.additive) this.turnAdditive();
    this.newDay(local);
    if (this.integers && !Number.isInteger(x)) this.integers = false;
    this.spread.see(x);
    const base = this.baseAt(local);
    const mu = base * this.uplift.at(t, promoted);
    const variance = this.spread.at(this.profile.knotOf(local), mu, this.additive);
    const seen = { t, local, x, base, mu, variance, promoted };
    const reach = CLIP * Math.sqrt(variance);
    const unknown = this.unknownAt(local) + (promoted ? this.uplift.variance : 0);
    this.sums.add(clip(x - mu, reach), variance, mu, unknown, this.additive);
    const found = this.judge(seen);
    this.episode.see(found.surprise);
    this.tellCourse(found, t);
    this.level.see(x);
    if (promoted) this.uplift.learn(x, base, variance);
    else this.learn(seen);
    this.learnSums();
    this.points += 1;
    return found;
  }

  /** Level and profile are only known by their product: what each of them is, is set anew every day. */
  private newDay(local: number): void {
    const day = Math.floor(local / DAY_MS);
    if (day === this.day) return;
    this.day = day;
    if (!this.additive) this.level.scale(this.profile.normalise());
  }

  /** How surprising a value would be that comes too late to be learned from. */
  glance(local: number, x: number, promoted: boolean): RateFinding {
    const { mean, variance } = this.expect(local, promoted);
    const z = (x - mean) / Math.sqrt(variance);
    const surprise = FIRST * this.surpriseOf(0, z);
    return { surprise, isUp: z > 0, cause: 'window', window: 1, lasted: 0, steps: 0, gradual: false };
  }

  /** Means of the last points beside what is usual for them; null for a single one. */
  together(points: number): Together | null {
    const window = (windows as readonly number[]).indexOf(points);
    if (window < 1) return null;
    const means = this.sums.meansOf(window);
    return { points, ...means, low: this.additive ? means.low : Math.max(0, means.low) };
  }

  get largest(): number {
    return this.level.most;
  }

  private baseAt(local: number): number {
    const profile = this.profile.at(local);
    const reach = EXPECTED_MAX * this.level.largest;
    const mean = this.additive ? this.level.value + profile : Math.max(0, this.level.value * profile);
    return clip(mean, reach);
  }

  /** Variance of what is not known of level and profile: relative, or absolute where values may be negative. */
  private unknownAt(local: number): number {
    const profile = PROFILE_UNKNOWN / (1 + PROFILE_LEARNED * this.profile.daysSeen(local));
    return this.level.variance + profile * profile * (this.additive ? this.spread.at(0, 0, true) : 1);
  }

  /** @param table the one for values below 0; the next is for those above */
  private surpriseOf(table: number, value: number): number {
    return this.tables.surpriseOf(value > 0 ? table + 1 : table, Math.abs(value));
  }

  private teach(table: number, value: number, weight: number): void {
    this.tables.add(value > 0 ? table + 1 : table, Math.abs(value), weight);
  }

  private judge({ local, x, mu, variance, promoted }: Seen): RateFinding {
    const found = this.judgeWindows(promoted);
    const isUsualZero = x === 0 && !this.additive;
    const knot = this.profile.knotOf(local);
    const flat = isUsualZero ? 0 : this.repeats.add(x, knot, Math.sqrt(variance), this.integers);
    if (promoted) return found;
    const drift = this.drift.of(this.level, this.additive);
    const drifts = ALONE * this.surpriseOf(DRIFT, drift);
    if (drifts > found.surprise) Object.assign(found, { surprise: drifts, isUp: drift > 0, cause: 'drift' });
    const restless = this.changed.see((x - mu) ** 2 / variance);
    const varies = (restless > 0 ? ALONE : CALMER) * this.surpriseOf(SPREAD, restless);
    if (varies > found.surprise) {
      found.surprise = varies;
      if (restless < 0 || this.straysBothWays()) Object.assign(found, { isUp: restless > 0, cause: 'variance' });
    } else if (restless > 0 && varies > VARIES && this.episode.lasted > VARIES_POINTS && this.straysBothWays()) {
      found.cause = 'variance';
    }
    if (flat > found.surprise) Object.assign(found, { surprise: flat, cause: 'flat' });
    return found;
  }

  private judgeWindows(promoted: boolean): RateFinding {
    let first = 0;
    let second = 0;
    let isUp = true;
    let window = 0;
    for (let index = 0; index < windows.length && this.sums.full(index); index++) {
      const z = this.sums.z[index]!;
      const surprise = this.surpriseOf(2 * index, z) * (promoted && z > 0 ? PROMOTED_UP : 1);
      if (surprise > first) {
        second = first;
        first = surprise;
        isUp = z > 0;
        window = windows[index]!;
      } else if (surprise > second) second = surprise;
    }
    const surprise = FIRST * first + SECOND * second;
    return { surprise, isUp, cause: 'window', window, lasted: 0, steps: 0, gradual: false };
  }

  /** Whether the last points are out to both sides, as those of a changed spread are and those of a new level are not. */
  private straysBothWays(): boolean {
    const largest = Math.sqrt(windows[STRAY_WINDOW]! * this.changed.now);
    return Math.abs(this.sums.plain(STRAY_WINDOW)) < ONE_WAY * largest;
  }

  private tellCourse(found: RateFinding, t: number): void {
    found.lasted = this.episode.lasted;
    found.steps = this.steps.of(t, found.isUp);
    if (found.lasted === 1) {
      const before = this.sums.before(RECENT_WINDOW);
      const isSlow = found.window >= windows[RECENT_WINDOW]! && found.steps === 0;
      this.gradual = isSlow && before > GRADUAL_MIN && before < GRADUAL_MAX;
    }
    found.gradual = this.gradual;
  }

  /** In promotions as well: a series that is always promoted would know nothing of itself. */
  private learnSums(): void {
    for (let index = 0; index < windows.length && this.sums.full(index); index++) {
      this.teach(2 * index, this.sums.z[index]!, this.episode.weight(WINDOW_SHARE * windows[index]!));
    }
    this.sums.learn(this.episode.weight(), this.additive);
  }

  private learn({ t, local, x, mu, variance }: Seen): void {
    const calm = this.episode.weight();
    const drift = this.drift.of(this.level, this.additive);
    this.teach(DRIFT, drift, Math.max(calm, SLOW_WEIGHT));
    this.teach(SPREAD, this.changed.value, Math.max(calm, SLOW_WEIGHT));
    this.drift.learn(drift, calm);
    this.changed.learn(calm);
    this.forgetYouth(t);
    const z = this.sums.full(this.shiftWindow) ? this.sums.z[this.shiftWindow]! : Number.NaN;
    if (this.steps.isNewLevel(t, z, this.stepMs)) this.takeNewLevel();
    const trust = this.episode.lasted > 0 ? TRUST : 1;
    const times = this.additive ? 1 : this.profile.at(local);
    const isKnown = this.drift.isKnown(t, this.surpriseOf(DRIFT, drift));
    this.level.learn(x - mu, times, variance, trust, this.additive, isKnown);
    const value = this.points < POINTS_YOUNG ? x : mu + clip(x - mu, PROFILE_CLIP * Math.sqrt(variance));
    this.profile.learn(local, this.additive ? value - this.level.value : value / this.level.value, trust);
    this.spread.learn(this.profile.knotOf(local), x, mu, variance, Math.max(calm, SPREAD_WEIGHT), this.additive);
  }

  private forgetYouth(t: number): void {
    if (this.young >= YOUNG_DAYS.length || t - this.firstAt <= YOUNG_DAYS[this.young]! * DAY_MS) return;
    this.young += 1;
    this.tables.fadeAll(YOUNG_SHARE);
  }

  private takeNewLevel(): void {
    if (this.additive) this.level.jump(1, this.sums.meanError(this.shiftWindow));
    else this.level.jump(Math.max(0.01, this.sums.ratio(this.shiftWindow)), 0);
    this.sums.restart();
  }

  private turnAdditive(): void {
    this.additive = true;
    this.profile.turnAdditive(this.level.value);
    this.drift.turnAdditive(this.spread.at(0, 0, true));
    this.level.variance *= this.level.value ** 2;
  }
}

const clip = (x: number, reach: number): number => Math.max(-reach, Math.min(reach, x));
