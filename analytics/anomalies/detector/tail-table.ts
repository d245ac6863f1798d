/**
 * How rare a value of a statistic is, by its own past: -log10 of the share of past values above it. Nothing is assumed of
 * its distribution, so one threshold suits every series.
 */

const BINS_PER_OCTAVE = 6;
const BINS = 288;
const ZERO_BIN = BINS / 2;
/** The unit is learned from so many values; without it, large units would end up in the last bin. */
const VALUES_FOR_UNIT = 20;
/** Old values fade: at this count all are halved. */
const COUNT_MAX = 20_000;
const SURPRISE_MAX = 12;
/** Beyond all but so many past values the tail is continued by a line in log2 of the value. */
const VALUES_IN_TAIL = 5;
const SLOPE_MIN = 0.02;
const SLOPE_MAX = 1;

export class TailTable {
  private readonly counts = new Float32Array(BINS);
  private total = 0;
  private unit = 0;
  private first: number[] | null = [];
  /** Bin above which a tenth of the values lie, renewed now and then. */
  private tenth = 0;
  private sinceTenth = 0;

  /** Surprise of a value before it is added, 0..12; 0 while too little is known. */
  surpriseOf(value: number): number {
    if (this.first !== null) return 0;
    const position = this.positionOf(value);
    const bin = Math.floor(position);
    if (bin < this.tenth) return Math.max(0, Math.min(1, 1 - (this.tenth - position) / (3 * BINS_PER_OCTAVE)));
    let above = 0;
    for (let index = BINS - 1; index > bin; index--) above += this.counts[index]!;
    above += this.counts[bin]! * (bin + 1 - position);
    const counted = -Math.log10((above + 0.5) / (this.total + 1));
    if (above >= VALUES_IN_TAIL) return Math.min(SURPRISE_MAX, counted);
    return Math.min(SURPRISE_MAX, Math.max(counted, this.beyond(position)));
  }

  add(value: number, weight = 1): void {
    if (this.first !== null) {
      this.first.push(value);
      if (this.first.length < VALUES_FOR_UNIT) return;
      const mean = this.first.reduce((sum, one) => sum + one, 0) / this.first.length;
      this.unit = mean > 0 ? 1 / mean : 1;
      const first = this.first;
      this.first = null;
      for (const one of first) this.count(one, 1);
      this.renewTenth();
      return;
    }
    this.count(value, weight);
    this.sinceTenth += 1;
    if (this.sinceTenth >= 16 + this.total / 64) this.renewTenth();
  }

  private count(value: number, weight: number): void {
    this.counts[Math.floor(this.positionOf(value))]! += weight;
    this.total += weight;
    if (this.total < COUNT_MAX) return;
    for (let bin = 0; bin < BINS; bin++) this.counts[bin]! /= 2;
    this.total /= 2;
  }

  private positionOf(value: number): number {
    const scaled = value * this.unit;
    if (!(scaled > 0)) return 0;
    return Math.min(BINS - 1e-3, Math.max(0, ZERO_BIN + BINS_PER_OCTAVE * Math.log2(scaled)));
  }

  private renewTenth(): void {
    this.sinceTenth = 0;
    this.tenth = Math.floor(this.positionAt(0.1 * this.total));
  }

  /** Where so many values lie above. */
  private positionAt(above: number): number {
    let sum = 0;
    for (let bin = BINS - 1; bin >= 0; bin--) {
      const count = this.counts[bin]!;
      if (sum + count >= above && count > 0) return bin + 1 - (above - sum) / count;
      sum += count;
    }
    return 0;
  }

  private beyond(position: number): number {
    const atTenth = this.positionAt(0.1 * this.total);
    const atFew = this.positionAt(VALUES_IN_TAIL);
    const surpriseAtFew = Math.log10(this.total / VALUES_IN_TAIL);
    if (position <= atFew || surpriseAtFew <= 1) return 0;
    const slope = (surpriseAtFew - 1) / Math.max(1e-9, atFew - atTenth);
    return surpriseAtFew + Math.min(SLOPE_MAX, Math.max(SLOPE_MIN, slope)) * (position - atFew);
  }
}
