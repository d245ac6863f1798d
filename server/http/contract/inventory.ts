/** Stock as lists show it: one line per SKU and node, or SKUs down and nodes across; sorted, filtered and summed by the server. */
import { z } from 'zod';
import { stockRow } from '../../live/contract.ts';
import { page, pageQuery } from '../contract.ts';
import { stockSorts } from './stock-sorts.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().max(200).optional();
const DAYS_MAX = 3_650;

export { type StockSort, stockSorts } from './stock-sorts.ts';

export const stockQuery = pageQuery.extend({
  /** Words of the SKU, its name or its category; all of them. */
  q: name,
  node: name,
  category: name,
  sku: name,
  /** Only where the available-to-promise is at or below zero. */
  short: z.stringbool().optional(),
  /** Only where a bucket is below zero. */
  negative: z.stringbool().optional(),
  /** Only where a system states something else beyond its tolerance. */
  drifting: z.stringbool().optional(),
  /** Only where a stockout is expected before the next receipt: an exception says so. */
  stockout: z.stringbool().optional(),
  /** Only records whose confidence is below this. */
  confidenceBelow: z.coerce.number().min(0).max(1).optional(),
  /** Only records that were not counted for so many days. */
  notCountedDays: z.coerce.number().int().min(1).max(DAYS_MAX).optional(),
  /** `value` is for those who may see cost. */
  sort: z.enum(stockSorts).default('sku'),
  direction: z.enum(['up', 'down']).default('up'),
});
export type StockQuery = z.output<typeof stockQuery>;

/** Fields of cost are absent for whoever may not see it; null means that the cost is not known. */
export const stockLine = stockRow.extend({
  category: z.string().nullable(),
  unitCost: z.int().nullable().optional(),
  /** Units on hand at unit cost, in minor units. */
  stockValue: z.int().nullable().optional(),
  /** Units sold a day of late, and how many days what is available lasts at that rate; null while nothing sells. */
  perDay: z.number(),
  coverDays: z.number().nullable(),
  /** The probability that the record is right. */
  confidence: z.number(),
  /** The largest difference that a system states, beyond its tolerance: stated less ours; null while all agree. */
  drift: z.object({ source: z.string(), measure: z.string(), difference: z.int(), since: time }).nullable(),
  stockoutExpected: z.boolean(),
});
export type StockLine = z.infer<typeof stockLine>;

const sums = z.object({
  sellable: z.int(),
  allocated: z.int(),
  quarantined: z.int(),
  damaged: z.int(),
  returnPending: z.int(),
  inTransit: z.int(),
  onHand: z.int(),
  safetyStock: z.int(),
  atp: z.int(),
  stockValue: z.int().optional(),
});
export type StockSums = z.infer<typeof sums>;
const whole = {
  /** How many fit the filters, on all pages. */
  total: z.int(),
  /** Sums over all of them. */
  sums,
};
export const stockPage = page(stockLine).extend(whole);
export type StockPage = z.infer<typeof stockPage>;

export const stockMatrixRow = z.object({
  sku: z.string(),
  name: z.string(),
  category: z.string().nullable(),
  atp: z.int(),
  onHand: z.int(),
  /** One per node that keeps it. */
  cells: z.array(
    z.object({ node: z.string(), atp: z.int(), onHand: z.int(), safetyStock: z.int(), stockoutExpected: z.boolean() }),
  ),
});
export type StockMatrixRow = z.infer<typeof stockMatrixRow>;
/** A SKU is in it with all its nodes when one of its records fits the filters. */
export const stockMatrix = page(stockMatrixRow).extend({
  ...whole,
  /** The nodes across, with what they hold of all these SKUs. */
  nodes: z.array(z.object({ node: z.string(), name: z.string(), atp: z.int(), onHand: z.int(), short: z.int() })),
});
export type StockMatrix = z.infer<typeof stockMatrix>;

/** Lines of what is on the screen, read again by their `SKU|NODE`, one a line of text. */
export const LINES_PER_QUESTION_MAX = 200;
export const stockLinesQuery = z.object({
  ids: z
    .string()
    .max(60_000)
    .transform((text) => text.split('\n').filter(Boolean))
    .refine((ids) => ids.length <= LINES_PER_QUESTION_MAX, `names more than ${LINES_PER_QUESTION_MAX} records`),
});
export const stockLinesAnswer = z.object({ items: z.array(stockLine) });

/** What filters can be chosen from. */
export const stockFacets = z.object({ categories: z.array(z.string()) });
export type StockFacets = z.infer<typeof stockFacets>;
