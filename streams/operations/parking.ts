/** Parking: events that speak of an order which has not arrived yet wait for it. */
import type { Event, EventOf } from '../events/index.ts';
import { type Draft, Refused } from './draft.ts';
import type { Parked } from './states.ts';

/** An order's children wait this long before somebody is told. */
export const PARKED_TIMEOUT_MS = 3_600_000;
export const PARKED_PER_ORDER_MAX = 100;

export function park(draft: Draft, order: string, event: Event): void {
  const known = draft.get('parked', order);
  if (known === undefined) draft.setDeadline(event.source, 'parked', order, event.occurredAt + PARKED_TIMEOUT_MS);
  const parked: Parked = known ?? {
    order,
    source: event.source,
    since: event.occurredAt,
    events: [],
    overdue: false,
    openExceptions: [],
  };
  if (parked.events.length >= PARKED_PER_ORDER_MAX) {
    throw new Refused(`${PARKED_PER_ORDER_MAX} events already wait for order ${order}`);
  }
  draft.put('parked', order, { ...parked, events: [...parked.events, event] });
  draft.touch('parked', order);
}

/** The children that waited for this order, oldest first in business time. */
export function unpark(draft: Draft, order: string): Event[] {
  const parked = draft.get('parked', order);
  if (parked === undefined) return [];
  draft.clearDeadline(parked.source, 'parked', order);
  draft.put('parked', order, { ...parked, events: [] });
  draft.touch('parked', order);
  return [...parked.events].sort((a, b) => a.occurredAt - b.occurredAt);
}

export function parkedTooLong(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const parked = draft.get('parked', event.data.subject);
  if (parked === undefined) return;
  draft.put('parked', event.data.subject, { ...parked, overdue: true });
  draft.touch('parked', event.data.subject);
}
