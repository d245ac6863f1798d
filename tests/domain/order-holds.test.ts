import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

const held = (order: string, hold: string, at: number) =>
  eventOf('order.held', { order, hold: hold as 'fraud' }, { at });
const freed = (order: string, hold: string, at: number) =>
  eventOf('order.released', { order, hold: hold as 'fraud' }, { at });
const policy = (holds: object) => eventOf('policy.defined', { policy: 'orders', body: { holds } } as never);

/** Lets the deadline pass that stands for this subject. */
function pass(world: World, kind: string, subject: string): void {
  const due = world.deadlines.get(`test|${kind}|${subject}`)!;
  expect(due, `${kind} of ${subject}`).toBeGreaterThan(0);
  world.apply(eventOf('deadline.passed', { kind, subject, due, clock: 'test' }, { at: due, source: 'tideline' }));
}

test('holds of all reasons come to the same in whatever order the words arrive', () => {
  const word = fc.record({
    hold: fc.constantFrom('fraud', 'payment'),
    on: fc.boolean(),
    minute: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 1e6 }), (words, seed) => {
      const events = words.map(({ hold, on, minute }, index) => {
        const make = on ? held : freed;
        return { ...make('O1', hold, T0 + minute * MINUTE), id: `w${index}` };
      });
      const mixed = events
        .map((event, index) => ({ event, rank: ((index + 1) * seed * 7_919) % 1_009 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ event }) => event);
      const after = (list: Event[]) => {
        const world = createWorld();
        openShop(world);
        world.apply(orderOf('O1', 3, {}, { id: 'o' }), ...list);
        expectSound(world);
        return world.get('order', 'O1');
      };
      expect(after(mixed)).toEqual(after(events));
    }),
    { numRuns: 150 },
  );
});

test('a held order keeps its stock unless the policy says otherwise', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 0 });
  world.apply(orderOf('O1', 3), held('O1', 'fraud', T0 + MINUTE));
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 2, allocated: 3 });
  expect(world.get('order', 'O1')!.holds).toEqual(['fraud']);
  expectSound(world);
});

test('an order that gives its stock back is served again when it is released, and meanwhile nobody is short of it', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 0 });
  world.apply(policy({ payment: { givesBackAfterMinutes: 0 } }));
  world.apply(orderOf('O1', 3), held('O1', 'payment', T0 + MINUTE));
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 5, allocated: 0 });
  expect(world.get('ledger', 'tea')).toMatchObject({ waiting: [], waitingUnits: 0 });
  expect(world.all('exception')).toEqual([]);
  expectSound(world);
  // A receipt serves who waits in a queue, and this order does not.
  world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 1 }, { at: T0 + 2 * MINUTE }));
  expect(world.get('order', 'O1')!.lines[0]!.allocated).toEqual([]);
  world.apply(freed('O1', 'payment', T0 + HOUR));
  expect(world.get('order', 'O1')!.lines[0]).toMatchObject({ allocated: [['north', 3]], waiting: 0 });
  expectSound(world);
});

test('what was picked is not given back, and others may take what was: the release then waits like everybody', () => {
  const world = createWorld();
  openShop(world, { north: 4, south: 0 });
  world.apply(policy({ fraud: { givesBackAfterMinutes: 30 } }));
  world.apply(
    orderOf('O1', 4),
    eventOf('fulfilment.picked', { order: 'O1', node: 'north', lines: [{ line: '1', quantity: 1 }] }, { at: T0 + 1 }),
    held('O1', 'fraud', T0 + MINUTE),
  );
  expect(world.get('stock', 'tea|north')!.allocated).toBe(4);
  pass(world, 'hold-gives-back', 'fraud|O1');
  expect(world.get('order', 'O1')!.lines[0]).toMatchObject({ allocated: [['north', 1]], waiting: 3 });
  world.apply(orderOf('O2', 2, {}, { at: T0 + HOUR }), freed('O1', 'fraud', T0 + 2 * HOUR));
  expect(world.get('order', 'O1')!.lines[0]).toMatchObject({ allocated: [['north', 2]], waiting: 2 });
  expect(world.get('ledger', 'tea')!.waitingUnits).toBe(2);
  expectSound(world);
});

test('holds that last too long are one exception per reason and channel, and it closes with the last of them', () => {
  const world = createWorld();
  openShop(world, { north: 50, south: 0 });
  world.apply(...['O1', 'O2', 'O3'].map((order) => orderOf(order, 2)));
  world.apply(...['O1', 'O2', 'O3'].map((order, index) => held(order, 'fraud', T0 + index * MINUTE)));
  for (const order of ['O1', 'O2']) pass(world, 'hold-aged', `fraud|${order}`);
  expect(world.all('exception')).toMatchObject([
    { kind: 'hold-ageing', subject: 'hold|fraud|web', title: '2 orders are held for fraud too long', moneyAtRisk: 240 },
  ]);
  expect(world.all('exception')[0]!.suggests).toEqual([
    { action: 'release-order', input: { hold: 'fraud' } },
    { action: 'cancel-lines', input: { reason: 'fraud' } },
  ]);
  expectSound(world);
  world.apply(freed('O1', 'fraud', T0 + 9 * HOUR));
  expect(world.all('exception')).toMatchObject([{ title: '1 order is held for fraud too long' }]);
  world.apply(eventOf('order.cancelled', { order: 'O2', reason: 'fraud' }, { at: T0 + 9 * HOUR }));
  expect(world.all('exception')).toEqual([]);
  expect(world.all('overdue')).toEqual([]);
  expectSound(world);
});

test('a hold that is taken off in time never ages, though its deadline was on its way already', () => {
  const world = createWorld();
  openShop(world);
  world.apply(orderOf('O1', 2), held('O1', 'fraud', T0));
  const due = world.deadlines.get('test|hold-aged|fraud|O1')!;
  world.apply(freed('O1', 'fraud', T0 + HOUR), held('O1', 'fraud', T0 + 2 * HOUR));
  world.apply(
    eventOf('deadline.passed', { kind: 'hold-aged', subject: 'fraud|O1', due, clock: 'test' }, { source: 'tideline' }),
  );
  expect(world.all('exception')).toEqual([]);
});
