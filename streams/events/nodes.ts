/** Nodes: the places that hold stock and ship orders. */
import { z } from 'zod';
import { id, localTime, quantity, text, timeZone } from './fields.ts';

export const nodeEvents = {
  'node.defined': z.object({
    node: id,
    name: text,
    kind: z.enum(['warehouse', 'store', '3pl', 'supplier']),
    timeZone: timeZone.default('UTC'),
    /** Node-local time after which an order leaves the next working day. */
    cutOff: localTime.default('16:00'),
    /** ISO weekdays (1 = Monday) on which the node ships. */
    workdays: z.array(z.int().min(1).max(7)).max(7).default([1, 2, 3, 4, 5]),
    /** Order lines the node can pick in an hour. */
    linesPerHour: quantity.optional(),
    active: z.boolean().default(true),
  }),
};
