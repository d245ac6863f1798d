import { expect, test } from 'vitest';
import { buckets, virtualPlaces } from '../../streams/events/fields.ts';
import { policySchemas } from '../../streams/events/policies.ts';
import type { Place } from '../../streams/operations/effects.ts';
import { DAY_MS } from '../../streams/operations/stock/costing.ts';
import { nextReview } from '../../streams/operations/stock/stock-review.ts';
import {
  answeredTransitions,
  automaticTransitions,
  checkTransition,
} from '../../streams/operations/stock/transitions.ts';
import { excessUnits, expiringUnits } from '../../streams/policies/excess.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0 } from '../support/fold.ts';

type World = ReturnType<typeof createWorld>;
const stock = (world: World, node = 'north') => world.get('stock', `tea|${node}`)!;
const item = (units: object[], more: object = {}) =>
  eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900, units, ...more } as never, {
    at: T0 + MINUTE,
  });

test('cases and pallets become base units, wherever an event speaks of them', () => {
  const world = createWorld();
  openShop(world, { north: 100, south: 0 });
  world.apply(item([{ unit: 'case', factor: 12 }], { baseUnit: 'bag' }));
  const here = { sku: 'tea', node: 'north' };
  world.apply(
    eventOf('stock.received', { ...here, quantity: 2, unit: 'case', unitCost: 6_000 }),
    eventOf('stock.adjusted', { ...here, quantity: -1, unit: 'case', reason: 'wet', against: 'loss' }),
    eventOf('stock.condition-changed', {
      ...here,
      quantity: 1,
      unit: 'case',
      from: 'sellable',
      to: 'damaged',
      reason: 'torn',
    }),
    eventOf('transfer.sent', {
      transfer: 'T',
      fromNode: 'north',
      toNode: 'south',
      lines: [{ sku: 'tea', quantity: 3, unit: 'case' }],
    }),
    eventOf('transfer.received', {
      transfer: 'T',
      fromNode: 'north',
      toNode: 'south',
      lines: [{ sku: 'tea', quantity: 36, unit: 'bag' }],
    }),
    eventOf('return.received', { return: 'R', node: 'north', lines: [{ sku: 'tea', quantity: 1, unit: 'case' }] }),
    eventOf('stock.counted', { ...here, quantity: 5, unit: 'case' }, { at: T0 + 2 * HOUR }),
  );
  expect(stock(world)).toMatchObject({ damaged: 12, 'return-pending': 12, sellable: 60 });
  expect(stock(world, 'south').sellable).toBe(36);
  // 100 at 300, less 24 that left without being sold, and 24 at 500 each: 6,000 for a case of 12.
  expect(world.get('ledger', 'tea')!.cost.days.at(-1)).toMatchObject([
    expect.any(Number),
    24,
    12_000,
    0,
    expect.any(Number),
  ]);
  expectSound(world);
});

test('a unit the item does not have is refused, with the ones it has', () => {
  const world = createWorld();
  openShop(world, { north: 0, south: 0 });
  world.apply(item([{ unit: 'case', factor: 12 }]));
  const [fact] = world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 2, unit: 'pallet' }));
  expect(fact!.effects.refused).toBe('tea has no unit "pallet"; its units are each, case');
});

test('what rules do by themselves, people must give a reason for, and nobody may do otherwise', () => {
  const inside = (place: Place['place']): Place => ({ node: 'north', place });
  const outside = (place: Place['place']): Place => ({ node: '', place });
  const placeOf = (name: string) =>
    (virtualPlaces as readonly string[]).includes(name) ? outside(name as never) : inside(name as never);
  const names = [...buckets, ...virtualPlaces];
  const refused = (from: Place, to: Place, reason: string, by: string) => {
    try {
      checkTransition(from, to, 'tea', reason, by);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const listed = (table: typeof automaticTransitions, from: string, to: string) =>
    table.some((rule) => rule.from.includes(from as never) && rule.to.includes(to as never));
  for (const from of names) {
    for (const to of names) {
      if (from === to) continue;
      const [a, b] = [placeOf(from), placeOf(to)];
      const automatic = listed(automaticTransitions, from, to);
      const answered = listed(answeredTransitions, from, to);
      expect(refused(a, b, '', '') === '', `${from} -> ${to} by a rule`).toBe(automatic);
      expect(refused(a, b, 'because', 'Ana') === '', `${from} -> ${to} by Ana`).toBe(automatic || answered);
      if (!automatic) expect(refused(a, b, ' ', 'Ana')).not.toBe('');
    }
  }
  expect(refused(inside('sellable'), { node: 'south', place: 'sellable' }, 'because', 'Ana')).toMatch(
    /without a transfer/,
  );
  expect(refused(inside('sellable'), { node: 'south', place: 'in-transit' }, '', '')).toBe('');
  expect(refused(outside('supplier'), outside('customer'), 'because', 'Ana')).toMatch(/no rule moves units there/);
  expect(refused(inside('damaged'), inside('sellable'), 'because', '')).toMatch(/somebody has to answer for it/);
});

test.each([
  [
    'an adjustment',
    eventOf('stock.adjusted', { sku: 'tea', node: 'north', quantity: 1, reason: ' ' }),
    /without a reason/,
  ],
  [
    'a change of condition',
    eventOf('stock.condition-changed', {
      sku: 'tea',
      node: 'north',
      quantity: 1,
      from: 'quarantined',
      to: 'sellable',
      reason: '',
    }),
    /without a reason/,
  ],
  [
    'a change to the same condition',
    eventOf('stock.condition-changed', {
      sku: 'tea',
      node: 'north',
      quantity: 1,
      from: 'damaged',
      to: 'damaged',
      reason: 'x',
    }),
    /does not change/,
  ],
])('%s without a reason is refused, and nothing of it is applied', (_, event, reason) => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  const before = world.snapshot('source', 'correctable');
  expect(world.apply(event)[0]!.effects.refused).toMatch(reason);
  expect(world.snapshot('source', 'correctable')).toEqual(before);
});

const policy = policySchemas.excess.parse({ horizonDays: 10, nearExpiryDays: 30 });

test('excess is what will not sell within the horizon, beyond safety stock; without a rate nobody can say', () => {
  expect(excessUnits(policy, { onHand: 100, perDay: 2.05, reserve: 9 })).toBe(100 - 21 - 9);
  expect(excessUnits(policy, { onHand: 20, perDay: 2, reserve: 9 })).toBe(0);
  expect(excessUnits(policy, { onHand: 100, perDay: null, reserve: 0 })).toBe(0);
});

test('of lots near their date, what will be sold before is not at risk', () => {
  const lots = [
    { units: 30, expiresAt: T0 + 20 * DAY_MS },
    { units: 30, expiresAt: T0 + 10 * DAY_MS },
    { units: 99, expiresAt: T0 + 31 * DAY_MS },
  ];
  // By day 10 20 units are sold; by day 20 another 20.
  expect(expiringUnits(policy, { lots, perDay: 2, at: T0 })).toBe(10 + 10);
  expect(expiringUnits(policy, { lots, perDay: null, at: T0 })).toBe(60);
});

test('every item is looked at once a week, each at its own hour', () => {
  const hours = new Set(Array.from({ length: 200 }, (_, index) => nextReview(`SKU-${index}`, T0)));
  expect(hours.size).toBeGreaterThan(80);
  for (const at of hours) expect(at > T0 && at <= T0 + 7 * DAY_MS).toBe(true);
});

test('stock that does not move is an exception after a weekly look, until it is gone', () => {
  const world = createWorld();
  openShop(world, { north: 500, south: 0 });
  const look = () => {
    const at = world.deadlines.get('test|stock-review|tea')!;
    world.apply(eventOf('deadline.passed', { kind: 'stock-review', subject: 'tea', due: at, clock: 'test' }, { at }));
    return at;
  };
  const first = look();
  expect(world.all('exception'), 'too early to know what sells').toEqual([]);
  const second = look();
  expect(second - first).toBe(7 * DAY_MS);
  expect(world.all('exception')).toMatchObject([
    { kind: 'excess-or-aged-stock', subject: 'tea', moneyAtRisk: 500 * 300, inputs: { excess: 500, aged: 0 } },
  ]);
  expectSound(world);
  for (let week = 0; week < 26; week++) look();
  expect(world.get('ledger', 'tea')!.review).toMatchObject({ aged: 500 });
  const when = world.get('ledger', 'tea')!.review!.at + HOUR;
  world.apply(
    orderOf('O1', 500, {}, { at: when }),
    eventOf(
      'fulfilment.dispatched',
      { order: 'O1', node: 'north', shipment: 'S', lines: [{ line: '1', quantity: 500 }] },
      { at: when },
    ),
  );
  look();
  expect(world.all('exception')).toEqual([]);
  expect(world.get('ledger', 'tea')!.review).toBeNull();
  expectSound(world);
  world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 5 }, { at: when + DAY_MS }));
  expect(world.get('ledger', 'tea')!.review).toMatchObject({ at: 0 });
});

test('the weekly look knows what sells, and names the first date among the lots at risk', () => {
  const world = createWorld();
  openShop(world, { north: 0, south: 0 });
  world.apply(item([], { lotTracked: true, safetyStock: 0 }));
  const lot = (name: string, days: number, quantity: number) =>
    world.apply(
      eventOf('stock.received', { sku: 'tea', node: 'north', quantity, lot: name, expiresAt: T0 + days * DAY_MS }),
    );
  lot('a', 20, 90);
  lot('b', 30, 40);
  lot('c', 400, 9);
  for (let day = 1; day <= 14; day++) {
    const at = T0 + day * DAY_MS;
    const lines = [{ line: '1', quantity: 3 }];
    world.apply(
      orderOf(`O${day}`, 3, {}, { at }),
      eventOf('fulfilment.dispatched', { order: `O${day}`, node: 'north', shipment: `S${day}`, lines }, { at }),
    );
  }
  const look = (at: number) =>
    world.apply(eventOf('deadline.passed', { kind: 'stock-review', subject: 'tea', due: at, clock: 'test' }, { at }));
  look(T0 + 14 * DAY_MS);
  const { review } = world.get('ledger', 'tea')!;
  // 13 days of 3 in the 14 days before; 97 left, of which 16 sell before day 20 and 44 before day 30.
  expect(review).toMatchObject({ onHand: 97, soldPerDayHundredths: 279, firstExpiresAt: T0 + 20 * DAY_MS });
  expect(review!.expiring).toBe(48 - 16 + (40 - 28));
  expectSound(world);
});
