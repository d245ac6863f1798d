/** Time by the clock of a place, worked out once for some hours. */
import { offsetAt } from '../../../streams/operations/time-zone.ts';

/** No zone moves its clocks there and back within so short a time. */
const SPAN_MS = 6 * 3_600_000;

export class LocalClock {
  private readonly timeZone: string;
  private offset = 0;
  private from = 0;
  private to = 0;

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** Epoch ms as the clock shows it. */
  at(t: number): number {
    if (this.timeZone === 'UTC') return t;
    if (t < this.from || t >= this.to) {
      this.offset = offsetAt(this.timeZone, t);
      this.from = t;
      this.to = offsetAt(this.timeZone, t + SPAN_MS) === this.offset ? t + SPAN_MS : t;
    }
    return t + this.offset;
  }
}
