/** What a supplier has confirmed and what of it has come. Every part stands apart, so that events may come in any order. */
export type PurchaseOrderLine = {
  line: string;
  /** Empty while only a change of the line is known. */
  sku: string;
  node: string;
  quantity: number;
  /** 0 while no date is known. */
  expectedAt: number;
  /** Business time of the newest statement about each of these four: each field is as it was said last. */
  statedAt: { sku: number; node: number; quantity: number; expectedAt: number };
  /** The date the supplier named first, by which its record is judged, and when it named it. */
  promisedAt: number;
  firstStatedAt: number;
  /** Whether its date has passed and has gone into the supplier's record. */
  judged: boolean;
  /** The date named last, once it has gone by without all of it; 0 before. A newer date makes it wait again. */
  passed: number;
  /** When the last of its units came; 0 while some are missing. */
  completedAt: number;
  /** What was due when its first date had gone by, and what of it had come; null before. */
  due: { units: number; came: number } | null;
};
export type PurchaseOrder = {
  purchaseOrder: string;
  /** Empty while only its receipts are known. */
  supplier: string;
  /** Whose clock tells when it is due. */
  source: string;
  lines: PurchaseOrderLine[];
  /** Units that have come, as [sku, node, units, when the newest came], also before anything was confirmed. */
  received: [string, string, number, number][];
  /** Business time of the newest event about it. */
  heardAt: number;
  /** Business time of the cancellation of all of it; 0 when there is none. */
  cancelledAt: number;
};

/**
 * Orders whose first date has gone by, and how many of them were complete so many days after it, by the edges of
 * streams/policies/chances/arrival.ts; what is in none has not come. In thousandths of an order, each line its part.
 */
export type Lateness = {
  judged: number;
  /** By when we heard of them first. */
  entered: number[];
  came: number[];
};

/** How a supplier has kept its dates so far: units by the first date named, and lines by the day they were complete. */
export type SupplierRecord = { supplier: string; dueUnits: number; onTimeUnits: number; lateness?: Lateness };
/** All suppliers together. No supplier has this name: `|` is in none. */
export const ALL_SUPPLIERS = '|all';
