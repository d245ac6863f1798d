/** Orders: what was promised to a customer, line by line. */
import { z } from 'zod';
import { currency, id, instant, money, quantity, quantityOrZero, text } from './fields.ts';

export const LINES_PER_ORDER_MAX = 2_000;

const placedLine = z.object({
  line: id,
  sku: id,
  quantity,
  /** Price of one unit in minor units, after discounts. */
  unitPrice: money,
  /** What the whole line is worth when that is not quantity x unitPrice to the minor unit. */
  amount: money.optional(),
  /** Sold before it can be there. */
  preorder: z.boolean().optional(),
});

export const orderEvents = {
  'order.placed': z.object({
    order: id,
    channel: id,
    currency,
    country: text.optional(),
    customer: id.optional(),
    segment: text.optional(),
    /** The service level that was sold, such as `express`. */
    service: text.optional(),
    /** The carrier it must go with, when the customer was promised one. */
    carrier: id.optional(),
    priority: z.int().min(0).max(9).default(5),
    /** What the customer paid besides the lines: shipping, tax, gift wrap. */
    extras: money.optional(),
    /** Where the order must be shipped from, when the channel has decided that. */
    node: id.optional(),
    shipBy: instant.optional(),
    deliverBy: instant.optional(),
    /** Reservations of the cart this order came from: its lines take over what they hold. */
    reservations: z.array(id).max(LINES_PER_ORDER_MAX).optional(),
    lines: z.array(placedLine).min(1).max(LINES_PER_ORDER_MAX),
  }),
  /** The lines as they stand after the edit; a line that is not named stays as it was. */
  'order.edited': z.object({
    order: id,
    shipBy: instant.optional(),
    deliverBy: instant.optional(),
    lines: z
      .array(placedLine.extend({ quantity: quantityOrZero }))
      .max(LINES_PER_ORDER_MAX)
      .default([]),
  }),
  /** Without lines, everything not yet dispatched is cancelled. */
  'order.cancelled': z.object({
    order: id,
    reason: z.enum(['customer', 'fraud', 'stock', 'fulfilment', 'other']),
    lines: z
      .array(z.object({ line: id, quantity }))
      .max(LINES_PER_ORDER_MAX)
      .optional(),
  }),
  'order.held': z.object({ order: id, hold: z.enum(['fraud', 'payment', 'address', 'other']), note: text.optional() }),
  'order.released': z.object({ order: id, hold: z.enum(['fraud', 'payment', 'address', 'other']) }),
  /** Money went back; stock moves only by a cancellation or a return. */
  'order.refunded': z.object({
    order: id,
    amount: money,
    currency: currency.optional(),
    lines: z
      .array(z.object({ line: id, quantity }))
      .max(LINES_PER_ORDER_MAX)
      .default([]),
  }),
  /** Units nobody has picked yet go to another node: all that is named, or none. Without lines, everything that can. */
  'order.rerouted': z.object({
    order: id,
    toNode: id,
    /** Only what is reserved there moves. */
    fromNode: id.optional(),
    lines: z
      .array(z.object({ line: id, quantity: quantity.optional() }))
      .min(1)
      .max(LINES_PER_ORDER_MAX)
      .optional(),
    by: text.optional(),
    reason: text.min(1),
  }),
};
