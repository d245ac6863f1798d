/**
 * How rare a value of a statistic is, by its own past: -log10 of the share of past values above it. Nothing is assumed of
 * its distribution, so one threshold suits every series.
 */

const BINS_PER_OCTAVE = 6;
const BINS = 288;
const UNIT_BIN = BINS / 2;
/** The unit is learned from so many values; without it, large units would end up in the last bin. */
const VALUES_FOR_UNIT = 20;
/** At this count, and whenever it has doubled, what came before counts half: a beginner's values are no measure. */
const FIRST_FADE = 256;
const FADE = 0.5;
/** So many values are enough; from here on they fade as new ones come. */
const COUNT_MAX = 20_000;
const SURPRISE_MAX = 12;
/** Beyond all but so many past values the tail is continued by a line in log2 of the value. */
const VALUES_IN_TAIL = 5;
/** The first bin holds what is 0, or next to it. */
const ABOVE_ZERO = 1.5;
const SLOPE_MIN = 0.02;
const SLOPE_MAX = 1;

export class TailTable {
  private readonly counts = new Float32Array(BINS);
  private total = 0;
  /** The highest bin that holds something. */
  private top = 0;
  /** What is in the middle bin; 0 while no value above 0 was among enough. */
  private unit = 0;
  private first: number[] = [];
  private isYoung = true;
  private seen = 0;
  private nextFade = FIRST_FADE;
  /** Bin above which a tenth of the values lie, renewed now and then. */
  private tenth = 0;
  private sinceTenth = 0;

  /** Surprise of a value of 0 or more, 0 to 12, and then counts it where told; 0 while too little is known. */
  judge(value: number, counts: boolean): number {
    if (this.isYoung) {
      if (counts) this.begin(value);
      return 0;
    }
    if (this.unit === 0 && value > 0) this.unit = value;
    const position = this.positionOf(value);
    const surprise = this.surpriseAt(position);
    if (!counts) return surprise;
    this.count(position);
    this.sinceTenth += 1;
    if (this.sinceTenth >= 16 + this.total / 64) this.renewTenth();
    return surprise;
  }

  private surpriseAt(position: number): number {
    const bin = Math.floor(position);
    if (bin < this.tenth) return Math.max(0, Math.min(1, 1 - (this.tenth - position) / (3 * BINS_PER_OCTAVE)));
    let above = 0;
    for (let index = this.top; index > bin; index--) above += this.counts[index]!;
    above += this.counts[bin]! * (bin + 1 - position);
    const counted = -Math.log10((above + 0.5) / (this.total + 1));
    if (above >= VALUES_IN_TAIL) return Math.min(SURPRISE_MAX, counted);
    return Math.min(SURPRISE_MAX, Math.max(counted, this.beyond(position)));
  }

  private begin(value: number): void {
    this.first.push(value);
    if (this.first.length < VALUES_FOR_UNIT) return;
    this.unit = this.first.reduce((sum, one) => sum + one, 0) / this.first.length;
    this.isYoung = false;
    for (const one of this.first) this.count(this.positionOf(one));
    this.first = [];
    this.renewTenth();
  }

  /** What was counted so far counts for `weight` of itself from now on. */
  fade(weight: number): void {
    for (let bin = 0; bin <= this.top; bin++) this.counts[bin]! *= weight;
    this.total *= weight;
    this.renewTenth();
  }

  private count(position: number): void {
    const bin = Math.floor(position);
    this.counts[bin]! += 1;
    if (bin > this.top) this.top = bin;
    this.total += 1;
    this.seen += 1;
    if (this.seen === this.nextFade) {
      this.nextFade *= 2;
      this.fade(FADE);
    } else if (this.total >= COUNT_MAX) this.fade(FADE);
  }

  private positionOf(value: number): number {
    if (!(value > 0) || this.unit === 0) return 0;
    return Math.min(BINS - 1e-3, Math.max(0, UNIT_BIN + BINS_PER_OCTAVE * Math.log2(value / this.unit)));
  }

  private renewTenth(): void {
    this.sinceTenth = 0;
    this.tenth = Math.floor(this.positionAt(0.1 * this.total));
  }

  /** Where so many values lie above. */
  private positionAt(above: number): number {
    let sum = 0;
    for (let bin = this.top; bin >= 0; bin--) {
      const count = this.counts[bin]!;
      if (sum + count >= above && count > 0) return bin + 1 - (above - sum) / count;
      sum += count;
    }
    return 0;
  }

  /** 0 where all but a few past values were 0: nothing leads from there to here. */
  private beyond(position: number): number {
    const atTenth = this.positionAt(0.1 * this.total);
    const atFew = this.positionAt(VALUES_IN_TAIL);
    const surpriseAtFew = Math.log10(this.total / VALUES_IN_TAIL);
    if (position <= atFew || surpriseAtFew <= 1 || atFew < ABOVE_ZERO) return 0;
    const slope = (surpriseAtFew - 1) / Math.max(1e-9, atFew - atTenth);
    return surpriseAtFew + Math.min(SLOPE_MAX, Math.max(SLOPE_MIN, slope)) * (position - atFew);
  }
}
