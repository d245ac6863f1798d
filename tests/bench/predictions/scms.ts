/**
 * Real suppliers: purchase order lines of the USAID SCMS delivery history with the date that was scheduled and the day they
 * were delivered, told in the order in which that became known. Predicted four weeks, two weeks, one week and two days
 * before each date.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { lateReceipts } from '../../../streams/operations/predictions/late-receipt.ts';
import { eventOf } from '../../support/world.ts';
import { DAY_MS, openBook, type Row } from './book.ts';

export const scmsFile = new URL('../../../../shared/data/scms/delivery_history_2006-2009.csv.gz', import.meta.url);
const DAYS_AHEAD = [28, 14, 7, 2];
/** Where nobody wrote down when the order was sent. */
const SENT_BEFORE_MS = 60 * DAY_MS;
/** Receipts are written down at noon of their day. */
const NOON_MS = DAY_MS / 2;

type Line = {
  order: string;
  vendor: string;
  quantity: number;
  sentAt: number;
  scheduledAt: number;
  deliveredAt: number;
};

export function readScms(file: URL): Line[] {
  const records = parse(gunzipSync(readFileSync(file)), { columns: true }) as Record<string, string>[];
  return records.flatMap((record): Line[] => {
    const [scheduledAt, deliveredAt, sentAt] = [
      'Scheduled Delivery Date',
      'Delivered to Client Date',
      'PO Sent to Vendor Date',
    ].map((name) => Date.parse(`${record[name]}T00:00:00Z`)) as [number, number, number];
    const quantity = Number(record['Line Item Quantity']);
    if (!Number.isFinite(scheduledAt) || !Number.isFinite(deliveredAt) || !(quantity >= 1)) return [];
    const sent = Number.isFinite(sentAt) && sentAt < scheduledAt ? sentAt : scheduledAt - SENT_BEFORE_MS;
    const told = Math.min(sent, deliveredAt - DAY_MS);
    return [
      { order: `PO-${record['ID']}`, vendor: record['Vendor']!, quantity, sentAt: told, scheduledAt, deliveredAt },
    ];
  });
}

export function playScms(lines: readonly Line[]): Row[] {
  const book = openBook();
  type Step = { at: number; run: () => void };
  const steps = lines.flatMap(({ order, vendor, quantity, sentAt, scheduledAt, deliveredAt }): Step[] => {
    const said = [{ line: '1', sku: order, node: 'client', quantity, expectedAt: scheduledAt }];
    const confirmed = { purchaseOrder: order, supplier: vendor, lines: said };
    const received = { sku: order, node: 'client', quantity, purchaseOrder: order };
    const deliveredNoon = deliveredAt + NOON_MS;
    return [
      {
        at: sentAt,
        run: () => book.apply(eventOf('purchase-order.confirmed', confirmed, { at: sentAt, source: 'scms' })),
      },
      {
        at: deliveredNoon,
        run: () => book.apply(eventOf('stock.received', received, { at: deliveredNoon, source: 'scms' })),
      },
      ...DAYS_AHEAD.map((days) => scheduledAt - days * DAY_MS)
        .filter((at) => at > sentAt && at < deliveredNoon)
        .map((at) => ({
          at,
          run: () => {
            const known = book.world.get('purchase-order', order);
            if (known !== undefined) book.say(lateReceipts(book.world.draft(), known, at));
          },
        })),
    ];
  });
  let settledAt = 0;
  for (const { at, run } of steps.sort((a, b) => a.at - b.at)) {
    book.passDeadlines(at);
    if (at - settledAt >= DAY_MS) {
      book.settle(at);
      settledAt = at;
    }
    run();
  }
  return book.rows;
}
