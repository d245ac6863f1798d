/** What is known of an order that was held, per reason, so that it comes to the same in whatever order words arrive. */
export type Hold = {
  hold: string;
  /** The newest release; 0 when there was none. */
  offAt: number;
  /** When it was put on since then, oldest first; empty when it is off. */
  ons: number[];
  /** When it was put on (1) and taken off (0), sorted: what its whole duration is measured by. */
  marks?: [at: number, on: 0 | 1][];
  /** When it counts as ageing, and when the order gives its stock back; 0 for never. */
  agesAt: number;
  givesBackAt: number;
};

export type Holding = {
  /** Sorted by reason. */
  reasons: Hold[];
  /** Reasons that have been on for too long, sorted. */
  aged: string[];
  /** It gave its stock back and stands in no queue until it is released. */
  gaveBack: boolean;
};
