import { expect, test } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0 } from '../support/fold.ts';

const stockAt = (world: ReturnType<typeof createWorld>, node: string) => world.get('stock', `tea|${node}`)!;
const count = (quantity: number, countedAt: number, at = countedAt, more: object = {}): Event =>
  eventOf('stock.counted', { sku: 'tea', node: 'north', quantity, countedAt, ...more }, { at });
const assertion = (quantity: number, at: number, more: object = {}, source = 'shop'): Event =>
  eventOf('stock.asserted', { sku: 'tea', node: 'north', measure: 'available', quantity, ...more }, { at, source });
const receipt = (quantity: number, at: number): Event =>
  eventOf('stock.received', { sku: 'tea', node: 'north', quantity }, { at });
const policy = (body: object): Event => eventOf('policy.defined', { policy: 'assertion', body });

test('a movement from before a count changes nothing when it comes after it', () => {
  const inOrder = createWorld();
  const late = createWorld();
  const events = [receipt(5, T0 + HOUR), count(12, T0 + 2 * HOUR)];
  for (const world of [inOrder, late]) openShop(world, { north: 10, south: 0 });
  inOrder.apply(...events);
  late.apply(...events.toReversed());
  for (const world of [inOrder, late]) {
    expect(stockAt(world, 'north')).toMatchObject({ sellable: 12, countVariance: -3 });
    expect(world.get('ledger', 'tea')!.unknown).toBe(3);
    expectSound(world);
  }
});

test('a late movement is made up for through every later count, whichever measure was counted', () => {
  const events = [
    receipt(5, T0 + HOUR),
    count(12, T0 + 2 * HOUR),
    count(11, T0 + 3 * HOUR, T0 + 3 * HOUR, { bucket: 'on-hand' }),
    count(1, T0 + 4 * HOUR, T0 + 4 * HOUR, { bucket: 'damaged' }),
  ];
  const inOrder = createWorld();
  const late = createWorld();
  for (const world of [inOrder, late]) openShop(world, { north: 10, south: 0 });
  inOrder.apply(...events);
  late.apply(...events.slice(1), events[0]!);
  expect(stockAt(late, 'north')).toMatchObject({ sellable: 11, damaged: 1 });
  expect(stockAt(late, 'north')).toEqual(stockAt(inOrder, 'north'));
});

test('what another node or bucket did late is left alone by a count that did not speak of it', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 5 });
  world.apply(
    count(10, T0 + 2 * HOUR),
    eventOf('stock.received', { sku: 'tea', node: 'south', quantity: 5 }, { at: T0 + HOUR }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 4, into: 'quarantined' }, { at: T0 + HOUR }),
  );
  expect(stockAt(world, 'south').sellable).toBe(10);
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 10, quarantined: 4 });
  expectSound(world);
});

test('what we decide now is not in a count of the past: a late order without a node takes from what was counted', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(count(10, T0 + 2 * HOUR), orderOf('O1', 3, {}, { at: T0 + HOUR }));
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 7, allocated: 3 });
  // The channel chose the node when the order was placed, so the shelf was counted without these units.
  world.apply(orderOf('O2', 2, { node: 'north' }, { at: T0 + HOUR }));
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 7, allocated: 5 });
  expectSound(world);
});

test('each bucket has its own last count', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(
    count(2, T0 + 3 * HOUR, T0 + 3 * HOUR, { bucket: 'damaged' }),
    count(9, T0 + 2 * HOUR),
    count(5, T0 + HOUR),
  );
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 9, damaged: 2, lastCountAt: T0 + 2 * HOUR });
});

test('where the order of events within a slot is lost, a count finds no more than is certain', () => {
  const world = createWorld();
  openShop(world, { north: 100, south: 0 });
  const sale = (at: number) =>
    eventOf(
      'stock.adjusted',
      { sku: 'tea', node: 'north', quantity: -10, reason: 'till', against: 'loss', by: 'Ana' },
      { at },
    );
  world.apply(sale(T0 + 5 * HOUR + MINUTE), sale(T0 + 5 * HOUR + 3 * MINUTE), sale(T0 + 20 * HOUR));
  // Counted between the two, told a day later: 100, 90 or 80 may have been there, 70 not.
  const between = T0 + 5 * HOUR + 2 * MINUTE;
  world.apply(count(90, between, T0 + 21 * HOUR));
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 70, countVariance: 0 });
  world.apply(count(75, between + 1, T0 + 21 * HOUR));
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 65, countVariance: -5 });
});

test('the policy says whose word moves stock; what the event says itself goes before it', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(
    policy({
      rules: [
        { source: 'wms', measure: 'on-hand', treat: 'authoritative' },
        { source: 'old-shop', treat: 'ignored' },
      ],
    }),
    assertion(3, T0 + HOUR, {}, 'old-shop'),
    assertion(8, T0 + HOUR, {}, 'shop'),
  );
  expect(stockAt(world, 'north').assertions).toMatchObject([{ source: 'shop', drift: -2, authoritative: false }]);
  world.apply(assertion(9, T0 + 2 * HOUR, { measure: 'on-hand' }, 'wms'));
  expect(stockAt(world, 'north').sellable).toBe(9);
  world.apply(assertion(4, T0 + 3 * HOUR, { measure: 'on-hand', policy: 'advisory' }, 'wms'));
  expect(stockAt(world, 'north').sellable).toBe(9);
  expectSound(world);
});

test('available is what may be sold: a channel that leaves the safety stock out does not drift', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0, safetyStock: 4 });
  world.apply(assertion(6, T0 + HOUR));
  expect(stockAt(world, 'north').assertions).toMatchObject([{ drift: 0, since: 0 }]);
});

test('a drift is judged again when a movement from before it becomes known', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(assertion(15, T0 + 2 * HOUR));
  expect(world.get('drift', 'shop')).toMatchObject({ drifting: 1, unitsOver: 5, openSinceSum: T0 + 2 * HOUR });
  world.apply(receipt(5, T0 + HOUR));
  expect(stockAt(world, 'north').assertions).toMatchObject([{ drift: 0, since: 0 }]);
  expect(world.get('drift', 'shop')).toMatchObject({ stated: 1, drifting: 0, unitsOver: 0, openSinceSum: 0 });
});

test('drift per source keeps its sign and its minutes, and never nets pluses against minuses', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 10 });
  world.apply(
    assertion(15, T0 + HOUR),
    assertion(4, T0 + HOUR, { node: 'south' }),
    assertion(16, T0 + HOUR + 20 * MINUTE),
  );
  expect(world.get('drift', 'shop')).toMatchObject({ stated: 2, drifting: 2, unitsOver: 6, unitsUnder: 6, ended: 0 });
  expect(stockAt(world, 'north').assertions[0]!.since).toBe(T0 + HOUR);
  world.apply(assertion(10, T0 + HOUR + 50 * MINUTE));
  expect(world.get('drift', 'shop')).toMatchObject({ drifting: 1, unitsOver: 0, ended: 1, endedMinutes: 50 });
  expectSound(world);
});

test('somebody is asked to count once, is not told what we expect, and the count is the answer', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  const ask = (at: number) =>
    eventOf('stock.count-requested', { sku: 'tea', node: 'north', by: 'Ana' }, { at, source: 'tideline' });
  const [asked] = world.apply(ask(T0 + HOUR));
  expect(asked!.effects.instructions).toMatchObject([{ kind: 'count-stock', to: 'north' }]);
  expect(JSON.stringify(asked!.effects.instructions)).not.toContain('10');
  const [again] = world.apply(ask(T0 + 2 * HOUR));
  expect(again!.effects.refused).toContain('is to be counted since');
  world.apply(count(10, T0 + 3 * HOUR));
  expect(stockAt(world, 'north').evidence.countRequestedAt).toBe(0);
  const [nowhere] = world.apply(
    eventOf('stock.count-requested', { sku: 'tea', node: 'nowhere', by: 'Ana' }, { source: 'tideline' }),
  );
  expect(nowhere!.effects.refused).toContain('no record');
});
