/**
 * Decides when a surprise is worth a page. A person who was told is told again only of what is more surprising, and the
 * longer a series is watched, the rarer a thing must be: chance alone makes rare values in long series.
 */

/** Silence after a value lasts so many points, or this share of all points seen, whichever is longer. */
const SILENCE_POINTS_MIN = 80;
const SILENCE_SHARE = 0.05;
/** After something that people may have been told of, a value must be this much more surprising: five times less likely. */
const TOLD_FROM = 2;
const WORSE_BY = 0.7;
/** Up to so many points, chance is not counted. */
const POINTS_FREE = 1_000;
/** Points are not chance alone, nor independent of each other: of what chance makes rarer, so much is taken off. */
const CHANCE_WEIGHT = 0.5;

export class AlertBudget {
  private points = 0;
  /** The values that no later one exceeds, falling, and when they were. */
  private values: number[] = [];
  private moments: number[] = [];

  /** What is left of `surprise` for a page; 0 or less: none. */
  spend(surprise: number): number {
    const { values, moments } = this;
    this.points += 1;
    const from = this.points - Math.max(SILENCE_POINTS_MIN, SILENCE_SHARE * this.points);
    while (moments.length > 0 && moments[0]! < from) {
      moments.shift();
      values.shift();
    }
    const most = values[0] ?? 0;
    while (values.length > 0 && values.at(-1)! <= surprise) {
      values.pop();
      moments.pop();
    }
    values.push(surprise);
    moments.push(this.points);
    const bar = most > TOLD_FROM ? most + WORSE_BY : most;
    if (surprise <= bar) return 0;
    return Math.max(0, surprise - CHANCE_WEIGHT * Math.log10(Math.max(1, this.points / POINTS_FREE)));
  }
}
