/** What may be promised, what is kept for whom, and what channels are told, as the API tells it. */
import { z } from 'zod';
import { AVAILABILITY_SKUS_MAX } from '../../../streams/events/reservations.ts';
import { PAGE_MAX, page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().min(1).max(200);

// --- ATP
export const atpQuery = z
  .object({
    sku: name,
    /** For a channel: the sum over its nodes, less what is kept for others. Else for one node. */
    channel: name.optional(),
    node: name.optional(),
    /** Adds the confirmed receipts up to this moment. */
    until: z.coerce.number().int().min(0).optional(),
  })
  .refine(({ channel, node }) => (channel === undefined) !== (node === undefined), 'name a channel or a node');
export const atpView = z.object({
  sku: z.string(),
  channel: z.string().nullable(),
  node: z.string().nullable(),
  /** Keeps its sign: below zero, more was promised than there is. */
  atp: z.int(),
  /** Steps add up to `atp`, the parts of a step to the step. Each part names what explains it. */
  steps: z.array(
    z.object({
      step: z.string(),
      quantity: z.int(),
      parts: z.array(z.object({ explain: z.string(), quantity: z.int() })),
    }),
  ),
  until: time.nullable(),
  /** The sequence of the last event in these figures. */
  asOf: z.int(),
});
export type AtpView = z.infer<typeof atpView>;

// --- Promises
export const promisesView = z.object({
  order: z.string(),
  lines: z.array(
    z.object({
      line: z.string(),
      sku: z.string(),
      /** Units that are reserved already, per node. */
      reserved: z.array(z.object({ node: z.string(), quantity: z.int() })),
      waiting: z.int(),
      /** Units that wait before this line. */
      ahead: z.int(),
      /** When the last waiting unit can leave; null when receipts do not reach that far. */
      shipAt: time.nullable(),
      parts: z.array(z.object({ ref: z.string(), node: z.string(), units: z.int(), shipAt: time })),
      uncovered: z.int(),
    }),
  ),
  asOf: z.int(),
});
export type PromisesView = z.infer<typeof promisesView>;

// --- Inbound
export const inboundView = z.object({
  sku: z.string(),
  items: z.array(
    z.object({
      ref: z.string(),
      kind: z.enum(['purchase-order', 'transfer']),
      node: z.string(),
      quantity: z.int(),
      expectedAt: time,
      confirmed: z.boolean(),
      supplier: z.string().nullable(),
      /** The share of it that promises count on, by the supplier's record. */
      share: z.number(),
    }),
  ),
  asOf: z.int(),
});
export type InboundView = z.infer<typeof inboundView>;

export const purchaseOrderView = z.object({
  purchaseOrder: z.string(),
  supplier: z.string().nullable(),
  cancelledAt: time.nullable(),
  lines: z.array(
    z.object({
      line: z.string(),
      sku: z.string(),
      node: z.string(),
      quantity: z.int(),
      received: z.int(),
      outstanding: z.int(),
      expectedAt: time,
      /** The date that was named first. */
      promisedAt: time,
      /** The date has gone by, and nobody has named another: what is outstanding is not counted on. */
      overdue: z.boolean(),
    }),
  ),
});
export type PurchaseOrderView = z.infer<typeof purchaseOrderView>;

// --- Reservations
export const reservationStatuses = ['announced', 'held', 'committed', 'released', 'expired'] as const;
export const reservationsQuery = pageQuery.extend({
  sku: name.optional(),
  node: name.optional(),
  status: z.enum(reservationStatuses).default('held'),
  /** Only those whose order is unknown or closed. */
  orphaned: z.stringbool().optional(),
});
export const reservationView = z.object({
  reservation: z.string(),
  owner: z.enum(['cart', 'order', 'transfer']),
  ownerId: z.string(),
  channel: z.string().nullable(),
  sku: z.string(),
  quantity: z.int(),
  held: z.array(z.object({ node: z.string(), quantity: z.int() })),
  heldAt: time,
  expiresAt: time.nullable(),
  status: z.enum(reservationStatuses),
  endedAt: time.nullable(),
  orphaned: z.boolean(),
  source: z.string(),
});
export type ReservationView = z.infer<typeof reservationView>;
export const reservationsPage = page(reservationView);

// --- What channels are told
export const availabilityQuery = pageQuery.extend({ channel: name.optional(), q: z.string().max(200).optional() });
export const availabilityView = z.object({
  sku: z.string(),
  channel: z.string(),
  /** What the channel may sell. */
  quantity: z.int(),
  /** The channel's ATP when it was told. */
  atp: z.int(),
  /** Its place in the feed: of two figures the one with the higher version holds. */
  version: z.int(),
  at: time,
});
export type AvailabilityView = z.infer<typeof availabilityView>;
export const availabilityPage = page(availabilityView);
export const availabilityChangesQuery = z.object({
  /** The `cursor` of the answer before; 0 for the beginning. */
  cursor: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(100),
  channel: name.optional(),
});
export const availabilityChanges = z.object({
  items: z.array(availabilityView),
  /** Where to go on; ask again with it, now when `more` is true, else in a while. */
  cursor: z.int(),
  more: z.boolean(),
});
/** The same changes as CloudEvents 1.0, for who passes them on to a queue. */
export const availabilityEvents = z.object({
  items: z.array(
    z.object({
      specversion: z.literal('1.0'),
      /** The same change has the same id, however often it is read. */
      id: z.string(),
      source: z.string(),
      type: z.literal('availability.published'),
      subject: z.string(),
      time: z.string(),
      data: availabilityView,
    }),
  ),
  cursor: z.int(),
  more: z.boolean(),
});
export type AvailabilityEvents = z.infer<typeof availabilityEvents>;
export const availabilityRequest = z.object({
  channel: name,
  skus: z.array(name).min(1).max(AVAILABILITY_SKUS_MAX),
});
