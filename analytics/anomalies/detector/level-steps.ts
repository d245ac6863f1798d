/** When a level is accepted as new: sums of half a day have been far out for half a day. */
const DAY_MS = 86_400_000;
const OUT_Z = 4.5;
const STILL_OUT_Z = 2.5;
const DAYS = 0.5;
const STEPS = 6;
/** A level that moves the same way again within so many days drifts. */
const AGAIN_DAYS = 3;

export class LevelSteps {
  /** Points that it has been out; 0 while it is not. Time alone would count gaps as well. */
  private out = 0;
  private acceptedAt = Number.NEGATIVE_INFINITY;
  private acceptedUp = false;
  private count = 0;

  /** @param z standardised sum of half a day; NaN while there is none */
  isNewLevel(t: number, z: number, stepMs: number): boolean {
    if (!(Math.abs(z) >= STILL_OUT_Z)) this.out = 0;
    else if (this.out > 0 || Math.abs(z) > OUT_Z) this.out += 1;
    const isNew = this.out > Math.max((DAYS * DAY_MS) / stepMs, STEPS);
    if (!isNew) return false;
    this.count = this.of(t, z > 0) + 1;
    this.acceptedAt = t;
    this.acceptedUp = z > 0;
    this.out = 0;
    return true;
  }

  /** How often the level went this way in the last days. */
  of(t: number, isUp: boolean): number {
    return t - this.acceptedAt < AGAIN_DAYS * DAY_MS && this.acceptedUp === isUp ? this.count : 0;
  }
}
