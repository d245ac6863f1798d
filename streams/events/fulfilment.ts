/** Fulfilment: what a node did with an order, line by line, in any order of arrival. */
import { z } from 'zod';
import { id, quantity, text } from './fields.ts';
import { LINES_PER_ORDER_MAX } from './orders.ts';

const lines = z
  .array(z.object({ line: id, quantity }))
  .min(1)
  .max(LINES_PER_ORDER_MAX);
const step = z.object({ order: id, node: id, lines });

export const fulfilmentEvents = {
  'fulfilment.allocated': step,
  'fulfilment.picked': step,
  'fulfilment.packed': step,
  'fulfilment.dispatched': step.extend({ shipment: id, carrier: text.optional(), tracking: text.optional() }),
  /** A carrier has scanned it: the proof that it has left. Without lines it speaks for the whole order. */
  'fulfilment.scanned': z.object({
    order: id,
    node: id,
    shipment: id.optional(),
    carrier: text.optional(),
    tracking: text.optional(),
    lines: lines.optional(),
  }),
  /** Units that were reserved here and could not be found. They are taken off the record and sought elsewhere. */
  'fulfilment.short-picked': step.extend({ reason: text.optional(), by: text.optional() }),
  'fulfilment.delivered': z.object({ order: id, shipment: id.optional(), lines }),
};
