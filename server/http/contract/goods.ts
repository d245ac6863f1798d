/** Goods in detail: lots, what a unit costs, transfers, returns, and the ways units may go. */
import { z } from 'zod';
import { id, text } from '../../../streams/events/fields.ts';
import { dispositions } from '../../../streams/events/returns.ts';
import { transferStatuses } from '../../../streams/events/transfers.ts';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export const lotsQuery = pageQuery.extend({
  sku: id.optional(),
  node: id.optional(),
  /** Only records with a lot that expires before this moment, in epoch milliseconds. */
  expiresBefore: z.coerce.number().int().min(0).optional(),
});
/** What is left of each lot at one node, first to expire first. Each bucket adds up to the stock record. */
export const lotsView = z.object({
  sku: z.string(),
  node: z.string(),
  lots: z.array(
    z.object({
      /** Null for units that came in without a lot. */
      lot: z.string().nullable(),
      expiresAt: time.nullable(),
      receivedAt: time.nullable(),
      sellable: z.int(),
      allocated: z.int(),
      quarantined: z.int(),
      damaged: z.int(),
      returnPending: z.int(),
      inTransit: z.int(),
    }),
  ),
});
export const lotsPage = page(lotsView);
export type LotsView = z.output<typeof lotsView>;

/** How the cost of one unit came about, day by day. Money in minor units. */
export const costView = z.object({
  sku: z.string(),
  currency: z.string(),
  /** What a unit is worth: the average rounded, else the standard cost, else null. */
  unitCost: z.int().nullable(),
  standardCost: z.int().nullable(),
  /** In ten-thousandths of a minor unit; null until something came with a cost. */
  average: z.int().nullable(),
  /** Units the company owns, those on their way included. */
  unitsOwned: z.int(),
  /** What is not told day by day any more. */
  base: z.object({ until: z.string().nullable(), units: z.int(), average: z.int().nullable() }),
  /** Oldest first: other changes count first, then receipts, then sales. */
  days: z.array(
    z.object({
      day: z.string(),
      otherUnits: z.int(),
      received: z.int(),
      receivedValue: z.int(),
      sold: z.int(),
      unitsAfter: z.int(),
      averageAfter: z.int().nullable(),
    }),
  ),
  /** What the weekly look found; null while nothing is on hand. */
  review: z
    .object({
      at: time.nullable(),
      due: time,
      soldPerDay: z.number().nullable(),
      excess: z.int(),
      aged: z.int(),
      expiring: z.int(),
    })
    .nullable(),
});
export type CostView = z.output<typeof costView>;

export const transfersQuery = pageQuery.extend({
  status: z.enum(transferStatuses).optional(),
  /** Where it starts or where it goes. */
  node: id.optional(),
  sku: id.optional(),
  late: flag.optional(),
});
export const transferView = z.object({
  transfer: z.string(),
  status: z.enum(transferStatuses),
  fromNode: z.string(),
  toNode: z.string(),
  late: z.boolean(),
  expectedAt: time.nullable(),
  requestedAt: time.nullable(),
  sentAt: time.nullable(),
  receivedAt: time.nullable(),
  closedAt: time.nullable(),
  cancelledAt: time.nullable(),
  reason: z.string(),
  by: z.string(),
  source: z.string(),
  lines: z.array(
    z.object({
      sku: z.string(),
      requested: z.int(),
      sent: z.int(),
      received: z.int(),
      writtenOff: z.int(),
      onTheWay: z.int(),
      unsent: z.int(),
    }),
  ),
});
export const transfersPage = page(transferView);
export type TransferView = z.output<typeof transferView>;
export const transferClosing = z.object({ reason: text.min(1), to: z.enum(['loss', 'unknown']).default('unknown') });
export const transferCancelling = z.object({ reason: text.min(1) });

export const returnsQuery = pageQuery.extend({
  node: id.optional(),
  sku: id.optional(),
  /** Only those of which something waits for a judgement. */
  waiting: flag.optional(),
  overdue: flag.optional(),
});
export const returnView = z.object({
  return: z.string(),
  node: z.string(),
  order: z.string().nullable(),
  receivedAt: time.nullable(),
  /** When it should have been judged. */
  due: time.nullable(),
  overdue: z.boolean(),
  /** Units that wait. */
  waiting: z.int(),
  lines: z.array(
    z.object({
      sku: z.string(),
      reason: z.string(),
      quantity: z.int(),
      /** What the disposition policy said of the reason, and how much of it the policy has done by itself. */
      proposed: z.enum(dispositions),
      automatic: z.boolean(),
      done: z.int(),
    }),
  ),
  judged: z.array(z.object({ sku: z.string(), quantity: z.int() })),
});
export const returnsPage = page(returnView);
export type ReturnView = z.output<typeof returnView>;

const transitionRule = z.object({
  rule: z.string(),
  from: z.array(z.string()),
  to: z.array(z.string()),
  when: z.string(),
});
/** Which places units may go between. What is in neither list is refused. */
export const transitionsAnswer = z.object({
  automatic: z.array(transitionRule),
  answered: z.array(transitionRule),
});

export const stockVoid = z.object({
  /** The event to take back, by the source that sent it. */
  source: id,
  event: id,
  reason: text.min(1),
});
