/**
 * Pages of a series whose kind is known: one when something begins, and again only for what is five times less likely,
 * until it has been over for some points.
 */
/** From this surprise on something is going on, and below it for so many points it is over. */
const OPEN = 1.5;
const QUIET_POINTS = 3;
const WORSE_BY = 0.7;

export class IncidentAlert {
  /** The largest surprise that was told of what is going on. */
  private told = 0;
  private quiet = 0;

  /** What a page would be about; 0: none. */
  tell(surprise: number): number {
    this.quiet = surprise < OPEN ? this.quiet + 1 : 0;
    if (this.quiet >= QUIET_POINTS) this.told = 0;
    if (surprise < OPEN || surprise < this.told + (this.told > 0 ? WORSE_BY : 0)) return 0;
    this.told = surprise;
    return surprise;
  }
}
