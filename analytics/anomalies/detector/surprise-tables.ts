/**
 * How rare values of standardised statistics are, by their own past: -log10 of the share of past values above one. As the
 * statistics have unit variance their bins are fixed, and many tables fit into a few kilobytes.
 */
const BINS = 96;
const PER_UNIT = 6;
const LARGEST = BINS / PER_UNIT - 1e-6;
const SURPRISE_MAX = 12;
/** Fewer values say nothing. */
const VALUES_MIN = 30;
/** Beyond all but so many past values the tail goes on as a line: an exponential, which is heavier than the normal's. */
const VALUES_IN_TAIL = 5;
const SLOPE_MIN = 0.15;
const SLOPE_MAX = 1;
/** Few values show no tail: it is taken to fall by so many decades a unit, and that weighs as so many values. */
const PRIOR_SLOPE = 0.6;
const PRIOR_VALUES = 40;
/** The points of the tail through which the line goes are renewed after so many values. */
const RENEWAL = 32;
/** One wild value is no habit: what is learned lies at most so far beyond the few largest. */
const REACH_TIMES = 1.25;
const REACH_PLUS = 0.5;
const VALUES_FOR_REACH = 100;

export class SurpriseTables {
  private readonly counts: Float32Array;
  private readonly totals: Float64Array;
  private readonly tenth: Float64Array;
  private readonly few: Float64Array;
  private readonly slope: Float64Array;
  private readonly since: Float64Array;
  private readonly valuesMax: number;

  /** @param valuesMax when a table holds so many, all count half: the old fades */
  constructor(tables: number, valuesMax: number) {
    this.counts = new Float32Array(tables * BINS);
    this.totals = new Float64Array(tables);
    this.tenth = new Float64Array(tables);
    this.few = new Float64Array(tables);
    this.slope = new Float64Array(tables);
    this.since = new Float64Array(tables);
    this.valuesMax = valuesMax;
  }

  /** Surprise of a value of 0 or more, before it is added: 0 to 12. */
  surpriseOf(table: number, value: number): number {
    const total = this.totals[table]!;
    if (total < VALUES_MIN) return 0;
    const position = Math.min(LARGEST, value) * PER_UNIT;
    const bin = Math.floor(position);
    const base = table * BINS;
    if (position < this.tenth[table]!) return position / this.tenth[table]!;
    let above = this.counts[base + bin]! * (bin + 1 - position);
    for (let index = BINS - 1; index > bin; index--) above += this.counts[base + index]!;
    const counted = -Math.log10((above + 0.5) / (total + 1));
    if (above >= VALUES_IN_TAIL) return Math.min(SURPRISE_MAX, counted);
    const beyond = value * PER_UNIT - this.few[table]!;
    const line = Math.log10(total / VALUES_IN_TAIL) + this.slope[table]! * Math.max(0, beyond / PER_UNIT);
    return Math.min(SURPRISE_MAX, Math.max(counted, line));
  }

  add(table: number, given: number, weight = 1): void {
    const value = this.totals[table]! < VALUES_FOR_REACH ? given : Math.min(given, this.reachOf(table));
    this.counts[table * BINS + Math.floor(Math.min(LARGEST, value) * PER_UNIT)]! += weight;
    this.totals[table]! += weight;
    this.since[table]! += weight;
    if (this.totals[table]! > this.valuesMax) this.fade(table, 0.5);
    if (this.since[table]! > RENEWAL + this.totals[table]! / 50) this.renew(table);
  }

  private reachOf(table: number): number {
    return (REACH_TIMES * this.few[table]!) / PER_UNIT + REACH_PLUS;
  }

  /** What was counted so far counts for this share. */
  fadeAll(share: number): void {
    for (let table = 0; table < this.totals.length; table++) this.fade(table, share);
  }

  private fade(table: number, share: number): void {
    for (let index = table * BINS; index < (table + 1) * BINS; index++) this.counts[index]! *= share;
    this.totals[table]! *= share;
    this.renew(table);
  }

  private renew(table: number): void {
    this.since[table] = 0;
    const total = this.totals[table]!;
    this.tenth[table] = this.positionAt(table, 0.1 * total);
    this.few[table] = this.positionAt(table, Math.min(VALUES_IN_TAIL, 0.1 * total));
    const decades = Math.max(0, Math.log10(total / VALUES_IN_TAIL) - 1);
    const apart = Math.max(0.2, (this.few[table]! - this.tenth[table]!) / PER_UNIT);
    const prior = PRIOR_VALUES / total;
    const slope = (decades + prior * PRIOR_SLOPE) / (apart + prior);
    this.slope[table] = Math.min(SLOPE_MAX, Math.max(SLOPE_MIN, slope));
  }

  /** In bins; so many values lie above it. */
  private positionAt(table: number, above: number): number {
    let sum = 0;
    for (let bin = BINS - 1; bin >= 0; bin--) {
      const count = this.counts[table * BINS + bin]!;
      if (count > 0 && sum + count >= above) return bin + 1 - (above - sum) / count;
      sum += count;
    }
    return 0;
  }
}
