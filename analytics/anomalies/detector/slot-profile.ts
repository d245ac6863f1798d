/** The usual value by time of a period such as a day, slot by slot. */

/** Towards a new value, of each time that a slot comes round. */
const LEARN_RATE = 0.2;
const CORRECTION_RATE = 0.2;

export class SlotProfile {
  readonly slots: number;
  /** How far the series stands from the profile now. */
  correction = 0;
  private readonly periodMs: number;
  private readonly value: Float64Array;
  private readonly seen: Uint16Array;
  private readonly rate: number;

  constructor(periodMs: number, stepMs: number, slotsMax: number) {
    this.periodMs = periodMs;
    this.slots = Math.max(1, Math.min(slotsMax, Math.round(periodMs / stepMs)));
    this.value = new Float64Array(this.slots);
    this.seen = new Uint16Array(this.slots);
    const pointsInSlot = Math.max(1, periodMs / stepMs / this.slots);
    this.rate = 1 - (1 - LEARN_RATE) ** (1 / pointsInSlot);
  }

  slotOf(local: number): number {
    return Math.floor(((((local % this.periodMs) + this.periodMs) % this.periodMs) / this.periodMs) * this.slots);
  }

  /** NaN where nothing was seen yet. */
  at(slot: number): number {
    return this.seen[slot]! > 0 ? this.value[slot]! : Number.NaN;
  }

  /** How far `x` is beyond what the slot and its neighbours lead to expect; NaN where nothing was seen yet. */
  beyond(slot: number, x: number): number {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let near = slot - 1; near <= slot + 1; near++) {
      const index = near < 0 ? near + this.slots : near >= this.slots ? near - this.slots : near;
      if (this.seen[index]! === 0) continue;
      const value = this.value[index]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) return Number.NaN;
    const from = x - this.correction;
    return from > high ? from - high : from < low ? from - low : 0;
  }

  /** Moves towards `x`, at most as from `reach` away. */
  learn(slot: number, x: number, reach: number): void {
    const seen = this.seen[slot]!;
    const away = x - this.value[slot]!;
    if (seen === 0) this.value[slot] = x;
    else {
      this.correction += CORRECTION_RATE * within(away - this.correction, reach);
      this.value[slot]! += Math.max(this.rate, 1 / (seen + 1)) * within(away, reach);
    }
    if (seen < 65_535) this.seen[slot] = seen + 1;
  }
}

const within = (away: number, reach: number): number => Math.max(-reach, Math.min(reach, away));
