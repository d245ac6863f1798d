/** The mapping itself, on small files that hold every trouble. */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { mapRows } from '../../server/replay/map-rows.ts';
import { readMapping } from '../../server/replay/read-mapping.ts';

const mappingOf = (settings = '') => {
  const read = readMapping(`tidelineMapping: 1
name: Small shop
source: small
${settings}
fields:
  order: { type: text, column: Order }
  sku: { type: text, column: Sku }
  count: { type: integer, column: Count }
  units: { type: absolute, of: count }
  price: { type: money, column: Price, currency: EUR }
  amount: { type: product, of: [count, price] }
  time: { type: datetime, column: At, format: yyyy-MM-dd HH:mm, zone: Europe/Berlin }
time: time
totals: [count, amount]
stock: { node: N1, opening: enough, receiptsEvery: 2d }
rules:
  - { name: free, when: { field: price, is: 0 }, leaveOut: 'free {sku}' }
  - name: loss
    when: { field: order, is: LOSS }
    events:
      - { type: stock.adjusted, id: 'loss:{row}', data: { sku: '{sku}', node: N1, quantity: '{count}', reason: lost, against: loss } }
  - name: cancelled
    when: { field: count, below: 0 }
    reverses: { group: orders, same: [order, sku, units], within: 12h }
    lineOf: cancellations
  - { name: sold, when: { field: count, above: 0 }, lineOf: orders }
groups:
  orders:
    by: '{order}'
    gapRows: 3
    events:
      - type: order.placed
        id: 'order:{order}'
        data:
          { order: '{order}', channel: shop, currency: EUR, lines: { forEach: lines, make: { line: '{line}', sku: '{sku}', quantity: '{count}', unitPrice: '{price}' } } }
      - type: fulfilment.dispatched
        id: 'dispatch:{order}'
        after: 12h
        data: { order: '{order}', node: N1, shipment: '{order}', lines: { forEach: standing, make: { line: '{line}', quantity: '{count}' } } }
  cancellations:
    by: '{order}:{time}'
    events:
      - type: order.cancelled
        id: 'cancel:{order}:{time}'
        data: { order: '{order}', reason: customer, lines: { forEach: lines, make: { line: '{reversed.line}', quantity: '{units}' } } }
`);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.mapping;
};
const HEADER = ['Order', 'Sku', 'Count', 'Price', 'At'];
const map = (lines: string[], settings?: string) => {
  const rows = lines.map((line, at) => ({ line: at + 2, cells: line.split(',') }));
  const mapped = mapRows(HEADER, rows, mappingOf(settings));
  if ('missing' in mapped) throw new Error(`no column ${mapped.missing.join(', ')}`);
  return { ...mapped, sent: mapped.events.map(({ event }) => `${event.type} ${event.id}`) };
};
const find = (mapped: ReturnType<typeof map>, id: string) => mapped.events.find(({ event }) => event.id === id)?.event;

describe('rows become events', () => {
  test('rows of one order are one order with numbered lines, equal rows included, also when another order stands between', () => {
    const mapped = map(['1,A,2,1.10,2024-05-02 10:00', '2,A,1,1.10,2024-05-02 10:01', '1,A,2,1.10,2024-05-02 10:00']);
    expect(find(mapped, 'order:1')).toMatchObject({
      time: '2024-05-02T08:00:00.000Z',
      data: {
        lines: [
          { line: '1', sku: 'A', quantity: 2, unitPrice: 110 },
          { line: '2', sku: 'A', quantity: 2, unitPrice: 110 },
        ],
      },
    });
  });

  test('what is taken back in time is cancelled and not dispatched, a twin of it still is', () => {
    const sale = '1,A,2,1.10,2024-05-02 10:00';
    const mapped = map([sale, sale, '1,A,-2,1.10,2024-05-02 21:59']);
    expect(mapped.sent.filter((one) => one.includes(':1'))).toEqual([
      'order.placed order:1',
      'order.cancelled cancel:1:2024-05-02T19:59:00.000Z',
      'fulfilment.dispatched dispatch:1',
    ]);
    expect(find(mapped, 'dispatch:1')?.data).toMatchObject({ lines: [{ line: '1', quantity: 2 }] });
  });

  test('what is taken back at the moment of dispatch or later finds no line, and a row nobody takes is told', () => {
    const mapped = map(['1,A,2,1.10,2024-05-02 10:00', '1,A,-2,1.10,2024-05-02 22:00']);
    expect(mapped.report.rejected).toEqual([{ lines: [3], by: 'mapping', problem: 'no rule takes this row' }]);
  });

  test('an order that comes up again further away than allowed is rejected, not silently merged or lost', () => {
    const others = [2, 3, 4, 5, 6].map((order) => `${order},B,1,1.00,2024-05-02 10:00`);
    const filler = Array.from({ length: 64 }, () => others[4]!);
    const again = '1,A,1,1.00,2024-05-02 10:01';
    const { report } = map(['1,A,1,1.00,2024-05-02 10:00', ...others, ...filler, again]);
    expect(report.rejected[0]).toMatchObject({ lines: [72] });
    expect(report.rejected[0]?.problem).toMatch(
      /^order\.placed order:1: id was already made from line 2; rows of one group/,
    );
  });

  test('rows that cannot be used are named by line and reason, and the rest goes on', () => {
    const { report } = map([
      '1,A,2,1.10,2024-05-02 10:00',
      '1,A,2',
      '1,A,two,1.10,2024-05-02 10:00',
      '1,A,2,1.105,2024-05-02 10:00',
      '1,A,2,1.10,02.05.2024',
      '1,A,2,1.10,2024-05-01 10:00',
      'x|y,A,2,1.10,2024-05-02 10:00',
    ]);
    expect(report.rejected.map(({ lines, problem }) => `${lines}: ${problem}`)).toEqual([
      '3: has 3 columns where the header has 5',
      '4: count: column "Count": "two" is not a whole number'.replace('a whole number', 'a number'),
      '5: price: 1.105 is not a whole number of minor units (2 decimals)',
      '6: time: column "At": "02.05.2024" is not a time in the form yyyy-MM-dd HH:mm',
      '7: is 1440 minutes older than a row before it: sort the file by time, raise file.disorder, or set file.sorted: false',
      '8: order.placed order:x|y: id: must not contain "|" or control characters',
      '8: fulfilment.dispatched dispatch:x|y: id: must not contain "|" or control characters',
    ]);
  });

  test('a column that the file lacks is named', () => {
    expect(mapRows(['Order', 'Sku', 'Count', 'At'], [], mappingOf())).toEqual({ missing: ['Price'] });
  });
});

const minute = fc.integer({ min: 0, max: 6 * 24 * 60 - 1 });
/** What the clock on the wall shows then: it jumps forward within these days, and never shows an hour that did not exist. */
const clock = (minutes: number) =>
  DateTime.fromMillis(Date.UTC(2024, 2, 27, 23) + minutes * 60_000, { zone: 'Europe/Berlin' }).toFormat(
    'yyyy-MM-dd HH:mm',
  );
const sale = fc.record({
  order: fc.integer({ min: 1, max: 1_000 }),
  lines: fc.array(
    fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 1, max: 9 }), fc.constantFrom('1.10', '0.07', '0')),
    { minLength: 1, maxLength: 4 },
  ),
  at: minute,
  takenBack: fc.option(fc.integer({ min: 1, max: 700 })),
});
const loss = fc.record({ sku: fc.constantFrom('A', 'B'), count: fc.integer({ min: 1, max: 5 }), at: minute });
/** Files in the order of time; one in which every event of a minute is written together. */
const file = fc
  .tuple(fc.uniqueArray(sale, { selector: (one) => one.order, maxLength: 25 }), fc.array(loss, { maxLength: 10 }))
  .map(([sales, losses]) => {
    const blocks = [
      ...sales.map(({ order, lines, at }) => ({
        at,
        rows: lines.map(([sku, count, price]) => `${order},${sku},${count},${price},${clock(at)}`),
      })),
      ...sales.flatMap(({ order, lines, at, takenBack }) => {
        const [sku, count, price] = lines[0]!;
        if (takenBack === null || price === '0') return [];
        return [{ at: at + takenBack, rows: [`${order},${sku},${-count},${price},${clock(at + takenBack)}`] }];
      }),
      ...losses.map(({ sku, count, at }) => ({ at, rows: [`LOSS,${sku},${-count},1.00,${clock(at)}`] })),
    ];
    return blocks.sort((a, b) => a.at - b.at).flatMap((block) => block.rows);
  });

describe('for any file', () => {
  test('every row has one outcome, every id comes once, and a second mapping gives the same', () => {
    fc.assert(
      fc.property(file, (lines) => {
        const { report, events, sent } = map(lines);
        expect(report.outcomes.reduce((sum, one) => sum + one.rows, 0) + report.rejectedRows).toBe(lines.length);
        expect(report.rejected).toEqual([]);
        expect(new Set(sent).size).toBe(sent.length);
        expect(events).toEqual(events.toSorted((a, b) => a.time - b.time));
        expect(map(lines).events).toEqual(events);
      }),
      { numRuns: 150 },
    );
  });

  test('stock never runs out, and every unit placed is dispatched or cancelled, across the change of clocks', () => {
    fc.assert(
      fc.property(file, (lines) => {
        const sellable: Record<string, number> = {};
        const open = new Map<string, [sku: string, quantity: number]>();
        for (const { event } of map(lines).events) {
          // biome-ignore lint/suspicious/noExplicitAny: any of the catalog's shapes
          const data = event.data as any;
          if (data.sku) sellable[data.sku] = (sellable[data.sku] ?? 0) + data.quantity;
          for (const line of data.lines ?? []) {
            const key = `${data.order}/${line.line}`;
            if (event.type === 'order.placed') {
              open.set(key, [line.sku, line.quantity]);
              sellable[line.sku]! -= line.quantity;
              expect(sellable[line.sku]).toBeGreaterThanOrEqual(0);
              continue;
            }
            const [sku, quantity] = open.get(key) ?? ['', 0];
            expect(quantity).toBe(line.quantity);
            open.delete(key);
            if (event.type === 'order.cancelled') sellable[sku]! += quantity;
          }
        }
        expect([...open]).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
