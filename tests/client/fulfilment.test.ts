/** The sums and pictures of the pages about work: nothing is counted twice, and nothing is drawn outside. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatWeekday } from '../../client/formats/times.ts';
import { columnSum, columnsOf, rowsOf, sumOfCells } from '../../client/fulfilment/backlog-matrix.ts';
import { stagesOf } from '../../client/fulfilment/stages.ts';
import { linesDueTitle, ordersTaken, startOfNodeDay } from '../../client/nodes/node-times.ts';
import { outlookOf, workingDays } from '../../client/nodes/node-work.ts';
import { mergeOrders, type OrderFilter } from '../../client/orders/order-list.ts';
import { drawVolume } from '../../client/sources/volume-geometry.ts';
import type { BacklogView } from '../../server/http/contract/fulfilment.ts';
import type { OrderRow } from '../../server/live/contract.ts';
import { dueWords, openStatuses } from '../../streams/events/order-statuses.ts';

const cell = fc
  .record({
    due: fc.constantFrom(...dueWords),
    units: fc.nat(99),
    atRisk: fc.nat(9),
    stages: fc.dictionary(fc.constantFrom(...openStatuses), fc.integer({ min: 1, max: 50 })),
  })
  .map((one) => {
    const orders = Object.values(one.stages).reduce((sum, count) => sum + count, 0);
    return { ...one, orders, lines: orders, firstDue: null };
  });
const view = fc
  .array(fc.uniqueArray(cell, { selector: ({ due }) => due, maxLength: 5 }), { maxLength: 5 })
  .map((nodes) => ({ asOf: 0, openOrders: 0, nodes: nodes.map((cells, index) => ({ node: `N${index}`, cells })) }))
  .map((all) => all as unknown as BacklogView);

test('rows and columns of the backlog add up to the same open orders, and so do the stages', () => {
  fc.assert(
    fc.property(view, (backlog) => {
      const rows = rowsOf(backlog);
      const all = sumOfCells(rows.map((row) => row.all));
      const byColumn = columnsOf(rows).reduce((sum, due) => sum + columnSum(rows, due).orders, 0);
      expect(byColumn).toBe(all.orders);
      expect(stagesOf(all.stages).reduce((sum, { orders }) => sum + orders, 0)).toBe(all.orders);
    }),
  );
});

describe('the list of orders', () => {
  const row = (order: string, differ: Partial<OrderRow> = {}) =>
    ({ order, channel: 'web', node: 'N1', status: 'allocated', placedAt: 1, ...differ }) as OrderRow;
  const any: OrderFilter = {
    ...{ statuses: [], channel: '', node: '', q: '' },
    ...{ serverOnly: false, openOnly: false, sorted: false },
  };
  const names = (read: OrderRow[], live: OrderRow[], filter: Partial<OrderFilter>) =>
    mergeOrders(read, new Map(live.map((one) => [one.order, one])), { ...any, ...filter }).map(({ order }) => order);

  test('takes new orders from the live list only where the browser can judge that they belong there', () => {
    expect(names([row('A')], [row('B', { placedAt: 2 })], {})).toEqual(['B', 'A']);
    expect(names([row('A')], [row('B', { placedAt: 2 })], { serverOnly: true })).toEqual(['A']);
    expect(names([row('A'), row('C', { placedAt: 9 })], [row('B')], { sorted: true })).toEqual(['A', 'C']);
  });
  test('lets go of an order that no longer fits', () => {
    expect(names([row('A'), row('B')], [row('A', { status: 'dispatched' })], { openOnly: true })).toEqual(['B']);
    expect(names([row('A')], [row('A', { status: 'picking' })], { statuses: ['allocated', 'held'] })).toEqual([]);
  });
});

test('days ahead stand by themselves, what is free adds up', () => {
  const day = { opensAt: 0, closesAt: 0, cutOff: 0 };
  const days = workingDays([
    { ...day, possible: 100, due: 30 },
    { ...day, possible: 200, due: 250 },
    { ...day, possible: 300, due: 250 },
  ]);
  expect(days.map(({ possible, due, free }) => [possible, due, free])).toEqual([
    [100, 30, 70],
    [100, 220, -50],
    [100, 0, 50],
  ]);
});

test('what an impairment would leave is told of full strength, not of what is left already', () => {
  const node = { possible: 50, due: 60, openLines: 90, capacityShare: 0.5 };
  expect(outlookOf(node, 0.25)).toEqual({ possible: 25, due: 60, late: 35, dueAfter: 30 });
  expect(outlookOf({ ...node, possible: null }, 0.5)).toBeNull();
});

test('the cut-off of a node is said of new orders, and of the day they leave', () => {
  const zone = 'America/New_York';
  const cutOff = Date.UTC(2026, 10, 23, 20, 0);
  const before = cutOff - 3_600_000;
  expect(ordersTaken(cutOff, before, zone)).toEqual({ title: 'Takes orders for today until', until: '15:00' });
  expect(linesDueTitle(cutOff, before, zone)).toBe('Lines due today');
  // 02:00 in UTC is the evening before in New York.
  const evening = Date.UTC(2026, 10, 23, 2, 0);
  expect(ordersTaken(cutOff, evening, zone).title).toBe(`Takes orders for ${formatWeekday(cutOff, zone)} until`);
  expect(linesDueTitle(cutOff, evening, zone)).toBe(`Lines due by the end of ${formatWeekday(cutOff, zone)}`);
  expect(ordersTaken(null, before, zone).until).toBe('no working day ahead');
});

test('a day begins at midnight of the node', () => {
  const at = Date.UTC(2026, 10, 23, 3, 30);
  expect(new Date(startOfNodeDay(at, 'America/New_York')).toISOString()).toBe('2026-11-22T05:00:00.000Z');
  expect(new Date(startOfNodeDay(at, 'Asia/Kolkata')).toISOString()).toBe('2026-11-22T18:30:00.000Z');
});

test('bars of a volume stay within the picture, and a hole in what is usual breaks the line', () => {
  const hours = fc.array(
    fc.record({ hour: fc.nat(), events: fc.nat(90_000), refused: fc.constant(0), usual: fc.option(fc.nat(90_000)) }),
    { minLength: 1, maxLength: 48 },
  );
  fc.assert(
    fc.property(hours, (found) => {
      const { bars, usual, bottom } = drawVolume(found, 600, 150);
      for (const { y, height, x, width } of bars) {
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y + height).toBeCloseTo(bottom);
        expect(x + width).toBeLessThanOrEqual(600);
      }
      const runs = found.filter(
        (one, index) => one.usual !== null && (index === 0 || found[index - 1]!.usual === null),
      );
      expect(usual.split('M').length - 1).toBe(runs.length);
    }),
  );
});
