import { expect, test } from 'vitest';
import { COHORT_ENDS_AFTER_MS } from '../../streams/operations/orders/cohort.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

const DAY = 24 * HOUR;
const shipBy = T0 + 8 * HOUR;
const lines = (quantity: number) => [{ line: '1', quantity }];
const packed = (order: string, quantity = 2, at = T0 + HOUR) =>
  eventOf('fulfilment.packed', { order, node: 'north', lines: lines(quantity) }, { at });
const dispatched = (order: string, quantity = 2, at = T0 + 2 * HOUR) =>
  eventOf('fulfilment.dispatched', { order, node: 'north', shipment: `S-${order}`, lines: lines(quantity) }, { at });
const delivered = (order: string, at: number) => eventOf('fulfilment.delivered', { order, lines: lines(2) }, { at });
const scanned = (order: string, at: number) => eventOf('fulfilment.scanned', { order, node: 'north' }, { at });
const scanning = { policy: 'orders', body: { scannedNodes: ['north'] } } as never;

function shop(...orders: string[]): World {
  const world = createWorld();
  openShop(world, { north: 100, south: 0 });
  world.apply(...orders.map((order) => orderOf(order, 2, { shipBy, deliverBy: shipBy + 2 * DAY })));
  return world;
}

function pass(world: World, kind: string, subject: string): void {
  const due = world.deadlines.get(`test|${kind}|${subject}`)!;
  expect(due, `${kind} of ${subject}`).toBeGreaterThan(0);
  world.apply(eventOf('deadline.passed', { kind, subject, due, clock: 'test' }, { at: due, source: 'tideline' }));
}
const kinds = (world: World) => world.all('exception').map(({ kind, title }) => [kind, title]);
const proof = `proof|north|${shipBy + 2 * HOUR}`;
const delivery = `delivery|north|${shipBy + 2 * DAY}`;

test('what is packed and has not left two hours after its promise is one exception per node, and dispatch closes it', () => {
  const world = shop('O1', 'O2', 'O3');
  world.apply(packed('O1'), packed('O2'), packed('O3'), dispatched('O3'));
  expectSound(world);
  pass(world, 'cohort', proof);
  expect(kinds(world)).toEqual([['dispatch-unconfirmed', '2 packed orders have no proof of dispatch']]);
  world.apply(dispatched('O1', 2, shipBy + 3 * HOUR));
  expect(kinds(world)).toEqual([['dispatch-unconfirmed', '1 packed order has no proof of dispatch']]);
  world.apply(eventOf('order.cancelled', { order: 'O2', reason: 'customer' }, { at: shipBy + 4 * HOUR }));
  expect(kinds(world)).toEqual([]);
  expectSound(world);
});

test('where carriers scan, a dispatch nobody scanned is no proof, and a scan is, even when it comes first', () => {
  const world = shop('O1', 'O2', 'O3');
  world.apply(eventOf('policy.defined', scanning));
  world.apply(dispatched('O1'), scanned('O2', T0 + HOUR), dispatched('O2'), dispatched('O3'));
  pass(world, 'cohort', proof);
  expect(kinds(world)).toEqual([['dispatch-unconfirmed', '2 packed orders have no proof of dispatch']]);
  world.apply(scanned('O1', shipBy + 3 * HOUR), scanned('O3', shipBy + 3 * HOUR));
  expect(kinds(world)).toEqual([]);
  expect([...world.deadlines.keys()].filter((key) => key.includes('proof'))).toEqual([]);
  expectSound(world);
});

test('orders that have not arrived by the promise are told per node, until they arrive or come back', () => {
  const world = shop('O1', 'O2');
  world.apply(dispatched('O1'), dispatched('O2'), delivered('O1', T0 + DAY));
  pass(world, 'cohort', delivery);
  expect(world.all('exception')).toMatchObject([
    { kind: 'delivery-late', subject: 'delivery|north', title: '1 order is late to arrive', moneyAtRisk: 90 },
  ]);
  world.apply(delivered('O2', shipBy + 3 * DAY));
  expect(kinds(world)).toEqual([]);
  expectSound(world);
});

test('who never reports deliveries is not told that every order is late', () => {
  const world = shop();
  world.apply(eventOf('policy.defined', { policy: 'orders', body: { deliveriesAreReported: false } } as never));
  world.apply(orderOf('O1', 2, { shipBy, deliverBy: shipBy + DAY }), dispatched('O1'));
  expect(world.all('cohort')).toEqual([]);
});

test('what nobody reports for two weeks is given up, and a late report of it does no harm', () => {
  const world = shop('O1', 'O2');
  world.apply(dispatched('O1'), dispatched('O2'));
  pass(world, 'cohort', delivery);
  expect(kinds(world)).toHaveLength(1);
  expect(world.deadlines.get(`test|cohort-ends|${delivery}`)).toBe(shipBy + 2 * DAY + COHORT_ENDS_AFTER_MS);
  pass(world, 'cohort-ends', delivery);
  expect(kinds(world)).toEqual([]);
  expect(world.all('cohort')).toEqual([]);
  world.apply(delivered('O1', T0 + 30 * DAY));
  expect(world.all('cohort')).toEqual([]);
  expect(world.all('overdue')).toEqual([]);
});

test('what a node was given and has not picked two hours later is told, until it is picked, held or moved', () => {
  const world = shop('O1', 'O2', 'O3');
  const release = { node: 'north', wave: 'W1', orders: ['O1', 'O2', 'O3'] };
  world.apply(eventOf('wave.released', release, { at: T0 + HOUR, source: 'wms' }));
  world.apply(
    eventOf(
      'fulfilment.picked',
      { order: 'O1', node: 'north', lines: lines(2) },
      { at: T0 + 2 * HOUR, source: 'test' },
    ),
  );
  pass(world, 'cohort', `pick|north|${T0 + 3 * HOUR}`);
  expect(world.all('exception')).toMatchObject([
    { kind: 'pick-delayed', title: 'north is behind with picking', detail: '2 released orders are not picked in time' },
  ]);
  world.apply(eventOf('order.held', { order: 'O2', hold: 'address' }, { at: T0 + 4 * HOUR }));
  world.apply(eventOf('fulfilment.picked', { order: 'O3', node: 'north', lines: lines(2) }, { at: T0 + 4 * HOUR }));
  expect(kinds(world)).toEqual([]);
  expectSound(world);
});

test('an edit of what an order is worth is carried into the cohort it is counted in', () => {
  const world = shop('O1', 'O2');
  world.apply(packed('O1', 1), packed('O2'));
  const edit = [{ line: '1', sku: 'tea', quantity: 2, unitPrice: 700 }];
  world.apply(eventOf('order.edited', { order: 'O1', lines: edit }, { at: T0 + 3 * HOUR }));
  expect(world.get('cohort', proof)).toMatchObject({ orders: 2, amount: 2 * 700 + 2 * 900 });
  expectSound(world);
});

test('an order line that waits for more than an hour is told per SKU, with what exists and what does not', () => {
  const world = createWorld();
  openShop(world, { north: 3, south: 0 });
  world.apply(orderOf('O1', 5), orderOf('O2', 1, {}, { at: T0 + 30 * MINUTE }));
  pass(world, 'unallocated', 'tea');
  expect(kinds(world)).toEqual([
    ['oversold', '3 units oversold'],
    ['order-unallocated', '1 order line waits for Tea'],
  ]);
  expect(world.get('exception', 'order-unallocated:tea')).toMatchObject({ moneyAtRisk: 0, cause: 'oversold:tea' });
  // The next oldest is watched in its turn.
  pass(world, 'unallocated', 'tea');
  expect(world.get('exception', 'order-unallocated:tea')).toMatchObject({ title: '2 order lines wait for Tea' });
  world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 3 }, { at: T0 + 3 * HOUR }));
  expect(kinds(world)).toEqual([]);
  world.apply(orderOf('O3', 1, {}, { at: T0 + 4 * HOUR }));
  expect(world.get('exception', 'order-unallocated:tea')).toBeUndefined();
  expectSound(world);
});

test('a pre-order waits as it was sold: it is neither oversold nor unallocated', () => {
  const world = createWorld();
  openShop(world, { north: 0, south: 0 });
  const [placed] = world.apply(
    orderOf('P1', 5, { lines: [{ line: '1', sku: 'tea', quantity: 5, unitPrice: 900, preorder: true }] }),
  );
  expect(world.get('order', 'P1')!.lines[0]).toMatchObject({ waiting: 5, preorder: true });
  expect(placed!.effects.transitions.find(({ step }) => step === 'line-accepted')).toMatchObject({ short: 0 });
  expect(world.all('exception')).toEqual([]);
  expect(world.deadlines.has('test|unallocated|tea')).toBe(false);
  world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 5 }, { at: T0 + DAY }));
  expect(world.get('order', 'P1')!.lines[0]).toMatchObject({ allocated: [['north', 5]], waiting: 0 });
  expectSound(world);
});

test('orders of two days are one exception, due by the oldest of them, until that day is done', () => {
  const world = shop('O1');
  const later = shipBy + DAY;
  world.apply(orderOf('O2', 2, { shipBy: later }), packed('O1'), packed('O2'));
  pass(world, 'cohort', proof);
  pass(world, 'cohort', `proof|north|${later + 2 * HOUR}`);
  const dues = () => world.get('overdue', 'proof|north')!.dues;
  expect(dues()).toEqual([shipBy + 2 * HOUR, later + 2 * HOUR]);
  expect(kinds(world)).toEqual([['dispatch-unconfirmed', '2 packed orders have no proof of dispatch']]);
  world.apply(dispatched('O1', 2, later + 3 * HOUR));
  expect(dues()).toEqual([later + 2 * HOUR]);
  expectSound(world);
});

test('no exception is made below the number of orders the company has set', () => {
  const world = shop('O1', 'O2');
  const kind = { 'dispatch-unconfirmed': { thresholds: { ordersFrom: 2 } } };
  world.apply(eventOf('policy.defined', { policy: 'exceptions', body: { kinds: kind } } as never));
  world.apply(packed('O1'), packed('O2'));
  pass(world, 'cohort', proof);
  expect(kinds(world)).toHaveLength(1);
  world.apply(dispatched('O1', 2, shipBy + 3 * HOUR));
  expect(kinds(world)).toEqual([]);
});
