/** What is open by cut-off, waves, holds and sources, as screens ask for them: real Redis, real processor, real history. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ordersPage } from '../../analytics/clickhouse/queries/orders.ts';
import type { FulfilmentModel } from '../../server/http/read-model.ts';
import { type Mirror, openMirror } from '../../server/live/mirror.ts';
import { forecastOf } from '../../server/live/views/wall-story.ts';
import { nodeViewOf } from '../../server/nodes/node-view.ts';
import { nodePicture } from '../../server/nodes/pace.ts';
import { createFulfilmentModel } from '../../server/reading/fulfilment.ts';
import { nodeDays } from '../../server/reading/node-days.ts';
import { readOrdersPage } from '../../server/reading/orders.ts';
import { readSource } from '../../server/reading/sources.ts';
import type { DueWord, OrderSort } from '../../streams/events/order-statuses.ts';
import { idle, LOAD_SLOT_MS } from '../../streams/operations/nodes/node-load.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, HOUR, MINUTE, orderOf, T0 } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

/** T0 is Monday, 2 March 2026, 08:00 UTC: 17:00 in Tokyo and 00:00 in Los Angeles. */
const NOW = T0 + 4 * HOUR;
const DAY = 24 * HOUR;
let engine: TestEngine;
let server: TestRedis;
let bench: LiveBench;
let mirror: Mirror;
let fulfilment: FulfilmentModel;

const placed = (order: string, node: string, shipBy: number | undefined, quantity = 1) =>
  orderOf(order, quantity, { node, ...(shipBy === undefined ? {} : { shipBy }) });

beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
  bench = await openLiveBench(server, engine);
  const node = (name: string, timeZone: string) =>
    eventOf('node.defined', { node: name, name: `The ${name}`, kind: 'warehouse', timeZone });
  const lines = [{ line: '1', quantity: 1 }];
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['tokyo', 'angeles'] }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900 }),
    node('tokyo', 'Asia/Tokyo'),
    node('angeles', 'America/Los_Angeles'),
    eventOf('stock.received', { sku: 'tea', node: 'tokyo', quantity: 500 }),
    eventOf('stock.received', { sku: 'tea', node: 'angeles', quantity: 500 }),
    // 21:00 in Tokyo now: four hours later it is tomorrow there, and still this morning in Los Angeles.
    ...['1', '2', '3'].map((name) => placed(`T-late-${name}`, 'tokyo', NOW - MINUTE)),
    placed('T-soon', 'tokyo', NOW + HOUR, 2),
    placed('T-packed', 'tokyo', NOW + HOUR),
    placed('T-tomorrow', 'tokyo', NOW + 4 * HOUR),
    placed('A-today', 'angeles', NOW + 4 * HOUR),
    placed('A-tomorrow', 'angeles', NOW + DAY),
    placed('A-later', 'angeles', NOW + 4 * DAY, 5),
    placed('A-open', 'angeles', undefined),
    placed('A-held', 'angeles', NOW + DAY),
    placed('A-gone', 'angeles', NOW + DAY),
    eventOf('order.held', { order: 'A-held', hold: 'payment' }),
    eventOf('order.held', { order: 'A-held', hold: 'address' }),
    eventOf('order.held', { order: 'T-tomorrow', hold: 'payment' }),
    eventOf('fulfilment.picked', { order: 'T-packed', node: 'tokyo', lines }),
    eventOf('fulfilment.packed', { order: 'T-packed', node: 'tokyo', lines }),
    eventOf('fulfilment.dispatched', { order: 'A-gone', node: 'angeles', shipment: 'S-1', lines }),
    eventOf('wave.released', { wave: 'W-1', node: 'angeles', orders: ['A-today', 'A-tomorrow', 'A-gone'], by: 'Ada' }),
    eventOf('fulfilment.picked', { order: 'A-tomorrow', node: 'angeles', lines }),
  );
  await bench.historyHasAll();
  const loaded = await openMirror(
    bench.redis,
    bench.keys,
    () => NOW,
    async () => [],
  );
  mirror = { ...loaded, businessNow: () => NOW };
  fulfilment = createFulfilmentModel(bench.runtime, mirror);
}, 60_000);
afterAll(async () => {
  await bench?.close();
  await Promise.all([engine?.stop(), server?.stop()]);
});

const list = async (asked: { node?: string; due?: DueWord; risk?: boolean; wave?: string; sort?: OrderSort }) =>
  (await readOrdersPage(bench.runtime, mirror, { limit: 100, sort: 'newest', ...asked })).items.map(
    ({ order }) => order,
  );

describe('the backlog', () => {
  test('adds up to the open orders that live state counts', async () => {
    const { nodes, openOrders } = await fulfilment.backlog();
    const cells = nodes.flatMap((node) => node.cells);
    expect(openOrders).toBe(11);
    expect(cells.reduce((sum, { orders }) => sum + orders, 0)).toBe(openOrders);
    expect(cells.reduce((sum, { units }) => sum + units, 0)).toBe(16);
    for (const { stages, orders } of cells)
      expect(Object.values(stages).reduce((sum, count) => sum + count, 0)).toBe(orders);
  });

  test('tells days on the clock of each node', async () => {
    const { nodes } = await fulfilment.backlog();
    const counts = nodes.map(({ node, cells }) => [node, cells.map(({ due, orders }) => [due, orders])]);
    expect(counts).toEqual([
      [
        'angeles',
        [
          ['today', 1],
          ['tomorrow', 2],
          ['later', 1],
          ['unpromised', 1],
        ],
      ],
      [
        'tokyo',
        [
          ['late', 3],
          ['today', 2],
          ['tomorrow', 1],
        ],
      ],
    ]);
  });

  test('each cell leads to exactly the orders it counts', async () => {
    const { nodes } = await fulfilment.backlog();
    for (const { node, cells } of nodes) {
      for (const { due, orders, atRisk } of cells) {
        expect(await list({ node, due }), `${node} ${due}`).toHaveLength(orders);
        expect(await list({ node, due, risk: true }), `${node} ${due} at risk`).toHaveLength(atRisk);
      }
    }
    expect(await list({ risk: true })).toEqual(['T-soon']);
    const counts = await fulfilment.orderCounts({ due: 'late' });
    expect(counts).toMatchObject({ orders: 3, open: 3, statuses: [{ orders: 3 }] });
  });
});

test('sorted by promise or amount, pages hold every order once and in order', async () => {
  for (const sort of ['due', 'amount'] as const) {
    const found: { shipBy: number | null; amount: number; order: string }[] = [];
    let cursor: string | undefined;
    do {
      const page = await ordersPage(bench.runtime.history, { sort, limit: 5, cursor, days: nodeDays(mirror) });
      found.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(found.map(({ order }) => order)).size).toBe(12);
    const places = found.map(({ shipBy, amount }) => (sort === 'due' ? (shipBy ?? Infinity) : -amount));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  }
});

test('a wave tells how far its orders are, and names them', async () => {
  const { items } = await fulfilment.waves({ node: 'angeles' });
  expect(items).toMatchObject([{ wave: 'W-1', orders: 3, released: 1, picking: 1, packed: 0, done: 1, by: 'Ada' }]);
  expect(await fulfilment.waves({ node: 'tokyo' })).toMatchObject({ items: [] });
  expect((await list({ wave: 'W-1' })).sort()).toEqual(['A-gone', 'A-today', 'A-tomorrow']);
  expect(await list({ wave: 'no such wave' })).toEqual([]);
});

test('holds are told by reason with the age of each', async () => {
  const { orders, items } = await fulfilment.holds();
  expect(orders).toBe(2);
  expect(items.map(({ hold, orders: held, ages }) => [hold, held, ages])).toEqual([
    ['payment', 2, [0, 0, 2, 0, 0]],
    ['address', 1, [0, 0, 1, 0, 0]],
  ]);
});

test('the picture of a node counts what is open there and nothing else', () => {
  expect(nodePicture(mirror, 'tokyo')).toMatchObject({ card: { toShip: 6, status: 'critical' }, story: { toShip: 6 } });
  expect(nodePicture(mirror, 'angeles')!.story.toShip).toBe(5);
  expect(nodePicture(mirror, 'nowhere')).toBeNull();
});

test('what is due after closing counts as work of that day until midnight at the node', () => {
  const slotOf = (at: number, lines: number) => ({
    slot: at / LOAD_SLOT_MS,
    lines,
    released: 0,
    orders: lines,
    margin: 0,
    channels: {},
  });
  // In Los Angeles it is Monday, 04:00; the node closes long before 23:00.
  const load = { ...idle('angeles'), slots: [slotOf(T0 + 23 * HOUR, 5), slotOf(T0 + 24 * HOUR, 7)] };
  const node = { ...mirror.states.node.get('angeles')!, capacityLinesPerDay: 100 };
  const view = nodeViewOf('angeles', node, load, NOW);
  expect(view.endsAt).toBeLessThan(T0 + 23 * HOUR);
  expect(view).toMatchObject({ due: 5, openLines: 12, free: view.possible! - 5 });
  expect(view.days.slice(0, 2).map(({ due }) => due)).toEqual([5, 12]);
});

test('a forecast goes on at its pace until all that is due is shipped, before the cut-off or after it', () => {
  const hours = { now: 0, cutOff: 4 * HOUR, to: 6 * HOUR };
  expect(forecastOf(hours, 100, 60, 120)).toEqual([
    [0, 100],
    [2 * HOUR, 40],
    [6 * HOUR, 40],
  ]);
  expect(forecastOf(hours, 100, 100, 80)).toEqual([
    [0, 100],
    [5 * HOUR, 0],
    [6 * HOUR, 0],
  ]);
  expect(forecastOf(hours, 100, 100, 40)).toEqual([
    [0, 100],
    [6 * HOUR, 40],
  ]);
  expect(forecastOf(hours, 100, 100, 0).at(-1)).toEqual([6 * HOUR, 100]);
});

test('a source is told with its hours, what was refused by reason, and what depends on it', async () => {
  const lines = [{ line: '1', quantity: 1 }];
  const twice = () => eventOf('fulfilment.picked', { order: 'A-gone', node: 'angeles', lines });
  await bench.apply(
    eventOf('order.refunded', { order: 'A-gone', amount: 1_000_000, currency: 'EUR' }),
    eventOf('order.refunded', { order: 'A-today', amount: 2_000_000, currency: 'EUR' }),
    twice(),
  );
  await bench.historyHasAll();
  await mirror.refresh();
  const source = [...mirror.states.source.keys()].find((name) => name !== 'tideline')!;
  const view = await readSource(bench.runtime, mirror, source);
  const hours = view!.hours.reduce((sum, { events }) => sum + events, 0);
  expect(hours).toBeGreaterThan(20);
  expect(view!.hours).toHaveLength(48);
  // Two refunds, each beyond what was paid for its order: one reason, told once.
  const refunds = view!.problems.filter(({ type }) => type === 'order.refunded');
  expect(refunds).toMatchObject([{ kind: 'refused', count: 2 }]);
  expect(view!.hours.reduce((sum, { refused }) => sum + refused, 0)).toBe(
    view!.problems.reduce((sum, { count }) => sum + count, 0),
  );
  expect(await readSource(bench.runtime, mirror, 'nobody')).toBeNull();
});
