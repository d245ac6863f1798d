/** Channels: where orders come from. */
import { z } from 'zod';
import { currency, id, quantityOrZero, text } from './fields.ts';

export const channelEvents = {
  'channel.defined': z.object({
    channel: id,
    name: text,
    kind: z.enum(['web', 'marketplace', 'wholesale', 'store', 'other']).default('other'),
    currency: currency.optional(),
    /** Nodes that may ship this channel's orders, first choice first. */
    nodes: z.array(id).max(100),
    /** Units never shown to this channel, against overselling between two updates. */
    buffer: quantityOrZero.default(0),
    /** What one late or cancelled order costs besides its margin, in minor units. */
    penalty: z.int().min(0).default(0),
    active: z.boolean().default(true),
    by: text.optional(),
  }),
};
