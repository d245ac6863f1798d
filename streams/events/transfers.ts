/** Transfers: stock that goes from one node to another, from the request to the last unit that arrived or did not. */
import { z } from 'zod';
import { id, instant, quantity, text } from './fields.ts';

/** Lines of one transfer; more goods than that travel under several. */
export const LINES_PER_TRANSFER_MAX = 200;

export const transferStatuses = ['requested', 'in-transit', 'received', 'closed', 'cancelled'] as const;
export type TransferStatus = (typeof transferStatuses)[number];

const line = z.object({
  sku: id,
  quantity,
  /** One of the item's units; base units when left out. */
  unit: text.optional(),
  /** Lots are taken first to expire first out when none is named. */
  lot: id.optional(),
});
const lines = z.array(line).min(1).max(LINES_PER_TRANSFER_MAX);
const between = { transfer: id, fromNode: id, toNode: id };

export const transferEvents = {
  /** Somebody wants stock to move: what is on sale at `fromNode` is reserved for it until it is sent or cancelled. */
  'transfer.requested': z.object({
    ...between,
    lines,
    expectedAt: instant.optional(),
    reason: text.optional(),
    by: text.optional(),
  }),
  /** Goods have left; several may leave one after the other. They are on their way to `toNode` and not on hand anywhere. */
  'transfer.sent': z.object({ ...between, lines, expectedAt: instant.optional() }),
  /** Goods have arrived, perhaps a part of them. */
  'transfer.received': z.object({
    ...between,
    lines,
    into: z.enum(['sellable', 'quarantined']).default('sellable'),
  }),
  /** Nothing more will arrive: what was sent and did not come goes to `to`, with the reason. */
  'transfer.closed': z.object({
    transfer: id,
    reason: text,
    to: z.enum(['loss', 'unknown']).default('unknown'),
    by: text.optional(),
  }),
  /** Nothing more will be sent: what is still reserved goes back on sale. What is on its way stays on its way. */
  'transfer.cancelled': z.object({ transfer: id, reason: text, by: text.optional() }),
};
