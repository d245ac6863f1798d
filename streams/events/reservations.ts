/** Reservations that belong to no order line yet: carts, and what other systems hold for orders of theirs. */
import { z } from 'zod';
import { id, instant, quantity, text } from './fields.ts';

export const reservationEvents = {
  /**
   * Somebody wants units kept. Where we decide, it is refused when less is available; where others do, it is followed.
   * `ownerId` names the cart or the order. Without a node the channel's nodes are asked, first choice first.
   */
  'reservation.held': z.object({
    reservation: id,
    owner: z.enum(['cart', 'order']).default('cart'),
    ownerId: id,
    channel: id.optional(),
    segment: text.optional(),
    sku: id,
    node: id.optional(),
    quantity,
    /** A cart without one is kept as long as the allocation policy says. */
    expiresAt: instant.optional(),
  }),
  /** A reservation is kept longer; the latest moment said holds, whatever the order of arrival. */
  'reservation.extended': z.object({ reservation: id, expiresAt: instant }),
  /** Without a quantity all of it is given back. */
  'reservation.released': z.object({ reservation: id, quantity: quantity.optional(), reason: text.optional() }),
  /** Makes the allocated bucket equal to the reservations again: what nobody holds goes back on sale. */
  'stock.leak-released': z.object({ sku: id, node: id, by: text.optional(), reason: text.optional() }),
};

export const AVAILABILITY_SKUS_MAX = 500;

export const availabilityEvents = {
  /** A channel is to be told about these SKUs if what it knows is out of date: at the start, or after a policy changed. */
  'availability.requested': z.object({ channel: id, skus: z.array(id).min(1).max(AVAILABILITY_SKUS_MAX) }),
};
