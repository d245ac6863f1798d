/**
 * Real demand: the invoice lines of "Online Retail", sold from one warehouse that orders by a plain rule from what it has
 * sold so far, from suppliers who were made up (the file has neither stock nor receipts). Customers take what is there.
 * Stockouts are predicted each morning.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { randomOf } from '../../../server/simulated-company/random.ts';
import { stockoutPredicted } from '../../../streams/operations/predictions/stockout.ts';
import { eventOf } from '../../support/world.ts';
import { DAY_MS, openBook, type Row } from './book.ts';

export const onlineRetailFile = new URL(
  '../../../../shared/data/online-retail/dev_2010-12_to_2011-02.csv.gz',
  import.meta.url,
);
const services = /^(POST|DOT|M|C2|D|S|BANK CHARGES|AMAZONFEE|CRUK|B|PADS|gift_.*)$/i;
const HOUR_MS = 3_600_000;
const SAYS_AT_HOUR = 6;
const ORDERS_AT_HOUR = 19;
const NODE = 'UK-1';
const SUPPLIERS = 12;
const RATE_DAYS = 28;

type Sale = { at: number; sku: string; quantity: number };

export function readSales(file: URL): Sale[] {
  const records = parse(gunzipSync(readFileSync(file)), { columns: true }) as Record<string, string>[];
  return records
    .map((record) => ({
      at: Date.parse(`${record['InvoiceDate']!.replace(' ', 'T')}Z`),
      sku: record['StockCode']!.toUpperCase(),
      quantity: Number(record['Quantity']),
      isSale: Number(record['UnitPrice']) > 0 && !/^[CA]/.test(record['InvoiceNo']!),
    }))
    .filter(({ sku, quantity, isSale }) => isSale && quantity > 0 && !services.test(sku))
    .sort((a, b) => a.at - b.at);
}

export function playOnlineRetail(sales: readonly Sale[], seed: number): Row[] {
  const random = randomOf(seed, 'online retail');
  const book = openBook();
  const suppliers = Array.from({ length: SUPPLIERS }, (_, index) => ({
    id: `SUP-${index + 1}`,
    days: random.between(4, 18),
    scatter: random.between(0.1, 0.45),
    caution: [0, 0.6, 1.2][index % 3]!,
  }));
  const items = new Map<string, { supplier: number; available: number; ordered: number; sold: [number, number][] }>();
  const receipts: { at: number; order: string; sku: string; quantity: number }[] = [];
  const from = Math.floor(sales[0]!.at / DAY_MS) * DAY_MS;
  const day = (at: number) => Math.floor((at - from) / DAY_MS);
  let orders = 0;

  // What it opens with is of the size of what sells: days nobody is judged by.
  const early = new Map<string, number>();
  for (const { at, sku, quantity } of sales)
    if (day(at) < 14) early.set(sku, (early.get(sku) ?? 0) + Math.min(quantity, 200));

  function open(sku: string, at: number) {
    const known = items.get(sku);
    if (known !== undefined) return known;
    const quantity = Math.ceil((early.get(sku) ?? 20) * random.between(0.4, 1.6)) + 5;
    const item = {
      supplier: random.int(0, SUPPLIERS - 1),
      available: quantity,
      ordered: 0,
      sold: [] as [number, number][],
    };
    items.set(sku, item);
    book.apply(eventOf('item.defined', { sku, name: sku }, { at, source: 'shop' }));
    book.apply(eventOf('stock.received', { sku, node: NODE, quantity }, { at, source: 'shop' }));
    return item;
  }

  function sell({ at, sku, quantity }: Sale): void {
    const item = open(sku, at - 1);
    const taken = Math.min(quantity, item.available);
    if (taken === 0) return;
    item.available -= taken;
    item.sold.push([day(at), taken]);
    const order = `O-${++orders}`;
    const lines = [{ line: '1', sku, quantity: taken, unitPrice: 100 }];
    book.apply(
      eventOf('order.placed', { order, channel: 'shop', currency: 'GBP', node: NODE, lines }, { at, source: 'shop' }),
    );
    const sent = { order, node: NODE, shipment: order, lines: [{ line: '1', quantity: taken }] };
    book.apply(eventOf('fulfilment.dispatched', sent, { at: at + 1, source: 'shop' }));
  }

  function receive({ at, order, sku, quantity }: (typeof receipts)[number]): void {
    const item = items.get(sku)!;
    item.available += quantity;
    item.ordered -= quantity;
    book.apply(eventOf('stock.received', { sku, node: NODE, quantity, purchaseOrder: order }, { at, source: 'shop' }));
  }

  /** What covers the lead time and a little more is left: two weeks of sales are ordered. */
  function review(at: number): void {
    const today = day(at);
    for (const [sku, item] of items) {
      item.sold = item.sold.filter(([sold]) => sold > today - RATE_DAYS);
      const rate = item.sold.reduce((sum, [, units]) => sum + units, 0) / Math.min(RATE_DAYS, today + 1);
      const { id, days, scatter, caution } = suppliers[item.supplier]!;
      const point = rate * (days + 1) + 1.2 * Math.sqrt(rate * (days + 1));
      if (rate === 0 || item.available + item.ordered > point) continue;
      const quantity = Math.max(1, Math.ceil(rate * 14));
      const order = `PO-${++orders}`;
      const expectedAt = at + days * Math.exp(scatter * caution) * DAY_MS;
      const lines = [{ line: '1', sku, node: NODE, quantity, expectedAt: Math.round(expectedAt) }];
      book.apply(
        eventOf('purchase-order.confirmed', { purchaseOrder: order, supplier: id, lines }, { at, source: 'shop' }),
      );
      item.ordered += quantity;
      receipts.push({ at: Math.round(at + random.lognormal(days, scatter) * DAY_MS), order, sku, quantity });
    }
    receipts.sort((a, b) => b.at - a.at);
  }

  let next = from + SAYS_AT_HOUR * HOUR_MS;
  for (const sale of sales) {
    while (next <= sale.at) {
      book.passDeadlines(next);
      if ((next - from) % DAY_MS === ORDERS_AT_HOUR * HOUR_MS) {
        review(next);
        next += (24 - ORDERS_AT_HOUR + SAYS_AT_HOUR) * HOUR_MS;
        continue;
      }
      while (receipts.length > 0 && receipts.at(-1)!.at <= next) receive(receipts.pop()!);
      book.settle(next);
      const draft = book.world.draft();
      for (const stock of book.world.all('stock')) {
        const one = stockoutPredicted(draft, stock, next);
        if (one !== null) book.say([one]);
      }
      next += (ORDERS_AT_HOUR - SAYS_AT_HOUR) * HOUR_MS;
    }
    while (receipts.length > 0 && receipts.at(-1)!.at <= sale.at) receive(receipts.pop()!);
    sell(sale);
  }
  return book.rows;
}
