/** Items: what is sold and stocked. */
import { z } from 'zod';
import { id, money, quantity, quantityOrZero, text } from './fields.ts';

export const itemEvents = {
  /** An item's master data as it stands now; the newest `time` wins whatever the order of arrival. */
  'item.defined': z.object({
    sku: id,
    name: text,
    category: text.optional(),
    unitCost: money.optional(),
    unitPrice: money.optional(),
    supplier: id.optional(),
    /** A, B or C: sets the tolerance of counts (1 %, 3 %, 5 %). */
    abc: z.enum(['A', 'B', 'C']).optional(),
    /** Units kept back at every node before anything is promised. */
    safetyStock: quantityOrZero.optional(),
    packSize: quantity.optional(),
    active: z.boolean().default(true),
  }),
};
