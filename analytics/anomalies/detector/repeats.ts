/**
 * A value that comes again and again where values usually change: a feed that is stuck. How unlikely a run of equal
 * values is, is worked out point by point; series that repeat themselves anyway have taught how often they do.
 */
const SURPRISE_MAX = 6;
const RUN_MIN = 3;
/** A run may begin anywhere: so much of its unlikeliness is chance. */
const ANYWHERE = 1.5;
/** Least likely that a value comes again: figures are rounded somehow. */
const REPEAT_MIN = 1e-2;
const FADING = 0.995;
/** Points after which what was learned of a time of day weighs a third, in days; and what others count for at first. */
const DAYS = 14;
const PRIOR = 3;

export class Repeats {
  private last = Number.NaN;
  private run = 0;
  /** -log10 of the chance of the run so far. */
  private unlikely = 0;
  private points = 0;
  private repeats = 0;
  private readonly keep: number;
  private readonly knotPoints: Float32Array;
  private readonly knotRepeats: Float32Array;
  /** The two longest runs, in the same measure; both fade. One long run alone is no habit. */
  private longest = 0;
  private second = 0;

  /** @param perKnot points that fall into one time of day, each day */
  constructor(knots: number, perKnot: number) {
    this.keep = 1 - 1 / (DAYS * Math.max(1, perKnot));
    this.knotPoints = new Float32Array(knots);
    this.knotRepeats = new Float32Array(knots);
  }

  /** Judges, then learns. `deviation` is how far values usually stray. */
  add(x: number, knot: number, deviation: number, integers: boolean): number {
    const isRepeat = x === this.last;
    this.last = x;
    if (isRepeat) {
      const byChance = integers ? 1 / (1 + 2.5 * deviation) : 0;
      const usual = (this.repeats + 0.5) / (this.points + 2);
      const here = (this.knotRepeats[knot]! + PRIOR * usual) / (this.knotPoints[knot]! + PRIOR);
      this.unlikely -= Math.log10(Math.min(1, Math.max(REPEAT_MIN, byChance, here)));
      this.run += 1;
    } else {
      if (this.run > 0) this.remember(this.unlikely);
      this.run = 0;
      this.unlikely = 0;
    }
    // A long run is one piece of news, not hundreds.
    const weight = this.unlikely > SURPRISE_MAX ? 0.1 : 1;
    this.points += weight;
    this.repeats += isRepeat ? weight : 0;
    this.knotPoints[knot] = this.keep * this.knotPoints[knot]! + weight;
    this.knotRepeats[knot] = this.keep * this.knotRepeats[knot]! + (isRepeat ? weight : 0);
    if (this.run < RUN_MIN) return 0;
    // What has become usual meanwhile, such as a series that is constant, is unlikely no more.
    const byNow = -this.run * Math.log10((this.repeats + 0.5) / (this.points + 1));
    return Math.max(0, Math.min(SURPRISE_MAX, byNow, this.unlikely - Math.max(ANYWHERE, this.second)));
  }

  private remember(run: number): void {
    this.longest *= FADING;
    this.second *= FADING;
    if (run > this.longest) {
      this.second = this.longest;
      this.longest = run;
    } else if (run > this.second) this.second = run;
  }
}
