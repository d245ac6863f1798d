/** Neighbours within this share of a day count as the same time of day: rush hours and jobs are not on the minute. */
const NEAR_SHARE = 0.02;
const LEARN_RATE = 0.1;

/** How far a series usually is from its baseline, by time of day. */
export class LocalSpread {
  private readonly spread: Float64Array;
  private readonly seen: Uint16Array;

  constructor(slots: number) {
    this.spread = new Float64Array(slots);
    this.seen = new Uint16Array(slots);
  }

  /** The largest near a slot of the day. */
  around(slot: number): number {
    const { spread } = this;
    const reach = Math.max(1, Math.round(NEAR_SHARE * spread.length));
    let most = 0;
    let index = (slot - reach + spread.length) % spread.length;
    for (let steps = 2 * reach; steps >= 0; steps--) {
      if (spread[index]! > most) most = spread[index]!;
      index = index + 1 === spread.length ? 0 : index + 1;
    }
    return most;
  }

  learn(slot: number, distance: number): void {
    const seen = this.seen[slot]!;
    this.spread[slot]! += Math.max(LEARN_RATE, 1 / (seen + 1)) * (distance - this.spread[slot]!);
    if (seen < 65_535) this.seen[slot] = seen + 1;
  }
}
