/** A node that runs out before its next receipt is found, and not before that is so. */
import { describe, expect, it } from 'vitest';
import { runsOutAt, salesOf } from '../../streams/policies/stockout.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

const DAY = 24 * HOUR;
const DAY0 = Math.floor(T0 / DAY);
const expected = (days: number, at = T0) =>
  eventOf(
    'purchase-order.confirmed',
    {
      purchaseOrder: 'PO-1',
      supplier: 'kiln',
      lines: [{ line: '1', sku: 'tea', node: 'north', quantity: 50, expectedAt: T0 + days * DAY }],
    },
    { at },
  );
/** Two units a day for a week, at 08:00. */
const week = () => Array.from({ length: 7 }, (_, day) => orderOf(`d${day}`, 2, {}, { at: T0 + day * DAY }));
const found = (world: World) => world.all('exception').filter(({ kind }) => kind === 'stockout-expected');

describe('demand', () => {
  it('is what was sold over the days it was sold in, today as far as it has gone', () => {
    const at = (DAY0 + 6) * DAY + 12 * HOUR;
    const steady = Array.from({ length: 7 }, (_, i): [number, number] => [DAY0 + i, 2]);
    expect(salesOf(steady, at, 7)).toEqual({ units: 14, days: 6.5, perDay: 14 / 6.5 });
    expect(salesOf([[DAY0 + 6, 5]], at, 7).perDay).toBe(5);
    expect(salesOf([[DAY0 - 1, 90]], at, 7).units).toBe(0);
    expect(salesOf([[DAY0 + 6, -3]], at, 7).perDay).toBe(0);
  });

  it('carries on until what is there is sold', () => {
    expect(runsOutAt(10, 4, T0)).toBe(T0 + 2.5 * DAY);
    expect(runsOutAt(-3, 4, T0)).toBe(T0);
    expect(runsOutAt(10, 0, T0)).toBeNull();
  });
});

describe('an expected stockout', () => {
  it('opens when stock does not last until the receipt, with its price, and ends when it does', () => {
    const world = createWorld();
    openShop(world, { north: 24, south: 0 });
    world.apply(expected(8), ...week());
    expect(found(world)).toEqual([]);
    // Ten are left for two a day, and the supplier now says day 20: it runs out on day 11 or so.
    world.apply(
      eventOf(
        'purchase-order.changed',
        { purchaseOrder: 'PO-1', lines: [{ line: '1', expectedAt: T0 + 15 * DAY }] },
        { at: T0 + 6 * DAY + 1 },
      ),
    );
    const [one] = found(world);
    expect(one).toMatchObject({ title: 'Runs out at north before PO-1/1 comes', sku: 'tea', node: 'north' });
    const { perDay, unitMargin, daysUncovered } = one!.inputs as Record<string, number>;
    expect([perDay, unitMargin]).toEqual([2.2, 600]);
    expect(daysUncovered).toBeCloseTo((T0 + 15 * DAY - one!.deadline) / DAY, 1);
    expect(one!.moneyAtRisk).toBe(Math.round((14 / (6 + 8 / 24)) * 600 * daysUncovered!));
    expectSound(world);

    // A receipt that comes just in time keeps it open for a while, at no risk: never at less than none.
    const inTime = { line: '1', expectedAt: one!.deadline - 7 * HOUR };
    world.apply(
      eventOf('purchase-order.changed', { purchaseOrder: 'PO-1', lines: [inTime] }, { at: T0 + 6 * DAY + 2 }),
    );
    expect(found(world)).toMatchObject([{ moneyAtRisk: 0, inputs: { daysUncovered: 0 } }]);
    expect(found(world)[0]!.detail).toContain('just in time');

    world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 20 }, { at: T0 + 7 * DAY }));
    expect(found(world)).toEqual([]);
    expectSound(world);
  });

  it('is not expected of what hardly sells, nor where nobody tells of receipts', () => {
    const world = createWorld();
    openShop(world, { north: 3, south: 0 });
    world.apply(expected(9), orderOf('o1', 2));
    expect(found(world)).toEqual([]);
    const untold = createWorld();
    openShop(untold, { north: 14, south: 0 });
    untold.apply(...week());
    expect(found(untold)).toEqual([]);
  });

  it('is found also when an order takes over what its cart has held, and nothing moves', () => {
    const world = createWorld();
    openShop(world, { north: 3, south: 0 });
    const cart = { reservation: 'r1', ownerId: 'c1', channel: 'web', sku: 'tea', quantity: 3 };
    world.apply(expected(9), eventOf('reservation.held', cart));
    expect(found(world)).toEqual([]);
    world.apply(orderOf('o1', 3, { reservations: ['r1'] }));
    expect(found(world)).toHaveLength(1);
    expectSound(world);
  });

  it('is not helped by what comes to another node', () => {
    const world = createWorld();
    openShop(world, { north: 16, south: 0 });
    const soon = { line: '1', sku: 'tea', node: 'south', quantity: 50, expectedAt: T0 + 7 * DAY };
    world.apply(
      expected(12),
      eventOf('purchase-order.confirmed', { purchaseOrder: 'PO-2', supplier: 'kiln', lines: [soon] }),
      ...week(),
    );
    expect(found(world)).toMatchObject([{ title: 'Runs out at north before PO-1/1 comes', cause: 'inbound:PO-1/1' }]);
    expectSound(world);
  });

  it('holds while nothing is left, until the receipt comes', () => {
    const world = createWorld();
    openShop(world, { north: 14, south: 0 });
    world.apply(expected(9), ...week());
    expect(found(world)).toMatchObject([{ title: 'Nothing left at north until PO-1/1 comes' }]);
    expectSound(world);
    world.apply(
      eventOf(
        'stock.received',
        { sku: 'tea', node: 'north', quantity: 50, purchaseOrder: 'PO-1' },
        { at: T0 + 8 * DAY },
      ),
    );
    expect(found(world)).toEqual([]);
    expectSound(world);
  });
});
