/** Returns: goods that come back and what becomes of them. */
import { z } from 'zod';
import { id, quantity, text } from './fields.ts';
import { LINES_PER_ORDER_MAX } from './orders.ts';

export const returnEvents = {
  'return.received': z.object({
    return: id,
    node: id,
    /** The order it belongs to, when it is known. */
    order: id.optional(),
    /** Of the customer, for returns whose order is not known. */
    country: text.optional(),
    lines: z
      .array(z.object({ line: id.optional(), sku: id, quantity, reason: text.default('unstated') }))
      .min(1)
      .max(LINES_PER_ORDER_MAX),
  }),
  'return.judged': z.object({
    return: id,
    node: id,
    lines: z
      .array(z.object({ sku: id, quantity, to: z.enum(['sellable', 'damaged', 'quarantined', 'loss']) }))
      .min(1)
      .max(LINES_PER_ORDER_MAX),
  }),
};
