/** Returns: goods that come back and what becomes of them. */
import { z } from 'zod';
import { id, quantity, text } from './fields.ts';
import { LINES_PER_ORDER_MAX } from './orders.ts';

/** What can become of goods that came back. */
export const dispositions = ['sellable', 'damaged', 'quarantined', 'loss'] as const;
export type Disposition = (typeof dispositions)[number];

/** One of the item's units; base units when left out. */
const unit = text.optional();
const lot = id.optional();

export const returnEvents = {
  'return.received': z.object({
    return: id,
    node: id,
    /** The order it belongs to, when it is known. */
    order: id.optional(),
    /** Of the customer, for returns whose order is not known. */
    country: text.optional(),
    lines: z
      .array(z.object({ line: id.optional(), sku: id, quantity, unit, reason: text.default('unstated'), lot }))
      .min(1)
      .max(LINES_PER_ORDER_MAX),
  }),
  'return.judged': z.object({
    return: id,
    node: id,
    by: text.optional(),
    lines: z
      .array(z.object({ sku: id, quantity, unit, to: z.enum(dispositions), lot }))
      .min(1)
      .max(LINES_PER_ORDER_MAX),
  }),
};
