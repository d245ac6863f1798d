/** Available stock of a SKU: how it came to where it is, and where it goes. */
import { z } from 'zod';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().min(1).max(200);
const point = z.tuple([time, z.number()]);

/** Without a node, all nodes together. */
export const projectionQuery = z.object({ node: name.optional() });

export const projectionView = z.object({
  sku: z.string(),
  node: z.string().nullable(),
  name: z.string(),
  asOf: time,
  /** Sellable units less safety stock, less what is accepted and not allocated where all nodes are asked for. */
  available: z.int(),
  /** Of the nodes asked for, together. */
  safetyStock: z.int(),
  /** Units of accepted order lines that wait for stock, and their lines; of the SKU, whatever the node. */
  waitingUnits: z.int(),
  waitingLines: z.int(),
  /** Units sold a day, over so many days of the policy. */
  perDay: z.number(),
  learnDays: z.int(),
  /** Oldest first; empty when history does not answer. */
  past: z.array(point),
  ahead: z.array(point),
  gap: z.object({ from: time, to: time }).nullable(),
  receipts: z.array(
    z.object({
      ref: z.string(),
      kind: z.enum(['purchase-order', 'transfer']),
      node: z.string(),
      at: time,
      quantity: z.int(),
      confirmed: z.boolean(),
      supplier: z.string(),
      /** Should have come by now: nobody can say when it does. */
      overdue: z.boolean(),
    }),
  ),
});
export type ProjectionView = z.infer<typeof projectionView>;
