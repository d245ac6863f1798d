/** CloudEvents 1.0 as producers send them, and the way from there to an event of ours. */
import { z } from 'zod';
import { id } from './fields.ts';
import { type Event, eventCatalog, isEventType } from './index.ts';

/** A producer's clock may run ahead by this much before we refuse its events as coming from the future. */
export const CLOCK_AHEAD_MAX_MS = 2 * 3_600_000;

export const cloudEvent = z.looseObject({
  specversion: z.literal('1.0'),
  id,
  source: id,
  type: z.string().min(1).max(100),
  /** Required here: KPIs count by the time in the business, so a missing time must not become the time of arrival. */
  time: z.iso.datetime({ offset: true }),
  /** When the source saw it, if that is not when it happened. */
  observedtime: z.iso.datetime({ offset: true }).optional(),
  corrects: id.optional(),
  data: z.unknown(),
});
export type CloudEvent = z.input<typeof cloudEvent>;

export type Understood = { event: Event } | { problem: string };

/**
 * Turns one CloudEvent into an event, or says what is wrong and where (`data.lines.0.quantity: …`).
 * @param receivedAt epoch ms at which the delivery arrived
 */
export function understandCloudEvent(raw: unknown, receivedAt: number): Understood {
  const envelope = cloudEvent.safeParse(raw);
  if (!envelope.success) return { problem: describeProblem(envelope.error) };
  const { type, time, observedtime, corrects, data, id: eventId, source } = envelope.data;
  if (!isEventType(type)) return { problem: `type: "${type}" is not in the event catalog` };
  const occurredAt = Date.parse(time);
  if (occurredAt < 0) return { problem: 'time: must not be before 1970' };
  if (occurredAt > receivedAt + CLOCK_AHEAD_MAX_MS) {
    return { problem: `time: lies ${Math.round((occurredAt - receivedAt) / 60_000)} minutes in the future` };
  }
  const parsed = eventCatalog[type].safeParse(data);
  if (!parsed.success) return { problem: describeProblem(parsed.error, 'data') };
  return {
    event: {
      id: eventId,
      source,
      type,
      occurredAt,
      observedAt: observedtime === undefined ? occurredAt : Date.parse(observedtime),
      receivedAt,
      ...(corrects === undefined ? {} : { corrects }),
      data: parsed.data,
    } as Event,
  };
}

const PROBLEMS_SHOWN_MAX = 5;

/** All that zod found, as `path: message`, the first few in full. */
export function describeProblem(error: z.ZodError, prefix?: string): string {
  const shown = error.issues.slice(0, PROBLEMS_SHOWN_MAX).map((issue) => {
    const path = [...(prefix === undefined ? [] : [prefix]), ...issue.path].join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  const more = error.issues.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}
