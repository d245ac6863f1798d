/** What is oversold costs what no receipt brings in time. */
import { describe, expect, it } from 'vitest';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

const DAY = 24 * HOUR;
const receipt = (quantity: number, days: number) =>
  eventOf('purchase-order.confirmed', {
    purchaseOrder: `PO-${days}`,
    supplier: 'kiln',
    lines: [{ line: '1', sku: 'tea', node: 'north', quantity, expectedAt: T0 + days * DAY }],
  });
const found = (world: World) => world.all('exception').find(({ kind }) => kind === 'oversold');

describe('oversold', () => {
  it('costs what no receipt brings before the promise of those who wait', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    world.apply(orderOf('o1', 3, { shipBy: T0 + 3 * DAY }), orderOf('o2', 2, { shipBy: T0 + 3 * DAY }, { at: T0 + 1 }));
    expect(found(world)).toMatchObject({ moneyAtRisk: 5 * 600 + 2 * 500, title: '5 units oversold' });
    // Four of five are counted on, in time for the first: three of its own, and one of the two of the second.
    world.apply(receipt(5, 1));
    expect(found(world)).toMatchObject({ moneyAtRisk: 2 * 600 + 500, inputs: { unitsOpen: 2, linesOpen: 1 } });
    expect(found(world)!.detail).toBe('Tea: 2 order lines wait; receipts bring 3 units in time');
    world.apply(receipt(5, 2));
    expect(found(world)).toMatchObject({ moneyAtRisk: 0, severity: 'low' });
    expectSound(world);
  });

  it('is not helped by what comes after the promise', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    // It comes in time, but goods leave a day after they came.
    world.apply(receipt(50, 2), orderOf('o1', 3, { shipBy: T0 + 3 * DAY - 1 }));
    expect(found(world)).toMatchObject({ moneyAtRisk: 3 * 600 + 500 });
    expectSound(world);
  });

  it('is helped by any receipt where nothing was promised, and an answer is due within a day', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    world.apply(orderOf('o1', 3));
    expect(found(world)).toMatchObject({ moneyAtRisk: 3 * 600 + 500, deadline: T0 + DAY });
    world.apply(receipt(50, 90));
    expect(found(world)).toMatchObject({ moneyAtRisk: 0 });
    expectSound(world);
  });

  it('counts the many with the last promise that was looked at', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    const shipBy = T0 + 3 * DAY;
    world.apply(
      ...Array.from({ length: 50 }, (_, i) => orderOf(`o${i}`, 1, { shipBy }, { at: T0 + i })),
      receipt(50, 1),
    );
    expect(found(world)).toMatchObject({ moneyAtRisk: 10 * 1_100, inputs: { unitsOpen: 10, linesOpen: 10 } });
    expectSound(world);
  });

  it('suggests moving what stands where nobody sells from, a count, and cancelling only the lines that wait', () => {
    const world = createWorld();
    openShop(world, { north: 1, south: 0 });
    world.apply(orderOf('o1', 4));
    expect(found(world)!.suggests).toEqual([
      { action: 'request-count', input: { sku: 'tea', node: 'north' } },
      { action: 'cancel-lines', input: { order: 'o1', reason: 'stock', lines: [{ line: '1', quantity: 3 }] } },
    ]);
    world.apply(
      eventOf('stock.received', { sku: 'tea', node: 'store', quantity: 2 }, { at: T0 + HOUR }),
      orderOf('o2', 1, {}, { at: T0 + HOUR }),
    );
    expect(found(world)!.suggests?.[0]).toEqual({
      action: 'transfer',
      input: { sku: 'tea', toNode: 'north', quantity: 2 },
    });
    expectSound(world);
  });
});
