/** What people and systems say is there, record by record. */
import { z } from 'zod';
import { assertedMeasure, treatments } from './accuracy-policies.ts';
import { bucket, id, instant, signedQuantity, text } from './fields.ts';

/** One of the item's units; base units when left out. */
const unit = text.optional();
const by = text.optional();
const author = text.min(1);

export const countCauses = ['routine', 'list', 'suspicion', 'pick-failure', 'recount'] as const;

export const assertionEvents = {
  /** Somebody counted one bucket, or all that is on hand; compared with our figure as of `countedAt`. */
  'stock.counted': z.object({
    sku: id,
    node: id,
    bucket: z.union([bucket, z.literal('on-hand')]).default('sellable'),
    quantity: signedQuantity,
    unit,
    countedAt: instant.optional(),
    /** Why it was counted: how right records are is learned from `routine` and `list`, which nobody's doubt has chosen. */
    cause: z.enum(countCauses).optional(),
    by,
  }),
  /** An outside system states an absolute quantity as of `observedtime`. Never a movement by itself. */
  'stock.asserted': z.object({
    sku: id,
    node: id,
    /** `available` is what may be sold: sellable less safety stock. */
    measure: assertedMeasure,
    quantity: signedQuantity,
    unit,
    /** How to treat it, where that differs from the policy `assertion`. */
    policy: z.enum(treatments).optional(),
  }),
  /** Somebody is asked to count a record; the next count of it is the answer. */
  'stock.count-requested': z.object({
    sku: id,
    node: id,
    by: author,
    reason: text.optional(),
  }),
};
