/** Everything that was said about a purchase order, in words. */
import type { Event } from '../../../streams/events/index.ts';
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

const EVENTS_MAX = 1_000;

export type PurchaseOrderStep = { seq: number; occurredAt: number; source: string; type: string; summary: string };
type Row = Omit<PurchaseOrderStep, 'summary'> & { data: string; refused: string };

/** @param skus of its lines and receipts. @returns oldest first, at most EVENTS_MAX */
export async function purchaseOrderTimeline(
  history: HistoryClient,
  purchaseOrder: string,
  skus: readonly string[],
): Promise<PurchaseOrderStep[]> {
  const params = { purchaseOrder, skus, limit: EVENTS_MAX };
  const rows = await queryRows<Row>(history, loadQuery('queries/purchase-order-timeline'), params);
  return rows
    .map(({ seq, occurredAt, source, type, data, refused }) => {
      const summary = summaryOf({ type, data: JSON.parse(data) } as Event);
      const words = refused === '' ? summary : `${summary} — refused: ${refused}`;
      return { seq: Number(seq), occurredAt: Number(occurredAt), source, type, summary: words };
    })
    .sort((a, b) => a.occurredAt - b.occurredAt || a.seq - b.seq);
}

const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function summaryOf(event: Event): string {
  switch (event.type) {
    case 'purchase-order.confirmed': {
      const units = event.data.lines.reduce((sum, { quantity }) => sum + quantity, 0);
      return `confirmed by ${event.data.supplier}: ${countOf(units, 'unit')} in ${countOf(event.data.lines.length, 'line')}`;
    }
    case 'purchase-order.changed':
      return `changed: ${countOf(event.data.lines.length, 'line')}${event.data.reason ? `, ${event.data.reason}` : ''}`;
    case 'purchase-order.cancelled': {
      const what = event.data.lines === undefined ? 'all of it' : countOf(event.data.lines.length, 'line');
      return `cancelled: ${what}${event.data.reason ? `, ${event.data.reason}` : ''}`;
    }
    case 'stock.received':
      return `received at ${event.data.node}: ${event.data.quantity} x ${event.data.sku} into ${event.data.into ?? 'sellable'}`;
    default:
      return event.type;
  }
}
