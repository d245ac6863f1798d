/** Purchase orders over real Redis: what is late, what is to come, and who waits for it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  purchaseOrderPicture,
  purchaseOrdersPage,
  purchaseOrdersQuery,
} from '../../server/http/contract/purchase-orders.ts';
import { openMirror } from '../../server/live/mirror.ts';
import { createInventoryModel, type InventoryModel } from '../../server/reading/inventory/model.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, HOUR, T0 } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const DAY = 24 * HOUR;
const NOW = T0 + 12 * DAY;
let engine: TestEngine;
let server: TestRedis;
let bench: LiveBench;
let model: InventoryModel;
let withoutHistory: InventoryModel;

const received = (sku: string, quantity: number, purchaseOrder: string) =>
  eventOf('stock.received', { sku, node: 'east', quantity, purchaseOrder }, { at: T0 + 2 * DAY });
const ordered = async (asked: object = {}) =>
  purchaseOrdersPage.parse(await model.purchaseOrdersPage(purchaseOrdersQuery.parse(asked)));
const numbers = async (asked: object) => (await ordered(asked)).items.map(({ purchaseOrder }) => purchaseOrder);

beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
  bench = await openLiveBench(server, engine);
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('item.defined', { sku: 'CUP', name: 'Cup', unitCost: 200, unitPrice: 900 }),
    eventOf('order.placed', {
      order: 'O-1',
      channel: 'web',
      node: 'east',
      currency: 'EUR',
      lines: [{ line: '1', sku: 'CUP', quantity: 500, unitPrice: 900 }],
    }),
    eventOf('purchase-order.confirmed', {
      purchaseOrder: 'PO-1',
      supplier: 'mill',
      lines: [
        { line: '1', sku: 'CUP', node: 'east', quantity: 60, expectedAt: T0 + 4 * DAY },
        { line: '2', sku: 'JUG', node: 'east', quantity: 10, expectedAt: T0 + 20 * DAY },
      ],
    }),
    received('CUP', 25, 'PO-1'),
    eventOf('purchase-order.confirmed', {
      purchaseOrder: 'PO-2',
      supplier: 'kiln',
      lines: [{ line: '1', sku: 'PAN', node: 'west', quantity: 5, expectedAt: T0 + 30 * DAY }],
    }),
    eventOf('purchase-order.cancelled', { purchaseOrder: 'PO-3', reason: 'too late' }),
    received('CUP', 4, 'PO-4'),
  );
  await bench.historyHasAll();
  const opened = await openMirror(bench.redis, bench.keys, Date.now, async () => []);
  const mirror = { ...opened, businessNow: () => NOW };
  const noAtps = async () => new Map();
  model = createInventoryModel(bench.runtime, mirror, noAtps);
  const history = { query: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) };
  withoutHistory = createInventoryModel({ ...bench.runtime, history } as never, mirror, noAtps);
});
afterAll(async () => {
  await bench.close();
  await engine.stop();
  await server.stop();
});

it('are late, expected, cancelled or only received, with sums of what is to come', async () => {
  const { items, sums, suppliers } = await ordered({ sort: 'number', direction: 'up' });
  expect(items.map(({ purchaseOrder, status }) => [purchaseOrder, status])).toEqual([
    ['PO-1', 'late'],
    ['PO-2', 'open'],
    ['PO-3', 'cancelled'],
    ['PO-4', 'unconfirmed'],
  ]);
  expect(items[0]).toMatchObject({ ordered: 70, received: 25, outstanding: 45, lateDays: 8 });
  expect(sums).toMatchObject({ ordered: 75, received: 29, outstanding: 50, late: 1 });
  expect(suppliers).toEqual(['kiln', 'mill']);
});

it('are found by status, supplier, node, SKU and words', async () => {
  expect(await numbers({ status: 'open' })).toEqual(['PO-2']);
  expect(await numbers({ supplier: 'mill' })).toEqual(['PO-1']);
  expect(await numbers({ node: 'west' })).toEqual(['PO-2']);
  expect(await numbers({ q: 'cup po-4' })).toEqual(['PO-4']);
  expect(await numbers({ open: 'true', sort: 'expected', direction: 'up' })).toEqual(['PO-1', 'PO-2']);
});

it('tell their lines, their story and who waits for them', async () => {
  const late = purchaseOrderPicture.parse(await model.purchaseOrderPicture('PO-1'));
  expect(late.lines).toMatchObject([
    { line: '1', name: 'Cup', quantity: 60, received: 25, outstanding: 35 },
    { line: '2', outstanding: 10 },
  ]);
  expect(late.waiting).toMatchObject([{ order: 'O-1', sku: 'CUP' }]);
  expect(late.exceptions.length).toBeGreaterThan(0);
  expect(late.timeline!.map(({ summary }) => summary)).toEqual([
    'confirmed by mill: 70 units in 2 lines',
    'received at east: 25 x CUP into sellable',
  ]);
  const cancelled = purchaseOrderPicture.parse(await model.purchaseOrderPicture('PO-3'));
  expect(cancelled.timeline!.map(({ summary }) => summary)).toEqual(['cancelled: all of it, too late']);
  expect(await model.purchaseOrderPicture('PO-99')).toBeNull();
});

it('say when history is away, and tell the rest', async () => {
  const late = purchaseOrderPicture.parse(await withoutHistory.purchaseOrderPicture('PO-1'));
  expect(late).toMatchObject({ timeline: null, outstanding: 45 });
});
