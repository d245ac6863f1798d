/** Where another system decides: what we would have done with an order, until it is known what was done. */
export type Advised = {
  /** Units per node, sorted by node. */
  nodes: [string, number][];
  unfilled: number;
  shipments: number;
  cost: number;
  /** Units that have left, per node, sorted by node. */
  shipped: [string, number][];
  /** Whether advice and deed have been compared. */
  judged: boolean;
};
