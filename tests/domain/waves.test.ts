/** A released order may begin: it is marked once, its node is told once, and what may not begin is left out with a reason. */
import { describe, expect, test } from 'vitest';
import { capacityOf, inWork } from '../../streams/operations/nodes/node-load.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

const shipBy = T0 + 10 * HOUR;
const shop = (): World => {
  const world = createWorld();
  openShop(world, { north: 10, south: 10 });
  return world;
};
const wave = (orders: string[], more: object = {}, source = 'tideline') =>
  eventOf('wave.released', { wave: 'W-1', node: 'north', orders, cutOff: T0 + 8 * HOUR, ...more }, { at: T0, source });
const place = (world: World, order: string, quantity = 1, more: object = {}) =>
  world.apply(orderOf(order, quantity, { shipBy, node: 'north', ...more }));

describe('a wave', () => {
  test('marks its orders, tells the node what to pick, and leaves out what may not begin', () => {
    const world = shop();
    place(world, 'A', 2);
    place(world, 'B');
    place(world, 'C', 20);
    world.apply(eventOf('order.held', { order: 'B', hold: 'payment' }));
    const [fact] = world.apply(wave(['A', 'B', 'C', 'X', 'A']));
    expect(world.get('order', 'A')).toMatchObject({ releasedAt: T0, releases: [['north', 'W-1']] });
    expect(world.get('order', 'B')).toMatchObject({ releasedAt: 0 });
    expect(fact!.effects.decisions.find(({ policy }) => policy === 'wave-release')).toMatchObject({
      outcome: 'W-1: 1 orders, 1 lines',
      inputs: { asked: 5, left: { held: 1, unknown: 1, 'waiting for stock': 1 } },
    });
    expect(fact!.effects.instructions).toEqual([
      {
        id: 'wave:W-1',
        kind: 'release-orders',
        to: 'north',
        at: T0,
        body: {
          wave: 'W-1',
          node: 'north',
          cutOff: T0 + 8 * HOUR,
          orders: [{ order: 'A', priority: 5, shipBy, lines: [{ line: '1', sku: 'tea', quantity: 2 }] }],
        },
      },
    ]);
    expect(world.get('node-load', 'north')!.lastWave).toMatchObject({ wave: 'W-1', orders: 1, lines: 1 });
    expectSound(world);
  });

  test('of which nothing may begin is refused with the reasons', () => {
    const world = shop();
    place(world, 'A');
    world.apply(wave(['A']));
    const [fact] = world.apply(wave(['A', 'X'], { wave: 'W-2' }));
    expect(fact!.effects.refused).toBe('nothing of wave W-2 can be released at north: 1 released already, 1 unknown');
    expect(fact!.effects.instructions).toEqual([]);
  });

  test('released by another system is a fact: holds do not undo it, and nobody is told', () => {
    const world = shop();
    place(world, 'A');
    world.apply(eventOf('order.held', { order: 'A', hold: 'payment' }));
    const [fact] = world.apply(wave(['A'], {}, 'wms'));
    expect(world.get('order', 'A')!.releasedAt).toBe(T0);
    expect(fact!.effects.instructions).toEqual([]);
  });

  test('in advise mode is marked and nobody is told', () => {
    const world = shop();
    world.apply(eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', mode: 'advise' }, { at: T0 }));
    place(world, 'A');
    const [fact] = world
      .apply(eventOf('policy.defined', { policy: 'wave-release', body: { partial: true }, by: 'Ada' }), wave(['A']))
      .slice(1);
    expect(world.get('order', 'A')!.releasedAt).toBe(T0);
    expect(fact!.effects.instructions).toEqual([]);
  });

  test('counts as in work until it is picked, and leaves the rest of the capacity to others', () => {
    const world = shop();
    place(world, 'A');
    place(world, 'B');
    world.apply(wave(['A']));
    const load = () => world.get('node-load', 'north')!;
    expect(inWork(load())).toBe(1);
    world.apply(
      eventOf(
        'fulfilment.picked',
        { order: 'A', node: 'north', lines: [{ line: '1', quantity: 1 }] },
        { at: T0 + MINUTE },
      ),
    );
    expect(inWork(load())).toBe(0);
    expect(capacityOf(world.draft(), 'north', T0).due).toBe(0);
    expectSound(world);
  });
});
