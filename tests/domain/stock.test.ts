import { expect, test } from 'vitest';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0 } from '../support/fold.ts';

const stockAt = (world: ReturnType<typeof createWorld>, node: string) => world.get('stock', `tea|${node}`)!;

test('every movement has two sides, so nothing appears or vanishes', () => {
  const world = createWorld();
  openShop(world);
  world.apply(
    eventOf('stock.transferred', {
      transfer: 'T1',
      sku: 'tea',
      quantity: 4,
      fromNode: 'north',
      toNode: 'south',
      stage: 'sent',
    }),
    eventOf('stock.condition-changed', {
      sku: 'tea',
      node: 'north',
      quantity: 1,
      from: 'sellable',
      to: 'damaged',
      reason: 'dropped',
    }),
    eventOf('stock.condition-changed', {
      sku: 'tea',
      node: 'north',
      quantity: 1,
      from: 'damaged',
      to: 'loss',
      reason: 'thrown away',
    }),
  );
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 5, damaged: 0 });
  expect(stockAt(world, 'south')).toMatchObject({ sellable: 5, 'in-transit': 4 });
  expect(world.get('ledger', 'tea')).toMatchObject({ supplier: -15, loss: 1 });
  expectSound(world);
});

test('stock on its way is not on hand until it is received', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  const transfer = { transfer: 'T1', sku: 'tea', quantity: 4, fromNode: 'north', toNode: 'south' };
  world.apply(eventOf('stock.transferred', { ...transfer, stage: 'sent' }));
  expect(world.get('totals', 'south')!.onHand).toBe(0);
  world.apply(eventOf('stock.transferred', { ...transfer, stage: 'received' }));
  expect(world.get('totals', 'south')!.onHand).toBe(4);
  expect(stockAt(world, 'south')['in-transit']).toBe(0);
});

test('units sold while counting make no false variance', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(orderOf('O1', 3, {}, { at: T0 + 10 * MINUTE }));
  // Counted before the sale, reported after it.
  world.apply(
    eventOf(
      'stock.counted',
      { sku: 'tea', node: 'north', quantity: 10, countedAt: T0 + 5 * MINUTE },
      { at: T0 + HOUR },
    ),
  );
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 7, allocated: 3, countVariance: 0 });
  expect(world.all('exception')).toEqual([]);
});

test('a count that finds less moves the difference to unknown and raises a variance until a count agrees', () => {
  const world = createWorld();
  openShop(world, { north: 100, south: 0 });
  world.apply(eventOf('stock.counted', { sku: 'tea', node: 'north', quantity: 90 }, { at: T0 + HOUR }));
  expect(stockAt(world, 'north').sellable).toBe(90);
  expect(world.get('ledger', 'tea')!.unknown).toBe(10);
  expect(world.all('exception')).toMatchObject([
    { kind: 'count-variance', moneyAtRisk: 10 * 300, deadline: T0 + 25 * HOUR },
  ]);
  world.apply(eventOf('stock.counted', { sku: 'tea', node: 'north', quantity: 90 }, { at: T0 + 2 * HOUR }));
  expect(world.all('exception')).toEqual([]);
  expectSound(world);
});

test('an older count than the last one changes nothing', () => {
  const world = createWorld();
  openShop(world, { north: 100, south: 0 });
  world.apply(eventOf('stock.counted', { sku: 'tea', node: 'north', quantity: 90 }, { at: T0 + 2 * HOUR }));
  world.apply(eventOf('stock.counted', { sku: 'tea', node: 'north', quantity: 50 }, { at: T0 + HOUR }));
  expect(stockAt(world, 'north').sellable).toBe(90);
});

test('what another system asserts is drift, and moves stock only when it is authoritative', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  const asserted = { sku: 'tea', node: 'north', measure: 'available', quantity: 7 };
  world.apply(eventOf('stock.asserted', asserted, { at: T0 + HOUR, source: 'shop' }));
  expect(stockAt(world, 'north')).toMatchObject({ sellable: 10, assertions: [{ source: 'shop', drift: -3 }] });
  world.apply(
    eventOf('stock.asserted', { ...asserted, policy: 'authoritative' }, { at: T0 + 2 * HOUR, source: 'wms' }),
  );
  expect(stockAt(world, 'north').sellable).toBe(7);
  world.apply(
    eventOf('stock.asserted', { ...asserted, quantity: 99, policy: 'authoritative' }, { at: T0 + HOUR, source: 'wms' }),
  );
  expect(stockAt(world, 'north').sellable).toBe(7);
  expectSound(world);
});

test('a record below zero says so at once, with what it costs', () => {
  const world = createWorld();
  openShop(world, { north: 1, south: 0 });
  world.apply(
    eventOf('stock.adjusted', { sku: 'tea', node: 'north', quantity: -3, reason: 'broken', against: 'loss' }),
  );
  expect(world.all('exception')).toMatchObject([
    { kind: 'negative-stock', sku: 'tea', node: 'north', moneyAtRisk: 2 * 900, inputs: { units: 2, unitValue: 900 } },
  ]);
  world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 2 }));
  expect(world.all('exception')).toEqual([]);
});

test('a changed cost re-values the stock that is there', () => {
  const world = createWorld();
  openShop(world);
  expect(world.get('totals', 'north')!.value).toBe(3_000);
  world.apply(eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 400 }, { at: T0 + HOUR }));
  expect(world.get('totals', 'north')!.value).toBe(4_000);
  world.apply(eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 100 }, { at: T0 + MINUTE }));
  expect(world.get('totals', 'north')!.value, 'an older definition arrives later').toBe(4_000);
});
