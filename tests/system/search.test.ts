/** The one search box over live state and history: what is found, in which order, and by whom. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Principal } from '../../server/access/abilities.ts';
import { roles } from '../../server/http/contract/access.ts';
import { searchAnswer } from '../../server/http/contract/search.ts';
import { openMirror } from '../../server/live/mirror.ts';
import { followNotices } from '../../server/live/notices.ts';
import { createInventoryModel, type InventoryModel } from '../../server/reading/inventory/model.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, T0 } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/running-tideline.ts';

const DAY = 86_400_000;
let engine: TestEngine;
let server: TestRedis;
let bench: LiveBench;
let model: InventoryModel;
let follower: Redis;
let notices: { stop(): Promise<void> };

const as = (role: Principal['role']): Principal => ({ kind: 'user', id: role, name: role, role });
const search = async (q: string, role: Principal['role'] = 'admin', limit = 12) =>
  searchAnswer.parse(await model.search(q, limit, as(role)));
const titles = async (q: string, role?: Principal['role'], limit?: number) =>
  (await search(q, role, limit)).items.map(({ title }) => title);
const kindsOf = async (q: string, role?: Principal['role']) => (await search(q, role)).items.map(({ kind }) => kind);

const order = (name: string, quantity = 1) =>
  eventOf('order.placed', {
    order: name,
    channel: 'web',
    node: 'north',
    currency: 'EUR',
    shipBy: T0 + DAY,
    lines: [{ line: '1', sku: 'MUG-1', quantity, unitPrice: 900 }],
  });

beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
  bench = await openLiveBench(server, engine);
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('node.defined', { node: 'north', name: 'Northern barn', kind: 'warehouse', timeZone: 'Europe/Berlin' }),
    eventOf('channel.defined', { channel: 'web', name: 'Web shop', kind: 'web', nodes: ['north'] }),
    eventOf('source.defined', { source: 'wms', name: 'Warehouse system', kind: 'warehouse' }),
    eventOf('item.defined', { sku: 'MUG-1', name: 'Stone mug, blue', unitPrice: 900, unitCost: 300 }),
    eventOf('item.defined', { sku: 'MUG-10', name: 'Stone mug, 100 % "green"', unitPrice: 900 }),
    eventOf('item.defined', { sku: 'X-MUG-1', name: 'Lid' }),
    eventOf('stock.received', { sku: 'MUG-1', node: 'north', quantity: 5 }),
    eventOf('purchase-order.confirmed', {
      purchaseOrder: 'PO-77',
      supplier: 'potters',
      lines: [{ line: '1', sku: 'MUG-1', node: 'north', quantity: 50, expectedAt: T0 + 9 * DAY }],
    }),
    eventOf('stock.received', { sku: 'MUG-1', node: 'north', quantity: 9, purchaseOrder: 'PO-770' }),
    eventOf('transfer.requested', {
      transfer: 'TR-5',
      fromNode: 'north',
      toNode: 'south',
      lines: [{ sku: 'MUG-1', quantity: 1 }],
    }),
    order('WEB-1001'),
    order('WEB-1002', 400),
    order('EDGE%_100'),
    eventOf('fulfilment.dispatched', {
      order: 'WEB-1001',
      node: 'north',
      shipment: 's1',
      lines: [{ line: '1', quantity: 1 }],
    }),
  );
  await bench.historyHasAll();
  const mirror = await openMirror(bench.redis, bench.keys, Date.now, async () => []);
  model = createInventoryModel(bench.runtime, mirror, async () => new Map());
  follower = bench.redis.duplicate();
  follower.on('error', () => undefined);
  notices = followNotices(await follower.connect(), bench.keys, mirror.note);
});
afterAll(async () => {
  await notices.stop();
  follower.destroy();
  await bench.close();
  await engine.stop();
  await server.stop();
});

it('finds what is called exactly so first, then what begins so, then what has it somewhere', async () => {
  const { items } = await search('mug-1');
  expect(items.filter(({ kind }) => kind === 'SKU').map(({ address }) => address)).toEqual([
    '/stock/MUG-1',
    '/stock/MUG-10',
    '/stock/X-MUG-1',
  ]);
  expect(items[0]).toEqual({ kind: 'SKU', title: 'Stone mug, blue', detail: 'MUG-1', address: '/stock/MUG-1' });
});

it('finds a SKU by any of its words, wherever they stand', async () => {
  expect((await titles('blue mug'))[0]).toBe('Stone mug, blue');
  expect((await titles('tone mu')).slice(0, 2)).toEqual(['Stone mug, 100 % "green"', 'Stone mug, blue']);
});

it('finds an order by its whole number and by any part of it, those that go on first', async () => {
  expect((await search('web-1001')).items[0]).toMatchObject({ kind: 'Order', address: '/orders/WEB-1001' });
  const parts = (await search('100')).items.filter(({ kind }) => kind === 'Order').map(({ title }) => title);
  expect(parts).toEqual(['EDGE%_100', 'WEB-1002', 'WEB-1001']);
});

it('finds purchase orders and transfers, those to come before those that have come', async () => {
  expect((await search('po-77')).items.filter(({ kind }) => kind === 'Purchase order')).toMatchObject([
    { title: 'PO-77', detail: 'potters · 50 still to come', address: '/purchase-orders/PO-77' },
    { title: 'PO-770', detail: '9 received' },
  ]);
  expect((await search('tr-5')).items[0]).toMatchObject({ kind: 'Transfer', title: 'TR-5' });
});

it('finds exceptions by number and by words, nodes, channels, sources and KPIs by name', async () => {
  const [first] = (await search('oversold')).items.filter(({ kind }) => kind === 'Exception');
  const [number] = first!.title.split(' ');
  expect(number).toMatch(/^EX-\d+$/);
  expect((await search(number!)).items[0]).toMatchObject({ kind: 'Exception', address: `/exceptions?ex=${number}` });
  expect(await kindsOf('northern')).toEqual(['Node']);
  expect(await kindsOf('web shop')).toEqual(['Channel']);
  expect(await kindsOf('warehouse system')).toEqual(['Source']);
  expect((await search('on-time-dispatch')).items[0]).toMatchObject({ kind: 'KPI', address: '/kpis/on-time-dispatch' });
});

it('shows nobody what they may not open', async () => {
  const hidden = ['SKU', 'Order', 'Purchase order', 'Transfer', 'Node', 'Channel'];
  for (const q of ['mug', 'web', 'po-77', 'tr-5', 'north', '100']) {
    const seen = await kindsOf(q, 'executive');
    expect(seen.filter((kind) => hidden.includes(kind))).toEqual([]);
  }
  expect(await titles('margin', 'planner')).not.toContain((await titles('margin', 'executive'))[0]);
  for (const role of roles.filter((one) => one === 'wall' || one === 'ingest')) {
    expect((await kindsOf('mug', role)).filter((kind) => kind !== 'KPI' && kind !== 'Source')).toEqual([]);
  }
});

it('takes every sign for itself', async () => {
  expect((await titles('100 % "green"'))[0]).toBe('Stone mug, 100 % "green"');
  expect((await titles('%_1'))[0]).toBe('EDGE%_100');
  for (const q of ["' OR 1=1 --", '{q:String}', '\\', '"', '__proto__', 'a|b', '\u0000', '*', '🦊']) {
    expect((await search(q)).incomplete).toBeUndefined();
  }
  expect(await titles("' OR 1=1 --")).toEqual([]);
  expect(await titles('__proto__')).toEqual([]);
});

it('answers with no more than was asked for, the best of them', async () => {
  expect(await titles('mug-1', 'admin', 1)).toEqual(['Stone mug, blue']);
});

it('knows what came a moment ago', async () => {
  await bench.apply(eventOf('item.defined', { sku: 'JUG-1', name: 'Jug' }));
  await until('the new item is found', 5_000, async () => (await titles('jug')).includes('Jug'));
});

it('says so when history is away, and finds the rest', async () => {
  const mirror = await openMirror(bench.redis, bench.keys, Date.now, async () => []);
  const away = createInventoryModel({ ...bench.runtime, history: goneHistory } as never, mirror, async () => new Map());
  const found = await away.search('web-1002', 12, as('planner'));
  expect(found.items[0]).toMatchObject({ kind: 'Order', title: 'WEB-1002' });
  expect(found.incomplete).toMatch(/whole number/);
  expect((await away.search('mug', 12, as('planner'))).items[0]).toMatchObject({ kind: 'SKU' });
});
const goneHistory = { query: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) };
