import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  averaged,
  DAY_MS,
  DAYS_MAX,
  noCost,
  unitCostOf,
  unitsOwned,
  withEntry,
} from '../../streams/operations/stock/costing.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0 } from '../support/fold.ts';

type World = ReturnType<typeof createWorld>;
const receipt = (quantity: number, unitCost: number | undefined, at = T0, more: object = {}) =>
  eventOf('stock.received', { sku: 'tea', node: 'north', quantity, unitCost, ...more }, { at });
const costOf = (world: World) => unitCostOf(world.draft(), 'tea');

test('a receipt moves the average by its share of the units, and the value of every node follows', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 5 });
  expect(costOf(world), 'the standard cost, until something came with a cost').toBe(300);
  world.apply(receipt(5, 700, T0 + HOUR));
  // 15 units at 300 and 5 at 700.
  expect(costOf(world)).toBe(400);
  expect(world.get('totals', 'north')!.value).toBe(15 * 400);
  expect(world.get('totals', 'south')!.value).toBe(5 * 400);
  expect(world.facts.at(-1)!.effects.decisions).toMatchObject([
    {
      policy: 'moving-average',
      sku: 'tea',
      outcome: '400',
      inputs: { average: 4_000_000, before: 300, unitsOwned: 20 },
    },
  ]);
  expectSound(world);
});

test('units that leave take the average with them, so only what is left weighs on the next receipt', () => {
  const world = createWorld();
  openShop(world, { north: 0, south: 0 });
  world.apply(
    receipt(10, 100, T0),
    orderOf('O1', 8, {}, { at: T0 + HOUR }),
    eventOf(
      'fulfilment.dispatched',
      { order: 'O1', node: 'north', shipment: 'S', lines: [{ line: '1', quantity: 8 }] },
      { at: T0 + 2 * HOUR },
    ),
    receipt(2, 200, T0 + 2 * DAY_MS),
  );
  expect(costOf(world)).toBe(150);
  expectSound(world);
});

test('an order line is worth what a unit costs on the day it is placed', () => {
  const world = createWorld();
  openShop(world, { north: 0, south: 0 });
  world.apply(receipt(10, 250, T0), orderOf('O1', 2, {}, { at: T0 + HOUR }));
  expect(world.get('order', 'O1')!.lines[0]!.unitCost).toBe(250);
});

test('a transfer between nodes costs nothing and changes no average', () => {
  const world = createWorld();
  openShop(world, { north: 0, south: 0 });
  world.apply(receipt(10, 250, T0));
  const move = { transfer: 'T', sku: 'tea', quantity: 4, fromNode: 'north', toNode: 'south' };
  world.apply(eventOf('stock.transferred', { ...move, stage: 'sent' }));
  world.apply(eventOf('stock.transferred', { ...move, stage: 'received' }));
  expect(costOf(world)).toBe(250);
  expect(world.get('totals', 'south')!.value).toBe(1_000);
  expectSound(world);
});

test('goods on their way whose cost is told on arrival are priced then', () => {
  const world = createWorld();
  openShop(world, { north: 0, south: 0 });
  world.apply(
    eventOf('stock.adjusted', {
      sku: 'tea',
      node: 'north',
      bucket: 'in-transit',
      quantity: 10,
      against: 'supplier',
      reason: 'ASN',
    }),
    receipt(10, 410, T0 + DAY_MS, { from: 'in-transit' }),
  );
  expect(costOf(world)).toBe(410);
  expectSound(world);
});

test('a cost that cannot be reckoned exactly is refused, and nothing of the receipt is booked', () => {
  const world = createWorld();
  openShop(world, { north: 0, south: 0 });
  const [fact] = world.apply(receipt(1_000_000_000, 1_000_000_000, T0));
  expect(fact!.effects.refused).toMatch(/cost more than can be reckoned/);
  expect(world.get('stock', 'tea|north')?.sellable ?? 0).toBe(0);
});

const entry = fc.record({
  at: fc.integer({ min: 0, max: 20 * 24 }).map((hour) => hour * HOUR),
  received: fc.integer({ min: 0, max: 40 }),
  price: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 })),
  sold: fc.integer({ min: 0, max: 30 }),
  other: fc.integer({ min: -9, max: 9 }),
});
type Entry = { at: number; received: number; price: number; sold: number; other: number };
const folded = (entries: Entry[]) =>
  entries.reduce(
    (cost, { at, received, price, sold, other }) =>
      withEntry(cost, { at, received, value: received * price, sold, other }, 300),
    noCost,
  );

test('the average is the same in whatever order receipts and sales arrive', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (entries, ranks) => {
      const ranked = entries.map((one) => ({ one, rank: ranks.next().value as number }));
      const shuffled = ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one);
      expect(folded(shuffled)).toEqual(folded(entries));
    }),
    { numRuns: 300 },
  );
});

test('what is taken back leaves no trace in the average', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), entry, (entries, wrong) => {
      const { at, received, price, sold, other } = wrong;
      const back = { at, received: -received, value: -received * price, sold: -sold, other: -other };
      const cost = withEntry(folded([wrong, ...entries]), back, 300);
      expect(cost.average).toBe(folded(entries).average);
    }),
    { numRuns: 300 },
  );
});

test('a long history keeps a bounded number of days, every unit, and an average within a rounding of the exact one', () => {
  const days = Array.from({ length: 5 * DAYS_MAX }, (_, day) => day);
  let exact = { units: 0, average: 0 };
  let cost = noCost;
  for (const day of days) {
    const received = 7 + (day % 5);
    const price = 100 + ((day * 37) % 90);
    const total = exact.units + received;
    exact = { units: total, average: (exact.units * exact.average + received * price) / total };
    const sold = 6 + (day % 3);
    exact.units -= sold;
    cost = withEntry(cost, { at: day * DAY_MS, received, value: received * price, sold }, undefined);
  }
  expect(cost.days.length).toBe(DAYS_MAX);
  expect(unitsOwned(cost)).toBe(exact.units);
  expect(cost.average! / 10_000).toBeCloseTo(exact.average, 1);
  expect(averaged(cost, undefined)).toBe(cost);
});

test('what is older than the days that are kept is mixed into the base, and no unit is lost', () => {
  let cost = noCost;
  for (let day = 10; day < 10 + DAYS_MAX + 2; day++)
    cost = withEntry(cost, { at: day * DAY_MS, received: 10, value: 1_000 }, 300);
  expect(cost).toMatchObject({ baseDay: 11, baseUnits: 20, baseAverage: 1_000_000, average: 1_000_000 });
  for (const day of [11, 3]) {
    const late = withEntry(cost, { at: day * DAY_MS, received: 20, value: 4_000 }, 300);
    expect(late).toMatchObject({ baseDay: 11, baseUnits: 40, baseAverage: 1_500_000 });
    expect(unitsOwned(late)).toBe(unitsOwned(cost) + 20);
    // 40 at 150 and 320 at 100.
    const exact = (40 * 1_500_000 + 320 * 1_000_000) / 360;
    // Each receipt rounds to a ten-thousandth of the minor unit.
    expect(Math.abs(late.average! - exact)).toBeLessThan(2);
  }
});
