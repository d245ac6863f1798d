/** Items: what is sold and stocked. */
import { z } from 'zod';
import { id, money, quantity, quantityOrZero, text } from './fields.ts';

/** Packs that one item is bought, moved and counted in. */
const UNITS_PER_ITEM_MAX = 20;
const unitName = z.string().min(1).max(40);

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
    /** The unit quantities are counted in. */
    baseUnit: unitName.optional(),
    /** Units that events may speak of instead, such as a case of 12: `{ unit: 'case', factor: 12 }`. */
    units: z
      .array(z.object({ unit: unitName, factor: quantity }))
      .max(UNITS_PER_ITEM_MAX)
      .refine((units) => new Set(units.map((packed) => packed.unit)).size === units.length, 'names a unit twice')
      .optional(),
    /** Receipts must name a lot; what expires first goes first. */
    lotTracked: z.boolean().optional(),
    active: z.boolean().default(true),
    by: text.optional(),
  }),
};
