/** What is on its way to us of one SKU: units that are expected and have not arrived. */
export type InboundEntry = {
  /** The purchase order or the transfer. One entry per reference and node. */
  ref: string;
  kind: 'purchase-order' | 'transfer';
  node: string;
  /** Units still to come. */
  quantity: number;
  expectedAt: number;
  /** Only what was confirmed can be promised to customers. */
  confirmed: boolean;
  /** Empty for transfers. */
  supplier: string;
};
export type Inbound = { sku: string /** Soonest first. */; entries: InboundEntry[] };
