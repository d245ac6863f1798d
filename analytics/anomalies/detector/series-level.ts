/** The level of a series, followed no faster than it can be known, and what is not known of it. */
const DAY_MS = 86_400_000;
/** Relative variance that a level gains in a day, and what is not known at first. */
const CHANGE_A_DAY = 0.035 ** 2;
const UNKNOWN = 0.5 ** 2;
const VARIANCE_MAX = 0.5;
/** It is followed no faster than this share a day. */
const RATE_A_DAY = 0.7;
const CLIP = 3;
const POINTS_YOUNG = 12;
/** What counts as usual for a drift. */
const SLOW_DAYS = 14;
const SLOW_DAYS_KNOWN = 1;
/** A level lies within so many times the mean of these days, either way. */
const BOUND = 5;
const USUAL_DAYS = 5;
const LEAST = 1e-12;
const LARGEST_FADES = 0.9995;

export class SeriesLevel {
  value = 0;
  /** Relative; absolute where values may be negative. */
  variance = UNKNOWN;
  /** The largest value seen; it fades. */
  largest = 0;
  /** The largest ever. */
  most = 0;
  /** Where the level has been these weeks. */
  slow = 0;
  private points = 0;
  private seen = 0;
  private usual = 0;
  private readonly stepDays: number;

  constructor(stepMs: number) {
    this.stepDays = stepMs / DAY_MS;
  }

  begin(x: number): void {
    this.value = x;
    this.slow = x;
  }

  /** Every value, before it is learned from: what is usual bounds what a level can be. */
  see(x: number): void {
    this.seen += 1;
    const size = Math.abs(x);
    this.most = Math.max(this.most, size);
    this.largest = Math.max(size, this.largest * LARGEST_FADES);
    this.usual += Math.max(1 - Math.exp(-this.stepDays / USUAL_DAYS), 1 / this.seen) * (size - this.usual);
  }

  /** The unit of level and profile has changed. */
  scale(times: number): void {
    this.value *= times;
    this.slow *= times;
  }

  /** A new level was accepted. */
  jump(times: number, by: number): void {
    this.value = this.value * times + by;
    if (by === 0) this.bound();
  }

  /**
   * @param error seen minus expected
   * @param times what the level was multiplied by to expect it
   * @param trust 0 to 1: less where the point is suspicious
   * @param known the drift is known by now, and where the level has come to is usual
   */
  learn(error: number, times: number, variance: number, trust: number, additive: boolean, known: boolean): void {
    this.points += 1;
    const days = Math.min(1, this.stepDays);
    const scale = additive ? Math.max(variance, 1e-300) : 1;
    this.variance = Math.min(VARIANCE_MAX * scale, this.variance + CHANGE_A_DAY * days * scale);
    const mu = this.value * times;
    const unknown = additive ? this.variance : this.variance * mu * mu;
    const all = unknown + variance;
    if (!(all > 0) || times <= 0.02) return;
    const gain = unknown / all;
    const young = this.points < POINTS_YOUNG;
    const share = young ? 1 / (this.points + 1) : Math.min(gain, 1 - Math.exp(-this.stepDays * RATE_A_DAY)) * trust;
    const reach = young ? Number.POSITIVE_INFINITY : CLIP * Math.sqrt(all);
    const step = share * Math.max(-reach, Math.min(reach, error));
    this.value += additive ? step : step / times;
    if (!additive) this.bound();
    this.variance *= 1 - gain * trust;
    const slowly = Math.max(
      1 - Math.exp(-this.stepDays / (known ? SLOW_DAYS_KNOWN : SLOW_DAYS)),
      1 / (this.points + 1),
    );
    this.slow += slowly * (this.value - this.slow);
  }

  private bound(): void {
    const most = Math.max(LEAST, BOUND * this.usual);
    this.value = Math.min(most, Math.max(LEAST, this.usual / BOUND, this.value));
  }
}
