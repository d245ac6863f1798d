/** What people do about exceptions. What clocks and states do to them follows from the other events. */
import { z } from 'zod';
import { dismissReasons } from './exception-words.ts';
import { id, instant, text } from './fields.ts';

/** Of an exception: its kind and what it is about, such as `negative-stock:MUG-1|BER-1`. */
const exceptionId = z.string().min(1).max(460);
const reason = text.min(1);

const workOn = {
  exception: exceptionId,
  by: text,
  /** The number that was looked at (`EX-17`): when another one stands there by now, the event is refused. */
  number: text.optional(),
  /** The version of its work that was looked at: when somebody has moved it since, the event is refused. */
  version: z.int().min(0).optional(),
};

/** An event that ends a snooze: of this type and about everything that is named here. */
export const awaitedEvent = z.object({
  type: z.string().regex(/^[a-z-]+\.[a-z-]+$/, 'must be a type of event such as stock.received'),
  sku: id.optional(),
  node: id.optional(),
  order: id.optional(),
  channel: id.optional(),
  source: id.optional(),
});

/** Whatever comes first ends the snooze. */
export const snoozeUntil = z
  .object({
    time: instant.optional(),
    /** Until more money is at risk by the share of the policy `exceptions`, or the severity is higher. */
    worse: z.boolean().default(false),
    event: awaitedEvent.optional(),
  })
  .refine(({ time, worse, event }) => time !== undefined || worse || event !== undefined, {
    message: 'must name a time, an event, or worse',
  });

export const exceptionEvents = {
  /** Somebody has seen it and is on it. */
  'exception.acknowledged': z.object(workOn),
  /** It has a person's name on it; an empty `to` takes the name off. */
  'exception.assigned': z.object({ ...workOn, to: text }),
  'exception.started': z.object(workOn),
  'exception.commented': z.object({ ...workOn, comment: text }),
  'exception.snoozed': z.object({ ...workOn, until: snoozeUntil, reason: text.optional() }),
  'exception.woken': z.object(workOn),
  /** The work is done. The exception stays until what it states is over, and comes back when it gets worse before that. */
  'exception.resolved': z.object({ ...workOn, reason: text.optional() }),
  /** Nothing is to be done about it, for a reason. */
  'exception.dismissed': z.object({ ...workOn, because: z.enum(dismissReasons), reason }),
  'exception.reopened': z.object({ ...workOn, reason }),
  /** Whether it was worth telling. The newest of one person about one exception holds; it may come after the end. */
  'exception.rated': z.object({
    exception: exceptionId,
    by: text,
    number: text,
    useful: z.boolean(),
    reason: text.optional(),
  }),
};
