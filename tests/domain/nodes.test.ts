/** What a node can take, what impairs it, and what follows from that. */
import { describe, expect, test } from 'vitest';
import { capacityOf, earliestShipment } from '../../streams/operations/nodes/node-load.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

/** T0 is Monday, 2 March 2026, 08:00 UTC; the node works from 08:00 to 18:00 UTC. */
const CLOSES = T0 + 10 * HOUR;
const north = (world: World, more: object = {}) =>
  world.apply(
    eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', linesPerHour: 2, ...more }, { at: T0 }),
  );
const shop = (): World => {
  const world = createWorld();
  openShop(world, { north: 100, south: 100 });
  return world;
};
const impaired = (more: object = {}, at = T0) =>
  eventOf('node.impaired', { node: 'north', impairment: 'I-1', reason: 'conveyor down', ...more }, { at });

describe('capacity', () => {
  test('a node nobody has defined is without limit', () => {
    expect(capacityOf(shop().draft(), 'north', T0)).toMatchObject({ cutOff: null, free: Number.POSITIVE_INFINITY });
  });

  test('free lines are what the node can do by the end of its day less what is due by then', () => {
    const world = shop();
    north(world);
    world.apply(
      orderOf('A', 1, { shipBy: CLOSES, node: 'north' }),
      orderOf('B', 1, { shipBy: CLOSES + 24 * HOUR, node: 'north' }),
    );
    expect(capacityOf(world.draft(), 'north', T0)).toEqual({
      cutOff: T0 + 8 * HOUR,
      endsAt: CLOSES,
      share: 1,
      possible: 20,
      due: 1,
      free: 19,
    });
    world.apply(
      eventOf(
        'fulfilment.picked',
        { order: 'A', node: 'north', lines: [{ line: '1', quantity: 1 }] },
        { at: T0 + HOUR },
      ),
    );
    expect(capacityOf(world.draft(), 'north', T0 + HOUR)).toMatchObject({ possible: 18, due: 0 });
    expectSound(world);
  });

  test('what does not fit today is shipped by the first cut-off that has room', () => {
    const world = shop();
    north(world, { linesPerHour: undefined, capacityLinesPerDay: 2 });
    world.apply(orderOf('A', 1, { shipBy: CLOSES, node: 'north' }), orderOf('B', 1, { shipBy: CLOSES, node: 'north' }));
    expect(capacityOf(world.draft(), 'north', T0)).toMatchObject({ possible: 2, due: 2, free: 0 });
    expect(earliestShipment(world.draft(), 'north', 1, T0)?.cutOff).toBe(T0 + 32 * HOUR);
    expect(earliestShipment(world.draft(), 'north', 3, T0)?.cutOff).toBe(T0 + 56 * HOUR);
    expect(earliestShipment(world.draft(), 'north', 1_000, T0)).toBeNull();
    expectSound(world);
  });

  test('an impaired node does its share for as long as that is expected, and all of it once recovered', () => {
    const world = shop();
    north(world);
    world.apply(impaired({ capacityShare: 0.5, expectedUntil: T0 + 4 * HOUR }));
    expect(capacityOf(world.draft(), 'north', T0)).toMatchObject({ share: 0.5, possible: 16 });
    expect(capacityOf(world.draft(), 'north', T0 + 5 * HOUR)).toMatchObject({ share: 0.5, possible: 5 });
    world.apply(eventOf('node.recovered', { node: 'north' }, { at: T0 + 5 * HOUR }));
    expect(capacityOf(world.draft(), 'north', T0 + 5 * HOUR)).toMatchObject({ share: 1, possible: 10 });
    expectSound(world);
  });

  test('a node that stands still is skipped until it is expected back, also when its pace is unknown', () => {
    const world = shop();
    north(world, { linesPerHour: undefined });
    world.apply(impaired({ expectedUntil: T0 + 20 * HOUR }));
    expect(capacityOf(world.draft(), 'north', T0)).toMatchObject({ share: 0, free: 0 });
    expect(earliestShipment(world.draft(), 'north', 1, T0)?.cutOff).toBe(T0 + 32 * HOUR);
  });
});

describe('impairment', () => {
  test('a report corrects the one before it, and one made before the recovery changes nothing', () => {
    const world = shop();
    world.apply(impaired(), impaired({ impairment: 'I-2', capacityShare: 0.3 }, T0 + HOUR));
    expect(world.get('impairment', 'I-1')).toMatchObject({ capacityShare: 0.3, endedAt: 0 });
    expect(world.get('impairment', 'I-2')).toBeUndefined();
    world.apply(impaired({ capacityShare: 0.9 }, T0 + HOUR / 2));
    expect(world.get('impairment', 'I-1')).toMatchObject({ capacityShare: 0.3 });
    world.apply(eventOf('node.recovered', { node: 'north' }, { at: T0 + 2 * HOUR }));
    world.apply(impaired({ capacityShare: 0 }, T0 + HOUR));
    expect(world.get('node-load', 'north')).toMatchObject({ impaired: null, recoveredAt: T0 + 2 * HOUR });
    expectSound(world);
  });

  test('recovery of a node that is not impaired is refused', () => {
    const world = shop();
    const [fact] = world.apply(eventOf('node.recovered', { node: 'north' }));
    expect(fact!.effects.refused).toBe('node north is not impaired');
  });

  test('an impairment that lasts longer than expected says so', () => {
    const world = shop();
    world.apply(impaired({ expectedUntil: T0 + HOUR }));
    expect(world.deadlines.get('test|impairment-overdue|I-1')).toBe(T0 + HOUR);
    world.apply(
      eventOf('deadline.passed', { kind: 'impairment-overdue', subject: 'I-1', due: T0 + HOUR, clock: 'test' }),
    );
    expect(world.get('impairment', 'I-1')).toMatchObject({ overdue: true });
    world.apply(eventOf('node.recovered', { node: 'north' }, { at: T0 + 2 * HOUR }));
    expect(world.get('impairment', 'I-1')).toMatchObject({ overdue: false, endedAt: T0 + 2 * HOUR });
  });

  test('a deadline passed just before the end was put off does not take the new one away', () => {
    const world = shop();
    const overdue = (due: number) =>
      eventOf(
        'deadline.passed',
        { kind: 'impairment-overdue', subject: 'I-1', due, clock: 'test' },
        { at: due, source: 'tideline' },
      );
    world.apply(impaired({ expectedUntil: T0 + HOUR }));
    world.apply(impaired({ expectedUntil: T0 + 3 * HOUR }, T0 + HOUR - 1), overdue(T0 + HOUR));
    expect(world.get('impairment', 'I-1')).toMatchObject({ overdue: false });
    expect(world.deadlines.get('test|impairment-overdue|I-1')).toBe(T0 + 3 * HOUR);
    world.apply(overdue(T0 + 3 * HOUR), overdue(T0 + 3 * HOUR), overdue(T0 + HOUR));
    expect(world.get('impairment', 'I-1')).toMatchObject({ overdue: true });
    expect(world.deadlines.has('test|impairment-overdue|I-1')).toBe(false);
  });
});
