/** Stock: movements between places, and statements about how much is there. */
import { z } from 'zod';
import { bucket, id, instant, money, quantity, signedQuantity, text } from './fields.ts';

export const stockEvents = {
  'stock.received': z.object({
    sku: id,
    node: id,
    quantity,
    /** Where it came from: an advised shipment on its way, or the supplier unannounced. */
    from: z.enum(['supplier', 'in-transit']).default('supplier'),
    into: z.enum(['sellable', 'quarantined']).default('sellable'),
    unitCost: money.optional(),
    purchaseOrder: id.optional(),
  }),
  /** A signed change of one bucket by a person or a system that knows better; the other side is `against`. */
  'stock.adjusted': z.object({
    sku: id,
    node: id,
    bucket: bucket.default('sellable'),
    quantity: signedQuantity.refine((value) => value !== 0, 'must not be zero'),
    reason: text,
    against: z.enum(['unknown', 'loss', 'supplier']).default('unknown'),
    unitCost: money.optional(),
  }),
  /** `sent` takes sellable stock onto its way to the other node, `received` puts it there. */
  'stock.transferred': z.object({
    transfer: id,
    sku: id,
    quantity,
    fromNode: id,
    toNode: id,
    stage: z.enum(['sent', 'received']),
    expectedAt: instant.optional(),
  }),
  /** Somebody counted one bucket; compared with our figure as of `countedAt`. */
  'stock.counted': z.object({
    sku: id,
    node: id,
    bucket: bucket.default('sellable'),
    quantity: signedQuantity,
    countedAt: instant.optional(),
    by: text.optional(),
  }),
  /** An outside system states an absolute quantity. Never a movement by itself. */
  'stock.asserted': z.object({
    sku: id,
    node: id,
    measure: z.union([bucket, z.enum(['available', 'on-hand'])]),
    quantity: signedQuantity,
    policy: z.enum(['authoritative', 'advisory', 'ignored']).default('advisory'),
  }),
  'stock.condition-changed': z.object({
    sku: id,
    node: id,
    quantity,
    from: z.enum(['sellable', 'quarantined', 'damaged', 'return-pending']),
    to: z.enum(['sellable', 'quarantined', 'damaged', 'loss']),
    reason: text,
  }),
};
