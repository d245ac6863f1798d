/** The usual value by time of a period such as a day, slot by slot. */
export class SlotProfile {
  readonly slots: number;
  /** How far the series stands from the profile now. */
  correction = 0;
  private readonly periodMs: number;
  private readonly value: Float64Array;
  private readonly seen: Uint16Array;

  constructor(periodMs: number, stepMs: number, slotsMax: number) {
    this.periodMs = periodMs;
    this.slots = Math.max(1, Math.min(slotsMax, Math.round(periodMs / stepMs)));
    this.value = new Float64Array(this.slots);
    this.seen = new Uint16Array(this.slots);
  }

  slotOf(local: number): number {
    return Math.floor(((((local % this.periodMs) + this.periodMs) % this.periodMs) / this.periodMs) * this.slots);
  }

  /** NaN where nothing was seen yet. */
  at(slot: number): number {
    const index = (slot + this.slots) % this.slots;
    return this.seen[index]! > 0 ? this.value[index]! : Number.NaN;
  }

  /** Moves the slot towards `x` by `rate`, by at most that of `reach`. */
  learn(slot: number, x: number, reach: number, rate: number): void {
    const seen = this.seen[slot]!;
    const away = seen === 0 ? x - this.value[slot]! : Math.max(-reach, Math.min(reach, x - this.value[slot]!));
    this.value[slot]! += Math.max(rate, 1 / (seen + 1)) * away;
    if (seen < 65_535) this.seen[slot] = seen + 1;
  }
}
