/** The bodies of the policies about orders: where they ship from, how long each step may take, what may be refunded. */
import { z } from 'zod';
import { id } from './fields.ts';

const minutes = z
  .int()
  .min(0)
  .max(60 * 24 * 60);

/** How long a hold of one reason may last, and what becomes of the order's stock meanwhile. */
const hold = z.object({
  /** From then on somebody is told. */
  agesAfterMinutes: minutes.default(240),
  /** The order gives its stock back after this time; it keeps it when this is not said. */
  givesBackAfterMinutes: minutes.optional(),
});

export const orderPolicySchemas = {
  /** From which nodes an order ships. */
  sourcing: z.object({
    /** Shipments one order may be split into; exact up to three. */
    shipmentsMax: z.int().min(1).max(10).default(3),
    /** Whether a node that would miss the promise is worse than one more shipment. */
    onTimeFirst: z.boolean().default(true),
  }),
  /** Steps of an order that may be late, what holds do to its stock, and what may be refunded. */
  orders: z.object({
    holds: z
      .object({ fraud: hold.optional(), payment: hold.optional(), address: hold.optional(), other: hold.optional() })
      .default({}),
    /** From the release to the node until everything is picked. */
    pickWithinMinutes: minutes.default(120),
    /** From ship-by until a packed order has left, or a carrier has scanned it where carriers do. */
    proofWithinMinutes: minutes.default(120),
    /** Nodes whose parcels are scanned by their carrier; `*` for all. Elsewhere the dispatch is proof enough. */
    scannedNodes: z.array(id).max(500).default([]),
    /** Whether anybody tells us of deliveries. */
    deliveriesAreReported: z.boolean().default(true),
    deliveryGraceMinutes: minutes.default(0),
    /** An order line that waits for stock for longer than this is told. */
    unallocatedAfterMinutes: minutes.default(60),
    /** Refunds may pass what the order is worth by this share of it: shipping and tax are often not told. */
    refundBeyondShare: z.number().min(0).max(10).default(0.5),
    /** Where units go that could not be found when they were to be picked. */
    shortPicked: z.enum(['unknown', 'quarantined']).default('unknown'),
  }),
} as const;
