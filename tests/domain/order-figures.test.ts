/** Figures whose traps are known, worked out by hand: what counts, when it counts, and what takes it back. */
import { describe, expect, test } from 'vitest';
import { flowValue, gaugeValue, kpiById, sumBuckets } from '../../analytics/kpis/index.ts';
import { kpiSeries } from '../../analytics/kpis/series.ts';
import { createWorld, eventOf, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

const DAY = 24 * HOUR;
const shipBy = T0 + 8 * HOUR;
const deliverBy = shipBy + 2 * DAY;
type Units = Record<string, number>;
const lines = (units: Units) => Object.entries(units).map(([line, quantity]) => ({ line, quantity }));
const all = { 1: 2, 2: 2 };

function shop(): World {
  const world = createWorld();
  openShop(world, { north: 100, south: 100 });
  return world;
}
const dispatched = (order: string, units: Units, at: number, shipment = `S-${order}`, node = 'north') =>
  eventOf('fulfilment.dispatched', { order, node, shipment, lines: lines(units) }, { at });
const delivered = (order: string, units: Units, at: number) =>
  eventOf('fulfilment.delivered', { order, lines: lines(units) }, { at });
const cancelled = (order: string, reason: 'customer' | 'stock', more: { line: string; quantity: number }[] = []) =>
  eventOf('order.cancelled', { order, reason, ...(more.length === 0 ? {} : { lines: more }) }, { at: T0 + HOUR });
const twoLines = (order: string, more: object = {}) =>
  orderOf(order, 2, {
    shipBy,
    lines: ['1', '2'].map((line) => ({ line, sku: 'tea', quantity: 2, unitPrice: 900 })),
    ...more,
  });

/** Of all hours up to a moment, or of one hour. */
function figure(world: World, id: string, { to = Number.POSITIVE_INFINITY, from = 0 } = {}): number | null {
  const within = world.entries('bucket').flatMap(([key, bucket]) => {
    const [grain, start] = key.split('|');
    return grain === 'hour' && Number(start) >= from && Number(start) < to ? [bucket] : [];
  });
  return flowValue(kpiById(id)!, sumBuckets(within) ?? {}, 'EUR');
}
const hourOf = (at: number) => ({ from: Math.floor(at / HOUR) * HOUR, to: Math.floor(at / HOUR) * HOUR + HOUR });

describe('OTIF', () => {
  test('lines never shipped count against, and so do lines we cancelled; a line a customer cancelled is not due', () => {
    const world = shop();
    world.apply(twoLines('O1'), twoLines('O2'), twoLines('O3'), twoLines('O4'));
    // One line in time and one late; one in time and one cancelled by us; one in time, one by the customer; nothing at all.
    world.apply(dispatched('O1', { 1: 2 }, shipBy), dispatched('O1', { 2: 2 }, shipBy + HOUR, 'S2'));
    expect(figure(world, 'otif')).toBe(12.5);
    world.apply(cancelled('O2', 'stock', [{ line: '2', quantity: 2 }]), dispatched('O2', { 1: 2 }, shipBy - HOUR));
    world.apply(cancelled('O3', 'customer', [{ line: '2', quantity: 2 }]), dispatched('O3', { 1: 2 }, shipBy - HOUR));
    // 3 kept of 2 + 2 + 1 + 2 due.
    expect(figure(world, 'otif')).toBeCloseTo((100 * 3) / 7, 9);
    expect(figure(world, 'otif', { to: Math.floor(shipBy / HOUR) * HOUR })).toBe(null);
    expect(figure(world, 'otif', hourOf(shipBy))).toBeCloseTo((100 * 3) / 7, 9);
    world.apply(cancelled('O4', 'stock'));
    expect(figure(world, 'otif'), 'given up whole is still due').toBeCloseTo((100 * 3) / 7, 9);
  });

  test('a report that comes late, or too much of it, is judged by when it happened', () => {
    const world = shop();
    world.apply(twoLines('O1'));
    world.apply(dispatched('O1', all, shipBy + 1));
    expect(figure(world, 'otif')).toBe(0);
    const other = shop();
    other.apply(twoLines('O1'));
    other.apply({ ...dispatched('O1', all, shipBy), receivedAt: shipBy + DAY });
    expect(figure(other, 'otif')).toBe(100);
  });
});

test('perfect orders are counted, not multiplied: faults that meet in one order cost one order', () => {
  const world = shop();
  world.apply(...['O1', 'O2', 'O3', 'O4'].map((order) => twoLines(order, { deliverBy })));
  for (const order of ['O2', 'O3', 'O4'])
    world.apply(dispatched(order, all, shipBy), delivered(order, all, deliverBy - HOUR));
  // O1 is late, short and damaged at once.
  world.apply(cancelled('O1', 'stock', [{ line: '2', quantity: 2 }]), dispatched('O1', { 1: 2 }, shipBy + HOUR));
  world.apply(delivered('O1', { 1: 2 }, deliverBy + HOUR));
  const back = (order: string, reason: string) =>
    eventOf(
      'return.received',
      { return: `R-${order}`, node: 'north', order, lines: [{ line: '1', sku: 'tea', quantity: 1, reason }] },
      { at: deliverBy + DAY },
    );
  world.apply(back('O1', 'damaged'));
  expect(figure(world, 'perfect-order')).toBe(75);
  const product = ['otif', 'promise-accuracy', 'unit-fill-rate'].reduce(
    (all, id) => all * (figure(world, id)! / 100),
    1,
  );
  expect(product).toBeLessThan(0.6);
  world.apply(back('O2', 'changed my mind'));
  expect(figure(world, 'perfect-order'), 'sent back as good as new').toBe(75);
  world.apply(back('O3', 'Damaged'));
  expect(figure(world, 'perfect-order'), 'taken back at its own hour').toBe(50);
  expect(figure(world, 'perfect-order', hourOf(deliverBy - HOUR))).toBeCloseTo((100 * 2) / 3, 9);
});

describe('promise accuracy', () => {
  const edited = (order: string, to: number, at: number) => eventOf('order.edited', { order, deliverBy: to }, { at });

  test('an edit that moves the promise does not mend it', () => {
    const world = shop();
    world.apply(twoLines('O1', { deliverBy }), twoLines('O2', { deliverBy }));
    world.apply(edited('O1', deliverBy + DAY, T0 + HOUR), edited('O2', deliverBy - DAY, T0 + HOUR));
    for (const order of ['O1', 'O2']) world.apply(dispatched(order, all, shipBy));
    world.apply(delivered('O1', all, deliverBy + HOUR), delivered('O2', all, deliverBy - HOUR));
    // O1 came after the first promise and before the last; O2 after the last and before the first.
    expect(figure(world, 'promise-accuracy')).toBe(50);
    expect(figure(world, 'promises-moved')).toBe(50);
    // Kept at its delivery, broken where it ran out.
    expect(figure(world, 'promise-accuracy', hourOf(deliverBy - HOUR))).toBe(100);
    expect(figure(world, 'promise-accuracy', hourOf(deliverBy))).toBe(0);
  });

  test('without a promise of the order itself the earliest edit counts, whichever is heard of first', () => {
    const world = shop();
    world.apply(twoLines('O1'));
    world.apply(edited('O1', deliverBy + DAY, T0 + 2 * HOUR), edited('O1', deliverBy, T0 + HOUR));
    world.apply(dispatched('O1', all, shipBy), delivered('O1', all, deliverBy + HOUR));
    expect(figure(world, 'promise-accuracy')).toBe(0);
  });

  test('lines are judged one by one, and an order only when it is whole', () => {
    const world = shop();
    world.apply(
      twoLines('O1', { deliverBy }),
      dispatched('O1', all, shipBy),
      delivered('O1', { 1: 2 }, deliverBy - HOUR),
    );
    expect([figure(world, 'otif-delivered'), figure(world, 'promise-accuracy')]).toEqual([50, 0]);
    world.apply(
      eventOf('fulfilment.delivered', { order: 'O1', lines: [{ line: '2', quantity: 2 }] }, { at: deliverBy }),
    );
    expect([figure(world, 'otif-delivered'), figure(world, 'promise-accuracy')]).toEqual([100, 100]);
  });

  test('where nobody reports deliveries, nothing is known of them', () => {
    const world = shop();
    world.apply(eventOf('policy.defined', { policy: 'orders', body: { deliveriesAreReported: false } } as never));
    world.apply(twoLines('O1', { deliverBy }), dispatched('O1', all, shipBy));
    expect(figure(world, 'promise-accuracy')).toBe(null);
    expect(figure(world, 'perfect-order')).toBe(100);
  });
});

test('the return rate is that of the goods shipped then, not of the returns that came now', () => {
  const world = shop();
  world.apply(twoLines('O1'), twoLines('O2'));
  world.apply(dispatched('O1', all, T0 + HOUR), dispatched('O2', all, T0 + 5 * DAY, 'S2', 'south'));
  const back = (order: string, quantity: number, at: number) =>
    eventOf(
      'return.received',
      {
        return: `R-${order}-${at}`,
        node: 'south',
        order,
        lines: [{ line: '1', sku: 'tea', quantity, reason: 'size' }],
      },
      { at },
    );
  world.apply(back('O1', 1, T0 + 6 * DAY));
  expect(figure(world, 'return-rate', hourOf(T0 + HOUR))).toBe(25);
  expect(figure(world, 'return-rate', hourOf(T0 + 5 * DAY))).toBe(0);
  expect(figure(world, 'return-rate', hourOf(T0 + 6 * DAY)), 'nothing was shipped in that hour').toBe(null);
  // More than ever left cannot come back.
  world.apply(back('O1', 5, T0 + 7 * DAY));
  expect(figure(world, 'return-rate')).toBe(25);
});

test('goods of a return that comes in parts have waited since the part that was there', () => {
  const world = shop();
  world.apply(twoLines('O1'), dispatched('O1', all, T0 + HOUR));
  const about = { return: 'R1', node: 'north' };
  const came = (at: number) =>
    eventOf(
      'return.received',
      { ...about, order: 'O1', lines: [{ line: '1', sku: 'tea', quantity: 1, reason: 'size' }] },
      { at },
    );
  const judged = (at: number, to: 'sellable' | 'damaged') =>
    eventOf('return.judged', { ...about, lines: [{ sku: 'tea', quantity: 1, to }] }, { at });
  // The verdicts are heard of before the second part, and before anything at all.
  world.apply(judged(T0 + 2 * DAY + 2 * HOUR, 'sellable'));
  expect(figure(world, 'return-to-stock-p50'), 'nobody knows since when').toBe(null);
  world.apply(came(T0 + DAY), came(T0 + 2 * DAY), judged(T0 + DAY + HOUR, 'damaged'));
  expect(Math.abs(figure(world, 'return-to-stock-p50')! / 2 - 1)).toBeLessThan(0.03);
  expect(figure(world, 'resale-rate')).toBe(50);
});

test('a reservation counts on the day it was made: shipped, expired, orphaned, and no longer orphaned', () => {
  const world = shop();
  const held = (reservation: string, owner: 'cart' | 'order', ownerId: string) =>
    eventOf('reservation.held', { reservation, owner, ownerId, channel: 'web', sku: 'tea', quantity: 2 }, { at: T0 });
  const pass = (kind: string, subject: string) => {
    const due = world.deadlines.get(`test|${kind}|${subject}`)!;
    world.apply(eventOf('deadline.passed', { kind, subject, due, clock: 'test' }, { at: due, source: 'tideline' }));
  };
  world.apply(held('C1', 'cart', 'b1'), held('C2', 'cart', 'b2'), held('C3', 'order', 'O3'), held('C4', 'order', 'O4'));
  expect(figure(world, 'reservation-conversion'), 'nothing has ended').toBe(null);
  world.apply(orderOf('O1', 2, { reservations: ['C1'] }));
  pass('reservation-expiry', 'C2');
  expect(figure(world, 'reservation-conversion')).toBe(0);
  world.apply(dispatched('O1', { 1: 2 }, T0 + 3 * DAY));
  expect([figure(world, 'reservation-conversion'), figure(world, 'reservation-expiry')]).toEqual([50, 50]);
  expect(figure(world, 'reservation-conversion', hourOf(T0))).toBe(50);
  pass('reservation-orphan', 'C3');
  pass('reservation-orphan', 'C4');
  expect(figure(world, 'reservation-leak')).toBe(50);
  world.apply(orderOf('O4', 2));
  expect(figure(world, 'reservation-leak'), 'its order came after all').toBe(25);
});

test('time on hold is taken off the cycle time, also when the release is heard of before the hold', () => {
  const world = shop();
  world.apply(orderOf('O1', 2), orderOf('O2', 2));
  const [on, off] = [T0 + HOUR, T0 + 5 * HOUR];
  const hold = eventOf('order.held', { order: 'O1', hold: 'payment' }, { at: on });
  const release = eventOf('order.released', { order: 'O1', hold: 'payment' }, { at: off });
  world.apply(release, dispatched('O1', { 1: 2 }, T0 + 6 * HOUR), hold, dispatched('O2', { 1: 2 }, T0 + 20 * HOUR));
  const near = (id: string, hours: number) => expect(Math.abs(figure(world, id)! / hours - 1), id).toBeLessThan(0.03);
  near('cycle-time-p50', 6);
  near('working-time-p50', 2);
  near('working-time-p90', 20);
  near('hold-time-p90', 4);
});

test('what is split is told of orders that could have left in one', () => {
  const world = shop();
  world.apply(twoLines('O1'), twoLines('O2'), orderOf('O3', 1));
  world.apply(dispatched('O1', all, shipBy), dispatched('O3', { 1: 1 }, shipBy));
  world.apply(dispatched('O2', { 1: 2 }, T0 + HOUR, 'A'));
  world.apply(
    eventOf(
      'fulfilment.dispatched',
      { order: 'O2', node: 'south', shipment: 'B', lines: [{ line: '2', quantity: 2 }] },
      { at: T0 + DAY },
    ),
  );
  expect(figure(world, 'split-shipment-rate')).toBe(50);
  expect(figure(world, 'shipments-per-order')).toBeCloseTo(4 / 3, 9);
});

test('demand that waits for stock is a level in lines, units and money', () => {
  const world = createWorld();
  openShop(world, { north: 1, south: 0 });
  world.apply(orderOf('O1', 4));
  const value = (id: string) =>
    gaugeValue(kpiById(id)!, {
      totals: [],
      backlogs: world.all('backlog'),
      waves: [],
      exceptions: [],
      now: T0,
      currency: 'EUR',
    });
  expect(['lines', 'units', 'value'].map((id) => value(`backordered-${id}`))).toEqual([1, 3, 2700]);
  world.apply(
    eventOf(
      'stock.received',
      { sku: 'tea', node: 'north', quantity: 2, from: 'supplier', into: 'sellable' },
      { at: T0 + MINUTE },
    ),
  );
  expect(['lines', 'units', 'value'].map((id) => value(`backordered-${id}`))).toEqual([1, 1, 900]);
  world.apply(cancelled('O1', 'customer'));
  expect(['lines', 'units', 'value'].map((id) => value(`backordered-${id}`))).toEqual([0, 0, 0]);
});

test('before the first order that was judged on acceptance, history knows nothing and says so', async () => {
  const hour = (index: number) => T0 + index * HOUR;
  // Steps of returns reach back to goods that were shipped before anybody told them.
  const rows = [0, 1, 2].map((index) => ({ start: hour(index) / 1000, key: '', part: 1, whole: 4, value: 3 }));
  const ask = async (query: string | { sql: string }) =>
    query === 'kpis/first-judged-order'
      ? [{ start: hour(1) / 1000 }]
      : query === 'kpis/first-order'
        ? [{ start: 0 }]
        : rows;
  const asked = { from: hour(0), to: hour(3), grain: 'hour', timeZone: 'UTC', currency: 'EUR', now: hour(4) } as const;
  const told = async (id: string) => {
    const { series, total } = await kpiSeries(ask, kpiById(id)!, asked);
    return [series[0]!.points.map(([, value]) => value), total];
  };
  expect(await told('return-rate')).toEqual([[null, 25, 25], 25]);
  expect(await told('units-returned')).toEqual([[null, 3, 3], 6]);
  expect(await told('line-fill-rate'), 'told since the beginning').toEqual([[25, 25, 25], 25]);
});
