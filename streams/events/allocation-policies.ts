/** The bodies of the policies about who gets what: allocation, protection, promise, publication, stockout. */
import { z } from 'zod';
import { id, instant, quantityOrZero, text } from './fields.ts';

const RULES_MAX = 200;
const names = z.array(text).max(100).default([]);
const share = z.number().min(0).max(1);

/** Who a rule speaks of. An empty list means everybody; of several lists, all have to fit. */
const buyers = {
  channels: names,
  segments: names,
  services: names,
};

export const allocationPolicySchemas = {
  /** Who comes first, who may take the last units, and what happens when nothing is left. */
  allocation: z.object({
    /** What happens to units that nobody can give: `backorder`: they wait. `refuse`: they are cancelled at once. */
    shortage: z.enum(['backorder', 'refuse']).default('backorder'),
    /** The first rule that fits an order gives its rank, 1 being the best; whoever fits none has rank 50. */
    ranks: z
      .array(
        z.object({
          name: text,
          ...buyers,
          /** Margin of the whole order, as a share of what it is worth, from which this rule speaks of it. */
          marginShareFrom: z.number().min(-10).max(1).optional(),
          rank: z.int().min(1).max(99),
          shortage: z.enum(['backorder', 'refuse']).optional(),
        }),
      )
      .max(RULES_MAX)
      .default([]),
    /** The last `units` of each SKU at each node go only to orders of rank `ranksUpTo` or better. */
    lastUnits: z
      .array(z.object({ units: quantityOrZero, ranksUpTo: z.int().min(1).max(99), sku: id.optional() }))
      .max(RULES_MAX)
      .default([]),
    /** How long a cart is kept that does not say so itself, and the longest one may be. */
    cartMinutes: z.int().min(1).max(10_080).default(30),
    cartMinutesMax: z.int().min(1).max(10_080).default(1_440),
  }),
  /**
   * Stock kept for some, best first: a rule binds everybody except those it names and those an earlier rule names. So the
   * last unit always belongs to somebody.
   */
  protection: z.object({
    rules: z
      .array(
        z.object({
          name: text,
          sku: id.optional(),
          category: text.optional(),
          /** Without one it holds at every node. */
          node: id.optional(),
          ...buyers,
          /** Units per node, or a share of what the node has on sale and allocated; of both, the greater. */
          quantity: quantityOrZero.default(0),
          share: share.default(0),
          lapsesAt: instant.optional(),
          /** In the last hours before the node's cut-off it is open to everybody: better sold today than kept. */
          lapsesHoursBeforeCutOff: z.int().min(1).max(24).optional(),
        }),
      )
      .max(RULES_MAX)
      .default([]),
  }),
  /** What may be promised from goods that are still on their way. */
  promise: z.object({
    /** The share of a confirmed receipt that is counted on while the supplier has no record of its own. */
    supplierShareUnproven: share.default(0.8),
    /** Units that must have come due before a supplier's own record counts for half. */
    provenAtUnits: z.int().min(1).max(1_000_000).default(100),
    /** From the expected receipt until the goods can leave, in hours. */
    handlingHours: z.int().min(0).max(720).default(24),
  }),
  /** Which channels are told what they may sell, and how big a change must be to be told. */
  publication: z.object({
    channels: z
      .array(
        z.object({
          channel: id,
          /** Up to this many units every change is told; so are sold out and back on sale. */
          exactUpTo: quantityOrZero.default(10),
          /** Above it, a change by this share of what was told last. */
          changeShare: share.default(0.2),
          /** Never tell more than this. */
          unitsMax: quantityOrZero.optional(),
          /** A SKU that was sold out is told to be back only from this many units on. */
          backFrom: quantityOrZero.default(1),
        }),
      )
      .max(100)
      .default([]),
  }),
  /** When a node is expected to run out before its next receipt. */
  stockout: z.object({
    /** Days ahead that are looked at. */
    horizonDays: z.int().min(1).max(90).default(14),
    /** Days of sales behind, from which the rate is learned. */
    learnDays: z.int().min(1).max(14).default(7),
    /** Slower movers are not watched: units in those days. */
    unitsMin: z.int().min(1).max(10_000).default(3),
  }),
};
