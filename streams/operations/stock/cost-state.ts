/** What the units of one SKU cost, kept with its ledger; see costing.ts. */
export type Cost = {
  /** Moving average in ten-thousandths of a minor unit; null until something came with a cost. */
  average: number | null;
  /** Units owned, and their average, at the end of `baseDay`: the newest day that is not kept by itself any more. */
  baseUnits: number;
  baseAverage: number | null;
  baseDay: number;
  /** Oldest first. */
  days: CostDay[];
};

/** [day since 1970 in UTC, units received with a cost, their value in minor units, units sold, other units in less out]. */
export type CostDay = [number, number, number, number, number];
