/** The lots of one tracked SKU at one node. */
export type Lots = { sku: string; node: string; lots: Lot[] };

/**
 * What is known of one lot by name: units that came in or were moved under it, by where they are. Units that left
 * without a name are not taken off here: `lotsIn` works out what must be left of each lot.
 */
export type Lot = {
  lot: string;
  /** 0 when nobody has said. */
  expiresAt: number;
  receivedAt: number;
  /** Sellable and allocated together: an order is promised units, not lots. */
  sale: number;
  quarantined: number;
  damaged: number;
  'return-pending': number;
  'in-transit': number;
};
