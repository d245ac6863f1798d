/** Something that is going on: it began with a surprise and ends when points have been calm for a while. */
/** A surprise that begins it, and what keeps it up. */
const BEGINS = 2.5;
const GOES_ON = 1.5;
const QUIET_POINTS = 6;
/** It is one piece of news: its first points teach by half, and all others next to nothing. */
const FIRST_POINTS = 6;
const FIRST_WEIGHT = 0.5;
const LATER_WEIGHT = 0.05;

export class Episode {
  /** Points that it has lasted; 0: nothing is going on. */
  lasted = 0;
  private quiet = QUIET_POINTS;

  see(surprise: number): void {
    if (surprise > BEGINS) this.quiet = 0;
    else this.quiet = surprise > GOES_ON ? Math.min(this.quiet, QUIET_POINTS - 1) : this.quiet + 1;
    this.lasted = this.quiet < QUIET_POINTS ? this.lasted + 1 : 0;
  }

  /** How much a point of it teaches. Sums over many points stay out for long by chance: they have more first points. */
  weight(moreFirstPoints = 0): number {
    if (this.lasted === 0) return 1;
    return this.lasted > FIRST_POINTS + moreFirstPoints ? LATER_WEIGHT : FIRST_WEIGHT;
  }
}
