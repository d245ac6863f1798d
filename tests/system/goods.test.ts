/** Lots, costs, transfers and returns over real Redis, and what people may take back. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGoodsModel, type GoodsModel } from '../../server/reading/goods.ts';
import { DAY_MS } from '../../streams/operations/stock/costing.ts';
import { eventOf, HOUR, T0 } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

let server: TestRedis;
let bench: LiveBench;
let model: GoodsModel;
let clock = T0 + HOUR;
const page = { limit: 100 };
const lot = (name: string, days: number, quantity: number, node = 'north') =>
  eventOf('stock.received', { sku: 'milk', node, quantity, lot: name, expiresAt: T0 + days * DAY_MS });
const sent = (transfer: string, quantity: number) => ({
  transfer,
  fromNode: 'north',
  toNode: 'south',
  lines: [{ sku: 'tea', quantity }],
});

beforeAll(async () => {
  server = await startTestRedis();
  bench = await openLiveBench(server);
  model = createGoodsModel(bench.runtime, () => clock++);
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('item.defined', { sku: 'milk', name: 'Milk', unitCost: 90, lotTracked: true }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900 }),
    lot('m2', 9, 5),
    lot('m1', 3, 4),
    lot('m3', 90, 7, 'south'),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 10, unitCost: 250 }, { source: 'wms', id: 'r1' }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 10, unitCost: 350 }, { at: T0 + HOUR }),
    eventOf('transfer.requested', { ...sent('T1', 6), expectedAt: T0 + DAY_MS }),
    eventOf('transfer.sent', sent('T1', 4)),
    eventOf('transfer.sent', sent('T2', 2)),
    eventOf('return.received', {
      return: 'R1',
      node: 'north',
      lines: [{ sku: 'tea', quantity: 2, reason: 'defective' }],
    }),
    eventOf('return.received', { return: 'R2', node: 'north', lines: [{ sku: 'tea', quantity: 1 }] }),
    eventOf('return.judged', { return: 'R2', node: 'north', lines: [{ sku: 'tea', quantity: 1, to: 'sellable' }] }),
  );
});
afterAll(async () => {
  await bench.close();
  await server.stop();
});

it('lots are told per record, first to expire first, and filtered by date', async () => {
  const { items } = await model.lotsPage({ ...page, expiresBefore: T0 + 30 * DAY_MS });
  expect(items).toMatchObject([
    {
      sku: 'milk',
      node: 'north',
      lots: [
        { lot: 'm1', expiresAt: T0 + 3 * DAY_MS, sellable: 4 },
        { lot: 'm2', sellable: 5 },
      ],
    },
  ]);
  const first = await model.lotsPage({ limit: 1 });
  const second = await model.lotsPage({ limit: 1, cursor: first.next! });
  expect([first, second].flatMap(({ items: [record] }) => record!.node)).toEqual(['north', 'south']);
  expect(second.next).toBeNull();
});

it('a cost is told with the days that made it', async () => {
  const cost = await model.cost('tea');
  expect(cost).toMatchObject({ unitCost: 300, average: 3_000_000, standardCost: 300, unitsOwned: 23, currency: 'EUR' });
  expect(cost!.days).toMatchObject([
    { day: '2026-03-02', otherUnits: 3, received: 20, receivedValue: 6_000, averageAfter: 3_000_000 },
  ]);
  expect(cost!.review).toMatchObject({ at: null });
  expect(await model.cost('nothing')).toBeNull();
});

it('transfers are found by what is still to come of them, and closed with a reason', async () => {
  const late = await model.transfersPage({ ...page, status: 'in-transit', node: 'south' });
  expect(late.items.map(({ transfer, lines }) => [transfer, lines[0]!.onTheWay, lines[0]!.unsent])).toEqual([
    ['T1', 4, 2],
    ['T2', 2, 0],
  ]);
  await model.closeTransfer('T2', { reason: 'stolen', to: 'loss' }, 'Ana');
  expect(await model.transfer('T2')).toMatchObject({ status: 'closed', by: 'Ana', reason: 'stolen' });
  await expect(model.closeTransfer('T2', { reason: 'again', to: 'loss' }, 'Ana')).rejects.toThrow('was already closed');
  await model.cancelTransfer('T1', { reason: 'sold meanwhile' }, 'Ana');
  expect(await model.transfer('T1')).toMatchObject({ status: 'in-transit', lines: [{ onTheWay: 4, unsent: 0 }] });
});

it('returns that wait are told with what the policy proposes', async () => {
  const { items } = await model.returnsPage({ ...page, waiting: true });
  expect(items).toMatchObject([
    { return: 'R1', waiting: 2, due: T0 + 48 * HOUR, lines: [{ proposed: 'quarantined' }] },
  ]);
  expect(await model.return('R2')).toMatchObject({ waiting: 0, judged: [{ sku: 'tea', quantity: 1 }] });
  expect(await model.return('R3')).toBeNull();
});

it('somebody takes back what another system has sent, once, and nobody what was never sent', async () => {
  await model.voidStock({ source: 'wms', event: 'r1', reason: 'scanned twice' }, 'Ana');
  // 10 at 350, and one unit that came back and was worth the standard cost.
  expect(await model.cost('tea')).toMatchObject({ unitCost: 345 });
  await expect(model.voidStock({ source: 'wms', event: 'r1', reason: 'again' }, 'Ana')).rejects.toThrow(
    'was corrected by void:wms:r1',
  );
  await expect(model.voidStock({ source: 'wms', event: 'r9', reason: 'why not' }, 'Ana')).rejects.toThrow(
    'wms sent no event r9',
  );
  expect(bench.problems).toEqual([]);
});
