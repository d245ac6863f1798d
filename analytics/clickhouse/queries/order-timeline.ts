/** Everything that happened to an order, in words. */
import type { Event } from '../../../streams/events/index.ts';
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

export type TimelineEntry = {
  seq: number;
  occurredAt: number;
  receivedAt: number;
  source: string;
  type: string;
  summary: string;
};

export const TIMELINE_EVENTS_MAX = 1_000;

/** Oldest first by business time; at most TIMELINE_EVENTS_MAX events. */
export async function orderTimeline(history: HistoryClient, order: string): Promise<TimelineEntry[]> {
  const params = { order, limit: TIMELINE_EVENTS_MAX };
  const rows = await queryRows<Row>(history, loadQuery('queries/order-timeline'), params);
  return rows
    .map(({ seq, source, type, data, refused, occurredAt, receivedAt }) => {
      const summary = summaryOf({ type, data: JSON.parse(data) } as Event);
      return {
        seq: Number(seq),
        occurredAt: Number(occurredAt),
        receivedAt: Number(receivedAt),
        source,
        type,
        summary: refused === '' ? summary : `${summary} — refused: ${refused}`,
      };
    })
    .sort((a, b) => a.occurredAt - b.occurredAt || a.seq - b.seq);
}

type Row = Omit<TimelineEntry, 'summary'> & { data: string; refused: string };

const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const unitsOf = (lines: readonly { quantity: number }[]): string =>
  countOf(
    lines.reduce((sum, { quantity }) => sum + quantity, 0),
    'unit',
  );

export function summaryOf(event: Event): string {
  switch (event.type) {
    case 'order.placed':
      return `placed on ${event.data.channel}: ${unitsOf(event.data.lines)} in ${countOf(event.data.lines.length, 'line')}`;
    case 'order.edited':
      return event.data.lines.length === 0 ? 'promise changed' : `edited: ${countOf(event.data.lines.length, 'line')}`;
    case 'order.cancelled':
      return `cancelled (${event.data.reason}): ${event.data.lines === undefined ? 'all that was open' : unitsOf(event.data.lines)}`;
    case 'order.held':
      return `held: ${event.data.hold}`;
    case 'order.released':
      return `released: ${event.data.hold}`;
    case 'order.refunded':
      return 'refunded';
    case 'fulfilment.allocated':
    case 'fulfilment.picked':
    case 'fulfilment.packed':
      return `${event.type.slice('fulfilment.'.length)} at ${event.data.node}: ${unitsOf(event.data.lines)}`;
    case 'fulfilment.dispatched':
      return `dispatched from ${event.data.node}: ${unitsOf(event.data.lines)}, shipment ${event.data.shipment}`;
    case 'fulfilment.delivered':
      return `delivered: ${unitsOf(event.data.lines)}`;
    case 'return.received':
      return `returned to ${event.data.node}: ${unitsOf(event.data.lines)}`;
    default:
      return event.type;
  }
}
