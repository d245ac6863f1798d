/** Reservations of carts, and what an order does with them. */
import { describe, expect, it } from 'vitest';
import { ids } from '../../streams/operations/states.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

const stock = (world: World, node = 'north') => world.get('stock', ids.stock('tea', node))!;
const reservation = (world: World, id = 'r1') => world.get('reservation', id);
const hold = (quantity: number, more: object = {}, when: object = {}) =>
  eventOf(
    'reservation.held',
    { reservation: 'r1', ownerId: 'cart-1', channel: 'web', sku: 'tea', quantity, ...more },
    when,
  );
const passed = (kind: string, subject: string, due: number) =>
  eventOf('deadline.passed', { kind, subject, due, clock: 'test' }, { at: due, source: 'tideline' });

describe('a cart', () => {
  it('takes units off sale until it expires, and then gives them back', () => {
    const world = createWorld();
    openShop(world);
    world.apply(hold(4, { expiresAt: T0 + 30 * MINUTE }));
    expect(stock(world)).toMatchObject({ sellable: 6, allocated: 4, reserved: 4 });
    expect(world.deadlines.get('test|reservation-expiry|r1')).toBe(T0 + 30 * MINUTE);
    expect(world.all('exception')).toEqual([]);
    expectSound(world);

    world.apply(passed('reservation-expiry', 'r1', T0 + 30 * MINUTE));
    expect(stock(world)).toMatchObject({ sellable: 10, allocated: 0, reserved: 0 });
    expect(reservation(world)).toMatchObject({ status: 'expired', held: [] });
    expectSound(world);

    world.apply(passed('reservation-forget', 'r1', T0 + 48 * HOUR));
    expect(reservation(world)).toBeUndefined();
  });

  it('expires also when the shop names no moment', () => {
    const world = createWorld();
    openShop(world);
    world.apply(hold(1));
    expect(world.deadlines.get('test|reservation-expiry|r1')).toBe(T0 + 30 * MINUTE);
  });

  it('stays as long as the longest extension says', () => {
    const world = createWorld();
    openShop(world);
    world.apply(hold(4, { expiresAt: T0 + 30 * MINUTE }));
    world.apply(eventOf('reservation.extended', { reservation: 'r1', expiresAt: T0 + HOUR }));
    world.apply(eventOf('reservation.extended', { reservation: 'r1', expiresAt: T0 + 40 * MINUTE }));
    // The clock had spoken before it heard of the extension: it has to speak again.
    world.apply(passed('reservation-expiry', 'r1', T0 + 30 * MINUTE));
    expect(reservation(world)?.status).toBe('held');
    expect(world.deadlines.get('test|reservation-expiry|r1')).toBe(T0 + HOUR);
    world.apply(passed('reservation-expiry', 'r1', T0 + HOUR));
    expect(reservation(world)?.status).toBe('expired');
    expectSound(world);
  });

  it('never holds more than is available, and says what is', () => {
    const world = createWorld();
    openShop(world, { north: 2, south: 1 });
    const [fact] = world.apply(hold(4));
    expect(fact!.effects.refused).toBe('4 of tea cannot be held for cart cart-1: available are north 2, south 1');
    expect(reservation(world)).toBeUndefined();
    world.apply(hold(3));
    expect(reservation(world)?.held).toEqual([
      ['north', 2],
      ['south', 1],
    ]);
    expectSound(world);
  });

  it('follows the word of the system that decides, beyond what is there', () => {
    const world = createWorld();
    openShop(world, { north: 2, south: 0 });
    world.apply(eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', mode: 'advise' }));
    world.apply(hold(5));
    expect(stock(world)).toMatchObject({ sellable: -3, allocated: 5, reserved: 5 });
    expectSound(world);
  });

  it('becomes an order without its units ever being on sale in between', () => {
    const world = createWorld();
    openShop(world, { north: 4, south: 0 });
    world.apply(hold(4), orderOf('rival', 1));
    expect(world.get('order', 'rival')!.lines[0]!.waiting).toBe(1);
    world.apply(orderOf('o1', 3, { reservations: ['r1'] }));
    expect(world.get('order', 'o1')!.lines[0]).toMatchObject({ allocated: [['north', 3]], waiting: 0 });
    // The unit that was not needed went to the one who waited.
    expect(world.get('order', 'rival')!.lines[0]!.waiting).toBe(0);
    expect(reservation(world)).toMatchObject({ status: 'released', held: [] });
    expect(stock(world).demand).toEqual([[Math.floor(T0 / 86_400_000), 4]]);
    expectSound(world);
  });

  it('that is heard of after its order holds nothing', () => {
    const world = createWorld();
    openShop(world);
    world.apply(orderOf('o1', 3, { reservations: ['r1'] }), hold(3));
    expect(stock(world)).toMatchObject({ sellable: 7, allocated: 3, reserved: 3 });
    expect(reservation(world)).toMatchObject({ status: 'committed', held: [] });
    expectSound(world);
  });

  it('may be given back in parts, never more than it holds', () => {
    const world = createWorld();
    openShop(world);
    world.apply(hold(5), eventOf('reservation.released', { reservation: 'r1', quantity: 2 }));
    expect(stock(world)).toMatchObject({ allocated: 3, reserved: 3 });
    const [fact] = world.apply(eventOf('reservation.released', { reservation: 'r1', quantity: 4 }));
    expect(fact!.effects.refused).toBe('reservation r1 holds 3, not 4');
    world.apply(eventOf('reservation.released', { reservation: 'r1' }));
    expect(reservation(world)?.status).toBe('released');
    expectSound(world);
  });
});

describe('a reservation for an order', () => {
  const forOrder = (quantity: number) => hold(quantity, { owner: 'order', ownerId: 'o1' });

  it('waits for its order and goes over to it', () => {
    const world = createWorld();
    openShop(world, { north: 3, south: 0 });
    world.apply(forOrder(3));
    expectSound(world);
    world.apply(orderOf('o1', 3));
    expect(world.get('order', 'o1')!.lines[0]).toMatchObject({ allocated: [['north', 3]], waiting: 0 });
    expect(reservation(world)?.status).toBe('committed');
    expectSound(world);
  });

  it('whose order does not come is found, named and can be released', () => {
    const world = createWorld();
    openShop(world);
    world.apply(forOrder(3), passed('reservation-orphan', 'r1', T0 + HOUR));
    const [found] = world.all('exception').filter(({ kind }) => kind === 'reservation-orphaned');
    expect(found).toMatchObject({ title: '3 kept for an unknown order', moneyAtRisk: 1800, order: 'o1' });
    expectSound(world);
    world.apply(eventOf('reservation.released', { reservation: 'r1' }));
    expect(world.all('exception').filter(({ kind }) => kind === 'reservation-orphaned')).toEqual([]);
    expectSound(world);
  });

  it('lives as long as the system says that made it: an extension does not give it an end', () => {
    const world = createWorld();
    openShop(world);
    world.apply(forOrder(3), eventOf('reservation.extended', { reservation: 'r1', expiresAt: T0 + HOUR }));
    expect(reservation(world)).toMatchObject({ status: 'held', expiresAt: 0 });
    expect(world.deadlines.has('test|reservation-expiry|r1')).toBe(false);
  });

  it('is never taken by another order that names it', () => {
    const world = createWorld();
    openShop(world, { north: 3, south: 0 });
    world.apply(forOrder(3), orderOf('thief', 2, { reservations: ['r1'] }));
    expect(world.get('order', 'thief')!.lines[0]).toMatchObject({ allocated: [], waiting: 2 });
    expect(reservation(world)?.status).toBe('held');
    expectSound(world);
  });

  it('whose order is closed is found at once', () => {
    const world = createWorld();
    openShop(world);
    world.apply(orderOf('o1', 1), eventOf('order.cancelled', { order: 'o1', reason: 'customer' }), forOrder(2));
    expect(world.all('exception').map(({ kind }) => kind)).toEqual(['reservation-orphaned']);
  });
});

describe('a leak', () => {
  const leak = (quantity: number) =>
    eventOf(
      'stock.adjusted',
      { sku: 'tea', node: 'north', bucket: 'allocated', quantity, reason: 'system change' },
      { id: 'adj-1', source: 'wms' },
    );

  it('names the event that made it, and one event ends it', () => {
    const world = createWorld();
    openShop(world);
    world.apply(orderOf('o1', 4), leak(2));
    const [found] = world.all('exception');
    expect(found).toMatchObject({
      kind: 'reservation-leak',
      title: '2 allocated to nobody at north',
      detail: 'Tea: allocated 6, reservations 4; by stock.adjusted adj-1 of wms',
      deadline: T0 + 8 * HOUR,
    });
    expectSound(world);
    const [fact] = world.apply(eventOf('stock.leak-released', { sku: 'tea', node: 'north', by: 'Ada' }));
    expect(fact!.effects.movements).toMatchObject([{ quantity: 2, reason: 'leak released by Ada' }]);
    expect(stock(world)).toMatchObject({ sellable: 8, allocated: 4, reserved: 4, leakedBy: { id: 'adj-1' } });
    expect(world.all('exception')).toEqual([]);
    expectSound(world);
  });

  it('is found also when reserved units are gone', () => {
    const world = createWorld();
    openShop(world);
    world.apply(orderOf('o1', 4), leak(-3));
    expect(world.all('exception')[0]?.title).toBe('3 reserved but not allocated');
    world.apply(eventOf('stock.leak-released', { sku: 'tea', node: 'north' }));
    expect(stock(world)).toMatchObject({ sellable: 3, allocated: 4, reserved: 4 });
    expectSound(world);
  });

  it('that is none is refused', () => {
    const world = createWorld();
    openShop(world);
    const [fact] = world.apply(eventOf('stock.leak-released', { sku: 'tea', node: 'north' }));
    expect(fact!.effects.refused).toMatch(/nothing leaks/);
  });
});
