import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { DAY_MS } from '../../streams/operations/stock/costing.ts';
import { LOTS_PER_RECORD_MAX, lotsIn } from '../../streams/operations/stock/lots.ts';
import { createWorld, eventOf, expectSound, HOUR, orderOf, T0 } from '../support/fold.ts';

type World = ReturnType<typeof createWorld>;
const stock = (world: World, node = 'north') => world.get('stock', `tea|${node}`)!;
const left = (world: World, node = 'north') =>
  Object.fromEntries(
    lotsIn(world.get('lots', `tea|${node}`)?.lots ?? [], stock(world, node)).map(
      ({ lot, sellable, allocated, quarantined, damaged, ...more }) => [
        lot,
        { sellable, allocated, quarantined, damaged, way: more['in-transit'] },
      ],
    ),
  );
const none = { sellable: 0, allocated: 0, quarantined: 0, damaged: 0, way: 0 };
const receipt = (lot: string, days: number, quantity: number, more: object = {}) =>
  eventOf('stock.received', { sku: 'tea', node: 'north', quantity, lot, expiresAt: T0 + days * DAY_MS, ...more });
const shipped = (order: string, quantity: number) => [
  orderOf(order, quantity),
  eventOf('fulfilment.dispatched', { order, node: 'north', shipment: order, lines: [{ line: '1', quantity }] }),
];
function shop(): World {
  const world = createWorld();
  world.apply(
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north'] }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900, lotTracked: true }),
  );
  return world;
}
const due = (subject: string, at: number) =>
  eventOf('deadline.passed', { kind: 'lot-expiry', subject, due: at, clock: 'test' }, { at });

test('a receipt of a tracked item without a lot is refused', () => {
  const world = shop();
  const [fact] = world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 5 }));
  expect(fact!.effects.refused).toBe('tea is tracked by lot: a receipt has to name its lot');
  expect(world.get('stock', 'tea|north')).toBeUndefined();
});

test('what expires first is shipped and reserved first, when nobody names a lot', () => {
  const world = shop();
  world.apply(receipt('late', 60, 10), receipt('soon', 20, 10), ...shipped('O1', 4), orderOf('O2', 9));
  expect(left(world)).toEqual({
    soon: { ...none, allocated: 6 },
    late: { ...none, sellable: 7, allocated: 3 },
  });
  expectSound(world);
});

test('in whatever order receipts and shipments arrive, the same lots are left', () => {
  const events = [
    receipt('a', 20, 10),
    receipt('b', 40, 10),
    receipt('c', 30, 5),
    ...shipped('O1', 7),
    ...shipped('O2', 6),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled: Event[]) => {
      const world = shop();
      world.apply(...shuffled);
      expect(left(world)).toEqual({ c: { ...none, sellable: 2 }, b: { ...none, sellable: 10 } });
      expectSound(world);
    }),
    { numRuns: 150 },
  );
});

test('a lot past its date leaves sale; orders keep what they have reserved and are served by other lots', () => {
  const world = shop();
  world.apply(receipt('a', 20, 10), receipt('b', 60, 10), orderOf('O1', 4));
  expect(world.deadlines.get('test|lot-expiry|tea|north|a')).toBe(T0 + 20 * DAY_MS);
  world.apply(due('tea|north|a', T0 + 20 * DAY_MS));
  expect(stock(world)).toMatchObject({ sellable: 6, allocated: 4, quarantined: 10 });
  expect(left(world)).toEqual({
    a: { ...none, quarantined: 10 },
    b: { ...none, sellable: 6, allocated: 4 },
  });
  expectSound(world);
});

test('expired units that only orders hold are looked at again every day', () => {
  const world = shop();
  world.apply(receipt('a', 20, 10), orderOf('O1', 8));
  world.apply(due('tea|north|a', T0 + 20 * DAY_MS));
  expect(stock(world)).toMatchObject({ sellable: 0, allocated: 8, quarantined: 2 });
  expect(world.deadlines.get('test|lot-expiry|tea|north|a')).toBe(T0 + 21 * DAY_MS);
  world.apply(eventOf('order.cancelled', { order: 'O1', reason: 'customer' }), due('tea|north|a', T0 + 21 * DAY_MS));
  expect(stock(world)).toMatchObject({ sellable: 0, allocated: 0, quarantined: 10 });
  expectSound(world);
});

test('a date that passed for another day, lot or record changes nothing', () => {
  const world = shop();
  world.apply(receipt('a', 20, 10));
  const before = { ...stock(world) };
  for (const [subject, day] of [
    ['tea|north|a', 19],
    ['tea|north|b', 30],
    ['tea|south|a', 30],
  ] as const)
    world.apply(due(subject, T0 + day * DAY_MS));
  expect(stock(world)).toEqual(before);
});

test('told twice with different dates, a lot leaves sale on the earlier one', () => {
  const world = shop();
  world.apply(receipt('a', 20, 1), receipt('a', 12, 1), receipt('a', 30, 1));
  expect(world.get('lots', 'tea|north')!.lots).toMatchObject([{ lot: 'a', sale: 3, expiresAt: T0 + 12 * DAY_MS }]);
  expect(world.deadlines.get('test|lot-expiry|tea|north|a')).toBe(T0 + 12 * DAY_MS);
});

test('a lot that is past its date on arrival never goes on sale', () => {
  const world = shop();
  world.apply(receipt('old', -1, 3));
  expect(stock(world)).toMatchObject({ sellable: 0, quarantined: 3 });
});

test('lots travel with transfers and corrections', () => {
  const world = shop();
  const moved = { transfer: 'T', sku: 'tea', fromNode: 'north', toNode: 'south' };
  world.apply(
    receipt('a', 20, 4),
    { ...receipt('b', 40, 9), id: 'b' },
    eventOf('stock.transferred', { ...moved, quantity: 6, stage: 'sent' }),
  );
  expect(left(world, 'south')).toEqual({ a: { ...none, way: 4 }, b: { ...none, way: 2 } });
  world.apply(eventOf('stock.transferred', { ...moved, quantity: 6, stage: 'received' }));
  expect(left(world, 'south')).toEqual({ a: { ...none, sellable: 4 }, b: { ...none, sellable: 2 } });
  expect(world.get('lots', 'tea|south')!.lots.map(({ expiresAt }) => expiresAt)).toEqual([
    T0 + 20 * DAY_MS,
    T0 + 40 * DAY_MS,
  ]);
  world.apply({ ...receipt('b', 40, 8, { lot: 'B' }), corrects: 'b' });
  expect(left(world)).toEqual({ B: { ...none, sellable: 6 } });
  expectSound(world);
});

test('somebody who names a lot moves that one', () => {
  const world = shop();
  const quarantine = { sku: 'tea', node: 'north', quantity: 3, from: 'sellable', to: 'quarantined', reason: 'recall' };
  world.apply(
    receipt('a', 20, 4),
    receipt('b', 40, 4),
    eventOf('stock.condition-changed', { ...quarantine, lot: 'b' }),
  );
  expect(left(world)).toEqual({ a: { ...none, sellable: 4 }, b: { ...none, sellable: 1, quarantined: 3 } });
  expectSound(world);
});

test('stock from before an item was tracked has no lot, and goes first', () => {
  const world = createWorld();
  world.apply(
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north'] }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 5 }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', lotTracked: true }, { at: T0 + HOUR }),
    receipt('a', 20, 5),
    ...shipped('O1', 3),
  );
  expect(left(world)).toEqual({ '': { ...none, sellable: 2 }, a: { ...none, sellable: 5 } });
  expectSound(world);
});

test('lots of which nothing is left make room; a record cannot hold more than it can show', () => {
  const world = shop();
  for (let index = 0; index < LOTS_PER_RECORD_MAX; index++) world.apply(receipt(`l${index}`, 20 + index, 1));
  const [full] = world.apply(receipt('more', 200, 1));
  expect(full!.effects.refused).toMatch(/has 60 lots already/);
  expectSound(world);
  world.apply(...shipped('O1', 2), receipt('more', 200, 1));
  expect(world.get('lots', 'tea|north')!.lots).toHaveLength(LOTS_PER_RECORD_MAX - 1);
  expect(left(world).more).toEqual({ ...none, sellable: 1 });
  expectSound(world);
});

test('a requested transfer of a tracked item reserves units; what is still reserved keeps the lots that expire first', () => {
  const world = shop();
  const between = { transfer: 'T', fromNode: 'north', toNode: 'south' };
  world.apply(
    receipt('a', 20, 4),
    receipt('b', 40, 6),
    eventOf('transfer.requested', { ...between, lines: [{ sku: 'tea', quantity: 7 }] }),
  );
  expect(stock(world)).toMatchObject({ sellable: 3, allocated: 7, reserved: 7 });
  world.apply(eventOf('transfer.sent', { ...between, lines: [{ sku: 'tea', quantity: 5 }] }));
  expect(stock(world)).toMatchObject({ sellable: 3, allocated: 2, reserved: 2 });
  expect(left(world, 'south')).toEqual({ a: { ...none, way: 2 }, b: { ...none, way: 3 } });
  world.apply(eventOf('transfer.sent', { ...between, lines: [{ sku: 'tea', quantity: 2 }] }));
  expect(left(world, 'south')).toEqual({ a: { ...none, way: 4 }, b: { ...none, way: 3 } });
  expectSound(world);
});
