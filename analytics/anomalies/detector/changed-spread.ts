/** How much more or less than usual the last points stray. */
const POINTS = 20;
const POINTS_MAX = 1_500;
const CLIP_SQUARED = 12;
/** Doublings of the variance, in the unit of deviations. */
const UNIT = 2.5;
const LEAST = 1e-3;

export class ChangedSpread {
  /** Mean squared error of the last points, in variances. */
  now = 1;
  private usual = 1;
  private points = 0;

  /** Takes a squared error in variances; gives what has become of it, above 0 where points stray more than usual. */
  see(square: number): number {
    this.points += 1;
    this.now += (Math.min(CLIP_SQUARED, square) - this.now) / Math.min(this.points, POINTS);
    return this.value;
  }

  get value(): number {
    return UNIT * Math.log2(Math.max(LEAST, this.now) / Math.max(LEAST, this.usual));
  }

  learn(weight: number): void {
    this.usual += (weight * (this.now - this.usual)) / Math.min(this.points, POINTS_MAX);
  }
}
