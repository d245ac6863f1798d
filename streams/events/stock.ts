/** Stock: movements between places. */
import { z } from 'zod';
import { bucket, id, instant, money, quantity, signedQuantity, text } from './fields.ts';

/** One of the item's units; base units when left out. */
const unit = text.optional();
/** Which lot it is, for items that are tracked by lot: required where goods come in. */
const lot = id.optional();
/** Who answers for it; its source does when nobody is named. */
const by = text.optional();

export const stockEvents = {
  'stock.received': z.object({
    sku: id,
    node: id,
    quantity,
    /** Where it came from: an advised shipment on its way, or the supplier unannounced. */
    from: z.enum(['supplier', 'in-transit']).default('supplier'),
    into: z.enum(['sellable', 'quarantined']).default('sellable'),
    unit,
    /** What one of the stated unit cost; it moves the average cost of the item. */
    unitCost: money.optional(),
    purchaseOrder: id.optional(),
    lot,
    /** When the lot may not be sold any more. */
    expiresAt: instant.optional(),
  }),
  /** A signed change of one bucket by a person or a system that knows better; the other side is `against`. */
  'stock.adjusted': z.object({
    sku: id,
    node: id,
    bucket: bucket.default('sellable'),
    quantity: signedQuantity.refine((value) => value !== 0, 'must not be zero'),
    unit,
    reason: text,
    against: z.enum(['unknown', 'loss', 'supplier']).default('unknown'),
    unitCost: money.optional(),
    lot,
    by,
  }),
  /** One line of a transfer: `sent` takes sellable stock onto its way to the other node, `received` puts it there. */
  'stock.transferred': z.object({
    transfer: id,
    sku: id,
    quantity,
    unit,
    lot,
    fromNode: id,
    toNode: id,
    stage: z.enum(['sent', 'received']),
    expectedAt: instant.optional(),
  }),
  'stock.condition-changed': z.object({
    sku: id,
    node: id,
    quantity,
    from: z.enum(['sellable', 'quarantined', 'damaged', 'return-pending']),
    to: z.enum(['sellable', 'quarantined', 'damaged', 'loss']),
    unit,
    reason: text,
    lot,
    by,
  }),
  /**
   * The event that `corrects` names should never have been sent: its movements are taken back, and nothing else is.
   * People take back events of any source by naming `source` and `event` instead.
   */
  'stock.voided': z.object({ reason: text, by, source: id.optional(), event: id.optional() }),
};
