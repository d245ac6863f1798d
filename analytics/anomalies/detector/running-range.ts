/** A range of fewer values than this says nothing. */
const VALUES_MIN = 30;

/** How far a value goes beyond everything that came before it, as a share of the range so far; at most 1. */
export class RunningRange {
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;
  private count = 0;

  overshoot(x: number): number {
    let beyond = 0;
    if (this.count >= VALUES_MIN && this.high > this.low) {
      beyond = Math.max(0, x - this.high, this.low - x) / (this.high - this.low);
    }
    this.count += 1;
    if (x < this.low) this.low = x;
    if (x > this.high) this.high = x;
    return Math.min(1, beyond);
  }
}
