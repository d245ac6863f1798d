/** The shape of an incident at a node, from the first report until it has recovered. */

export type Impairment = {
  impairment: string;
  node: string;
  /** What is left of the node's capacity: 0 = nothing. */
  capacityShare: number;
  from: number;
  /** Null when nobody knows. */
  expectedUntil: number | null;
  reason: string;
  by: string;
  /** When the newest report was made; older ones that come late change nothing. */
  reportedAt: number;
  /** The source whose clock tells when it should have been over. */
  clock: string;
  /** It should have been over and is not. */
  overdue: boolean;
  /** 0 while it lasts. */
  endedAt: number;
  /** The node's open work that is due while it lasts: as it was when first reported, and when last counted. */
  atStart: Affected;
  current: Affected & {
    at: number;
    until: number;
    /** Lines the node can do until then in spite of it. */
    possible: number;
  };
  /** What was moved to other nodes because of it. */
  moved: { orders: number; lines: number };
  /** Reroutes proposed for it, oldest first. */
  proposals: string[];
  openExceptions: string[];
};

/** Open work, with its sales value less cost and what missing its promises costs besides, in minor units. */
export type Affected = {
  orders: number;
  lines: number;
  margin: number;
  penalty: number;
  /** Orders per channel. */
  channels: Record<string, number>;
};
