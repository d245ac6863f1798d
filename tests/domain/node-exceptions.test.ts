/** A node that cannot do what is due is told of while something can still be done about it, with what it would cost. */
import { describe, expect, test } from 'vitest';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

/** T0 is Monday, 2 March 2026, 08:00 UTC; the node works from 08:00 to 18:00 UTC. */
const CLOSES = T0 + 10 * HOUR;
const shop = (linesPerHour: number): World => {
  const world = createWorld();
  openShop(world, { north: 100, south: 100 });
  world.apply(
    eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', linesPerHour }, { at: T0 - HOUR }),
  );
  return world;
};
const orders = (world: World, count: number, shipBy = CLOSES) => {
  for (let index = 0; index < count; index++) world.apply(orderOf(`O${index}`, 1, { shipBy, node: 'north' }));
};
const pass = (world: World, kind: string, subject: string) => {
  const due = world.deadlines.get(`test|${kind}|${subject}`)!;
  expect(due, `deadline ${kind}`).toBeGreaterThan(0);
  return world.apply(
    eventOf('deadline.passed', { kind, subject, due, clock: 'test' }, { at: due, source: 'tideline' }),
  );
};
const open = (world: World, kind: string) =>
  world.all('exception').find((exception) => exception.kind === kind && exception.condition === 'open');

describe('over capacity', () => {
  test('a node with more due today than it can do is an exception with its share of the money, until all fits', () => {
    const world = shop(1);
    orders(world, 20);
    expect(world.deadlines.get('test|node-pace|north')).toBe(T0);
    pass(world, 'node-pace', 'north');
    expect(world.get('node-load', 'north')!.pace).toMatchObject({ at: T0, by: CLOSES, lines: 20, possible: 10 });
    // Half of the work is late: half of 20 x (6.00 margin x 10 % + 5.00 penalty).
    expect(open(world, 'node-over-capacity')).toMatchObject({ moneyAtRisk: 5_600, deadline: CLOSES, node: 'north' });
    expectSound(world);
    for (let index = 0; index < 11; index++) {
      world.apply(eventOf('order.cancelled', { order: `O${index}`, reason: 'customer' }, { at: T0 }));
    }
    pass(world, 'node-pace', 'north');
    expect(open(world, 'node-over-capacity')).toBeUndefined();
    expectSound(world);
  });

  test('a little too much opens nothing, and what is open stays open until all fits', () => {
    const world = shop(1);
    orders(world, 11);
    pass(world, 'node-pace', 'north');
    expect(open(world, 'node-over-capacity')).toBeUndefined();
    orders(world, 12);
    pass(world, 'node-pace', 'north');
    expect(open(world, 'node-over-capacity')).toBeDefined();
    world.apply(eventOf('order.cancelled', { order: 'O11', reason: 'customer' }, { at: T0 + 15 * MINUTE }));
    pass(world, 'node-pace', 'north');
    expect(open(world, 'node-over-capacity')).toBeDefined();
    expectSound(world);
  });

  test('checks go on through working hours only, and never one by one for time that has gone by', () => {
    const world = shop(1);
    const passes = [...Array(42)].map(() => {
      const due = world.deadlines.get('test|node-pace|north')!;
      pass(world, 'node-pace', 'north');
      return due;
    });
    expect(passes[0]).toBe(T0);
    expect(passes[39]).toBe(CLOSES - 15 * MINUTE);
    expect(passes[40]).toBe(T0 + 24 * HOUR);
    const late = T0 + 72 * HOUR + 7 * MINUTE;
    const due = world.deadlines.get('test|node-pace|north')!;
    world.apply(
      eventOf('item.defined', { sku: 'tea', name: 'Tea' }, { at: late }),
      eventOf(
        'deadline.passed',
        { kind: 'node-pace', subject: 'north', due, clock: 'test' },
        { at: due, receivedAt: late, source: 'tideline' },
      ),
    );
    expect(world.deadlines.get('test|node-pace|north')).toBe(T0 + 72 * HOUR + 15 * MINUTE);
  });
});

test('a check that is passed once more, late, tells nothing older than what is known', () => {
  const world = shop(1);
  orders(world, 20);
  pass(world, 'node-pace', 'north');
  pass(world, 'node-pace', 'north');
  const known = world.get('node-load', 'north')!.pace;
  const again = { kind: 'node-pace', subject: 'north', due: T0, clock: 'test' };
  world.apply(eventOf('deadline.passed', again, { at: T0, source: 'tideline' }));
  expect(world.get('node-load', 'north')!.pace).toEqual(known);
  expect(world.deadlines.get('test|node-pace|north')).toBe(T0 + 30 * MINUTE);
});

describe('impaired', () => {
  const report = { node: 'north', impairment: 'I-1', capacityShare: 0.5, expectedUntil: CLOSES, reason: 'flood' };

  test('a report prices the work the node cannot do, a correction prices it anew, and the recovery ends it', () => {
    const world = shop(1);
    orders(world, 20);
    world.apply(eventOf('node.impaired', report));
    expect(world.get('impairment', 'I-1')!.current).toMatchObject({ lines: 20, possible: 5, orders: 20 });
    // Three quarters of 20 x (6.00 x 10 % + 5.00).
    expect(open(world, 'node-impaired')).toMatchObject({ moneyAtRisk: 8_400, title: 'North works at 50 %' });
    world.apply(eventOf('node.impaired', { ...report, capacityShare: 0 }, { at: T0 + HOUR }));
    expect(open(world, 'node-impaired')).toMatchObject({ moneyAtRisk: 11_200, title: 'North stands still' });
    expect(world.get('impairment', 'I-1')!.atStart).toMatchObject({ orders: 20, lines: 20 });
    expectSound(world);
    world.apply(eventOf('node.recovered', { node: 'north' }, { at: T0 + 2 * HOUR }));
    expect(open(world, 'node-impaired')).toBeUndefined();
    expectSound(world);
  });

  test('an impaired node is checked although nobody has told its pace, and no longer once it has recovered', () => {
    const world = createWorld();
    openShop(world, { north: 100 });
    world.apply(eventOf('node.impaired', { ...report, expectedUntil: undefined }));
    orders(world, 4);
    pass(world, 'node-pace', 'north');
    expect(world.get('impairment', 'I-1')!.current).toMatchObject({ lines: 4, possible: 2 });
    expect(open(world, 'node-impaired')).toMatchObject({ moneyAtRisk: 1_120 });
    world.apply(eventOf('node.recovered', { node: 'north' }, { at: T0 + HOUR }));
    pass(world, 'node-pace', 'north');
    expect(world.deadlines.has('test|node-pace|north')).toBe(false);
    expectSound(world);
  });

  test('one that should be over by now and is not becomes critical', () => {
    const world = shop(1);
    orders(world, 20, CLOSES + 24 * HOUR);
    world.apply(eventOf('node.impaired', { ...report, expectedUntil: T0 + 2 * HOUR }));
    expect(open(world, 'node-impaired')!.severity).toBe('low');
    pass(world, 'impairment-overdue', 'I-1');
    expect(open(world, 'node-impaired')).toMatchObject({ severity: 'low', title: 'North still works at 50 %' });
    world.apply(
      eventOf('node.impaired', { ...report, capacityShare: 0, expectedUntil: T0 + 25 * HOUR }, { at: T0 + 3 * HOUR }),
    );
    expect(open(world, 'node-impaired')!.moneyAtRisk).toBe(0);
    expectSound(world);
  });

  test('a promise at risk at an impaired node names the impairment as its cause', () => {
    const world = shop(1);
    orders(world, 2);
    world.apply(eventOf('node.impaired', report));
    pass(world, 'ship-by-risk', `north|${CLOSES}`);
    expect(open(world, 'ship-by-at-risk')).toMatchObject({ cause: 'node-impaired:I-1', moneyAtRisk: 1_120 });
  });
});

test('the policy says how many cancel, for all channels or for one', () => {
  const world = shop(1);
  world.apply(
    eventOf('policy.defined', { policy: 'lateness', body: { cancelPercent: 20, channels: { web: 50 } }, by: 'Ada' }),
  );
  orders(world, 20);
  pass(world, 'node-pace', 'north');
  expect(open(world, 'node-over-capacity')).toMatchObject({ moneyAtRisk: 8_000, inputs: { cancelPercent: 50 } });
});
