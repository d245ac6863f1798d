/** Sources: who sends events, and what arrived that could not be understood. */
import { z } from 'zod';
import { id, quantity, quantityOrZero, text } from './fields.ts';

export const sourceEvents = {
  'source.defined': z.object({
    source: id,
    name: text,
    kind: z.enum(['channel', 'warehouse', 'supplier', 'replay', 'system']).default('channel'),
    channel: id.optional(),
    node: id.optional(),
    /** Minutes without an event after which the source counts as silent. */
    silentAfterMinutes: quantity.default(15),
    /** What a minute of blindness on this source puts at risk, in minor units. */
    riskPerMinute: quantityOrZero.default(0),
    by: text.optional(),
  }),
  /** A delivery became a dead letter: its raw bytes are kept and wait for a person. */
  'delivery.rejected': z.object({
    deliveryId: id,
    source: id,
    reason: text,
    items: quantity.default(1),
  }),
  /** A dead letter was understood after a fix, or given up by a person. */
  'delivery.settled': z.object({
    deliveryId: id,
    source: id,
    how: z.enum(['replayed', 'discarded']),
    items: quantity.default(1),
  }),
};
