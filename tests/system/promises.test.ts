/** What may be promised, over real Redis: one moment, pages and the feed of a channel. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPromiseModel, type PromiseModel } from '../../server/reading/promises.ts';
import { eventOf, HOUR, orderOf, T0 } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

let server: TestRedis;
let bench: LiveBench;
let model: PromiseModel;
const planner = { kind: 'user', id: 'u1', name: 'Ada', role: 'planner' } as const;
const shopKey = { kind: 'key', id: 'k1', name: 'shop', role: 'ingest', source: 'shop' } as const;
const SKUS = Array.from({ length: 150 }, (_, i) => `sku-${String(i).padStart(3, '0')}`);

beforeAll(async () => {
  server = await startTestRedis();
  bench = await openLiveBench(server);
  model = createPromiseModel(bench.runtime, () => T0 + HOUR);
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', nodes: ['north', 'south'], buffer: 1 }),
    eventOf('channel.defined', { channel: 'other', name: 'Other', nodes: ['south'] }),
    eventOf('source.defined', { source: 'shop', name: 'Shop', channel: 'web' }),
    eventOf('policy.defined', {
      policy: 'publication',
      body: { channels: [{ channel: 'web' }, { channel: 'other' }] },
    }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 5 }),
    eventOf('purchase-order.confirmed', {
      purchaseOrder: 'PO-1',
      supplier: 'kiln',
      lines: [{ line: '1', sku: 'tea', node: 'north', quantity: 10, expectedAt: T0 + 24 * HOUR }],
    }),
    orderOf('o1', 7),
    ...SKUS.map((sku) => eventOf('stock.received', { sku, node: 'south', quantity: 3 })),
    ...['r1', 'r2', 'r3'].map((reservation) =>
      eventOf('reservation.held', { reservation, ownerId: 'c1', channel: 'web', sku: 'sku-149', quantity: 1 }),
    ),
    eventOf('reservation.released', { reservation: 'r2' }),
  );
});
afterAll(async () => {
  await bench.close();
  await server.stop();
});

it('ATP is told with steps that add up, now and up to a date', async () => {
  const now = await model.atp({ sku: 'tea', channel: 'web' });
  expect(now?.atp).toBe(-3);
  expect(now?.steps.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(-3);
  const later = await model.atp({ sku: 'tea', channel: 'web', until: T0 + 48 * HOUR });
  expect(later?.atp).toBe(5);
  expect(later?.steps.at(-1)?.step).toBe('PO-1/1 to north, 10 at 80 %');
  expect(await model.atp({ sku: 'tea', node: 'north' })).toMatchObject({ atp: 0, channel: null, node: 'north' });
  expect(await model.atp({ sku: 'tea', channel: 'nowhere' })).toBeNull();
});

it('an order hears when its waiting units can leave, and what has come of a purchase order', async () => {
  expect(await model.promises('o1')).toMatchObject({
    lines: [{ waiting: 2, ahead: 0, shipAt: T0 + 48 * HOUR, parts: [{ ref: 'PO-1/1', units: 2 }], uncovered: 0 }],
  });
  expect(await model.promises('unknown')).toBeNull();
  expect((await model.inbound('tea')).items).toMatchObject([{ ref: 'PO-1/1', quantity: 10, share: 0.8 }]);
  expect(await model.purchaseOrder('PO-1')).toMatchObject({ lines: [{ received: 0, outstanding: 10 }] });
});

it('reservations are listed page by page, by what they are', async () => {
  const first = await model.reservationsPage({ limit: 1, status: 'held', node: 'south' });
  expect(first).toMatchObject({ items: [{ reservation: 'r1', held: [{ node: 'south', quantity: 1 }] }], next: 'r1' });
  const second = await model.reservationsPage({ limit: 1, status: 'held', cursor: first.next! });
  expect(second).toMatchObject({ items: [{ reservation: 'r3' }], next: null });
  expect(await model.reservation('r2')).toMatchObject({ status: 'released', held: [] });
  expect(await model.reservation('unknown')).toBeNull();
});

it('a reader of the feed sees every SKU once with its newest figure, and goes on from where it was', async () => {
  const read = async (cursor: number) => {
    const seen = new Map<string, number>();
    for (;;) {
      const {
        items,
        cursor: next,
        more,
      } = await model.availabilityChanges({ cursor, limit: 40, channel: 'web' }, planner);
      for (const { sku, quantity } of items) {
        expect(seen.has(sku), sku).toBe(false);
        seen.set(sku, quantity);
      }
      cursor = next;
      if (!more) return { seen, cursor };
    }
  };
  const first = await read(0);
  expect([...first.seen.keys()].sort()).toEqual([...SKUS, 'tea'].sort());
  expect(first.seen.get('sku-007')).toBe(2);
  await bench.apply(eventOf('stock.adjusted', { sku: 'sku-007', node: 'south', quantity: -2, reason: 'lost' }));
  const second = await read(first.cursor);
  expect([...second.seen]).toEqual([['sku-007', 0]]);
});

it('a new reader begins with what stands, and the key of a channel sees no other channel', async () => {
  const all = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const page = await model.availabilityPage(query, shopKey);
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(all.map(({ channel }) => channel))).toEqual(new Set(['web']));
  expect(all.map(({ sku }) => sku)).toEqual([...SKUS, 'tea']);
  const { items } = await model.availabilityChanges({ cursor: 0, limit: 100 }, shopKey);
  expect(new Set(items.map(({ channel }) => channel))).toEqual(new Set(['web']));
});
