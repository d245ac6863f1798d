/** The shipped mapping against the real file, checked by a second, plain reading of the same CSV. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type MappedEvent, mapRows } from '../../server/replay/map-rows.ts';
import { readMapping } from '../../server/replay/read-mapping.ts';

const FILE = new URL('../../../shared/data/online-retail/dev_2010-12_to_2011-02.csv.gz', import.meta.url);
const MAPPING = new URL('../../server/replay/mappings/online-retail.yaml', import.meta.url);
const present = existsSync(FILE);
if (!present) console.log('skipped: ../shared/data/online-retail is not here');

type Tally = Record<string, number>;
// biome-ignore lint/suspicious/noExplicitAny: any of the catalog's shapes
type Shape = any;
const add = (tally: Tally, key: string, amount: number) => {
  tally[key] = (tally[key] ?? 0) + amount;
};
/** London was on UTC throughout these three months. */
const dayOf = (time: string) => time.slice(0, 10);
const SERVICES = 'POST DOT M C2 D S AMAZONFEE CRUK B PADS'.split(' ').concat('BANK CHARGES');
const DAY_MS = 86_400_000;

/** What the file says, read with as little machinery as possible. Keys: measure, day, country. */
function readPlainly(text: string): { tally: Tally; goodsPence: number; otherPence: number } {
  const tally: Tally = {};
  let [goodsPence, otherPence] = [0, 0];
  const invoices = new Map<string, string>();
  const sales = new Map<string, { at: number; taken: boolean }[]>();
  const counted = new Set<string>();
  const once = (key: string, name: string) => {
    if (!counted.has(key)) add(tally, name, 1);
    counted.add(key);
  };
  for (const line of text.split('\n').slice(1)) {
    const cells = line
      .trim()
      .match(/("([^"]|"")*"|[^,]*)(,|$)/g)
      ?.map((cell) => cell.replace(/,$/, '').replace(/^"|"$/g, ''));
    if (cells === undefined || cells[0] === '') continue;
    const [invoice, code, , quantityText, time, priceText, customer, country] = cells as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const sku = code.toUpperCase();
    const quantity = Number(quantityText);
    const pence = quantity * Math.round(Number(priceText) * 100);
    const place = `${dayOf(time)} ${country}`;
    if (SERVICES.includes(sku) || sku.startsWith('GIFT_') || invoice.startsWith('A')) {
      otherPence += pence;
      continue;
    }
    goodsPence += pence;
    const key = [customer, sku, Math.abs(quantity)].join();
    const at = Date.parse(`${time.replace(' ', 'T')}Z`);
    if (invoice.startsWith('C')) {
      const earlier = customer === '' ? [] : (sales.get(key) ?? []).filter((sale) => !sale.taken && sale.at <= at);
      const last = earlier.at(-1);
      const cancelled = last !== undefined && at - last.at < DAY_MS;
      if (cancelled) last.taken = true;
      const kind = cancelled ? 'cancelled' : 'returned';
      add(tally, `${kind} lines ${place}`, 1);
      add(tally, `${kind} units ${place}`, -quantity);
    } else if (pence === 0) {
      add(tally, `${quantity < 0 ? 'written off' : 'found'} ${dayOf(time)}`, Math.abs(quantity));
    } else {
      const begun = invoices.get(invoice) ?? time;
      invoices.set(invoice, begun);
      const where = `${dayOf(begun)} ${country}`;
      once(invoice, `orders ${where}`);
      add(tally, `lines ${where}`, 1);
      add(tally, `units ${where}`, quantity);
      add(tally, `pence ${where}`, pence);
      sales.set(key, [...(sales.get(key) ?? []), { at: Date.parse(`${begun.replace(' ', 'T')}Z`), taken: false }]);
    }
  }
  return { tally, goodsPence, otherPence };
}

/** The same measures, from the events. */
function tallyEvents(events: readonly MappedEvent[]): Tally {
  const tally: Tally = {};
  const countries = new Map<string, string>();
  for (const { event } of events) {
    const data = event.data as Shape;
    const sum = (field: string) => data.lines.reduce((total: number, line: Tally) => total + line[field]!, 0);
    const place = `${dayOf(event.time)} ${data.country ?? countries.get(data.order)}`;
    if (event.type === 'order.placed') {
      countries.set(data.order, data.country);
      add(tally, `orders ${place}`, 1);
      add(tally, `lines ${place}`, data.lines.length);
      add(tally, `units ${place}`, sum('quantity'));
      add(tally, `pence ${place}`, sum('amount'));
    } else if (event.type === 'order.cancelled' || event.type === 'return.received') {
      const kind = event.type === 'order.cancelled' ? 'cancelled' : 'returned';
      add(tally, `${kind} lines ${place}`, data.lines.length);
      add(tally, `${kind} units ${place}`, sum('quantity'));
    } else if (event.type === 'stock.adjusted' && data.against !== 'supplier') {
      add(tally, `${data.against === 'loss' ? 'written off' : 'found'} ${dayOf(event.time)}`, Math.abs(data.quantity));
    }
  }
  return tally;
}

describe.skipIf(!present)('the Online Retail mapping on the real file', () => {
  const text = present ? gunzipSync(readFileSync(FILE)).toString('utf8') : '';
  const read = readMapping(readFileSync(MAPPING, 'utf8'));
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const table = parse(text, { bom: true }) as string[][];
  const header = table[0] ?? [];
  const rows = table.slice(1).map((cells, at) => ({ line: at + 2, cells }));
  const map = () => {
    const mapped = mapRows(header, rows, read.mapping);
    if ('missing' in mapped) throw new Error(`no column ${mapped.missing.join(', ')}`);
    return mapped;
  };
  const mapped = present ? map() : null;

  test('orders, lines, units, revenue, cancellations, returns, write-offs agree per day and country', () => {
    expect(tallyEvents(mapped!.events)).toEqual(readPlainly(text).tally);
  });

  test('the report accounts for every row and every penny', () => {
    const { report } = mapped!;
    const plain = readPlainly(text);
    const penceOf = (kind: string) =>
      Math.round(
        report.outcomes
          .filter((one) => one.kind === kind)
          .reduce((sum, one) => sum + Number(one.totals['amount']) * 100, 0),
      );
    expect(report.rows).toBe(rows.length);
    expect(report.outcomes.reduce((sum, one) => sum + one.rows, 0)).toBe(rows.length);
    expect([report.rejectedRows, report.rejectedEvents]).toEqual([0, 0]);
    expect(penceOf('mapped')).toBe(plain.goodsPence);
    expect(penceOf('left out')).toBe(plain.otherPence);
  });

  test('events come in business order, every unit placed is dispatched or cancelled, and stock never runs out', () => {
    const sellable = new Map<string, number>();
    const openLines = new Map<string, { sku: string; quantity: number }>();
    const move = (sku: string, change: number) => sellable.set(sku, (sellable.get(sku) ?? 0) + change);
    let lowest = 0;
    let before = 0;
    for (const { event, time } of mapped!.events) {
      const data = event.data as Shape;
      expect(time).toBeGreaterThanOrEqual(before);
      before = time;
      if (event.type === 'stock.adjusted') move(data.sku, data.quantity);
      if (event.type === 'return.judged') for (const line of data.lines) move(line.sku, line.quantity);
      if (event.type === 'order.placed') {
        for (const { line, sku, quantity } of data.lines) {
          openLines.set(`${data.order}/${line}`, { sku, quantity });
          move(sku, -quantity);
          lowest = Math.min(lowest, sellable.get(sku)!);
        }
      }
      if (event.type === 'order.cancelled' || event.type === 'fulfilment.dispatched') {
        for (const { line, quantity } of data.lines) {
          const open = openLines.get(`${data.order}/${line}`);
          expect(open?.quantity).toBe(quantity);
          openLines.delete(`${data.order}/${line}`);
          if (event.type === 'order.cancelled') move(open!.sku, quantity);
        }
      }
    }
    expect(lowest).toBe(0);
    expect(openLines.size).toBe(0);
  });

  test('mapping the file again makes the same events with the same ids, each id once', () => {
    const again = map().events.map(({ event }) => event);
    expect(again).toEqual(mapped!.events.map(({ event }) => event));
    expect(new Set(again.map((event) => event.id)).size).toBe(again.length);
  });
});
