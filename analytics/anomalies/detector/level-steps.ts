/** When a level is accepted as new: sums of half a day have been far out for half a day. */
const DAY_MS = 86_400_000;
const OUT_Z = 4.5;
const STILL_OUT_Z = 2.5;
const DAYS = 0.5;
const STEPS = 6;
/** A level that moves the same way again within so many days drifts. */
const AGAIN_DAYS = 3;

export class LevelSteps {
  private outSince = Number.NaN;
  private acceptedAt = Number.NEGATIVE_INFINITY;
  private acceptedUp = false;
  private count = 0;

  /** @param z standardised sum of half a day; NaN while there is none */
  isNewLevel(t: number, z: number, stepMs: number): boolean {
    if (!(Math.abs(z) >= STILL_OUT_Z)) this.outSince = Number.NaN;
    else if (Number.isNaN(this.outSince) && Math.abs(z) > OUT_Z) this.outSince = t;
    const isNew = t - this.outSince > Math.max(DAYS * DAY_MS, STEPS * stepMs);
    if (!isNew) return false;
    this.count = this.of(t, z > 0) + 1;
    this.acceptedAt = t;
    this.acceptedUp = z > 0;
    this.outSince = Number.NaN;
    return true;
  }

  /** How often the level went this way in the last days. */
  of(t: number, isUp: boolean): number {
    return t - this.acceptedAt < AGAIN_DAYS * DAY_MS && this.acceptedUp === isUp ? this.count : 0;
  }
}
