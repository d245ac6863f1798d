/** How far a level is from where it was these weeks, in what is usual for this series. */
import type { SeriesLevel } from './series-level.ts';

const DAY_MS = 86_400_000;
const DEVIATION_AT_FIRST = 0.05;
const POINTS_AT_FIRST = 20;
const POINTS_MAX = 1_500;
const CLIP_SQUARED = 9;
/** A drift this surprising is news for a day; then it is how it is now. */
const NEWS = 3;
const NEWS_DAYS = 1;

export class LevelDrift {
  private square = DEVIATION_AT_FIRST ** 2;
  private points = 0;
  private since = Number.NaN;

  of({ value, slow }: SeriesLevel, additive: boolean): number {
    const away = additive ? value - slow : slow > 0 && value > 0 ? Math.log(value / slow) : 0;
    return away / Math.sqrt(this.square);
  }

  learn(drift: number, weight: number): void {
    this.points += 1;
    const rate = weight / Math.min(this.points + POINTS_AT_FIRST, POINTS_MAX);
    this.square *= 1 + rate * (Math.min(CLIP_SQUARED, drift * drift) - 1);
  }

  /** Whether it has been told of for long enough. */
  isKnown(t: number, surprise: number): boolean {
    if (surprise < NEWS) this.since = Number.NaN;
    else if (Number.isNaN(this.since)) this.since = t;
    return t - this.since > NEWS_DAYS * DAY_MS;
  }

  /** Values are differences from now on, and stray by this variance. */
  turnAdditive(variance: number): void {
    this.square = Math.max(1e-300, variance);
  }
}
