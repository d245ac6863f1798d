import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0 } from '../support/fold.ts';

const lines = (quantity: number, line = '1') => [{ line, quantity }];
const lineOf = (world: ReturnType<typeof createWorld>, order: string) => world.get('order', order)!.lines[0]!;
const edit = (order: string, quantity: number, minute: number, more: object = {}) =>
  eventOf(
    'order.edited',
    { order, lines: [{ line: '1', sku: 'tea', quantity, unitPrice: 900 }], ...more },
    { at: T0 + minute * MINUTE },
  );
const refund = (order: string, amount: number, more: object = {}) =>
  eventOf('order.refunded', { order, amount, ...more });
const refusalOf = (world: ReturnType<typeof createWorld>, event: ReturnType<typeof refund>) =>
  world.apply(event)[0]!.effects.refused;

test('of two edits the newer counts, whichever comes first, and so does the newer promise', () => {
  const [one, two] = [T0 + 5 * HOUR, T0 + 9 * HOUR];
  const outcomes = [false, true].map((late) => {
    const world = createWorld();
    openShop(world, { north: 9, south: 0 });
    const edits = [edit('O1', 7, 1, { shipBy: one }), edit('O1', 2, 2, { shipBy: two })];
    world.apply(orderOf('O1', 3, { shipBy: T0 + HOUR }), ...(late ? edits.reverse() : edits));
    expectSound(world);
    return world.get('order', 'O1');
  });
  expect(outcomes[0]).toMatchObject({
    shipBy: two,
    amount: 1_800,
    lines: [{ quantity: 2, allocated: [['north', 2]] }],
  });
  expect(outcomes[1]).toEqual(outcomes[0]);
});

test('an edit below what has left leaves nothing open, in either order of arrival', () => {
  const outcomes = [false, true].map((late) => {
    const world = createWorld();
    openShop(world, { north: 9, south: 0 });
    const gone = eventOf(
      'fulfilment.dispatched',
      { order: 'O1', node: 'north', shipment: 'S', lines: lines(3) },
      { at: T0 + HOUR },
    );
    const events = [edit('O1', 1, 1), gone];
    world.apply(orderOf('O1', 3), ...(late ? events.reverse() : events));
    expectSound(world);
    return world.get('order', 'O1');
  });
  expect(outcomes[0]).toMatchObject({
    open: false,
    lines: [{ quantity: 1, dispatched: 3, allocated: [], waiting: 0 }],
  });
  expect(outcomes[1]).toEqual(outcomes[0]);
});

test('lines that an edit adds or enlarges are sourced together, to a node that ships the order anyway', () => {
  const world = createWorld();
  openShop(world, { north: 2, south: 9 });
  world.apply(orderOf('O1', 3));
  expect(lineOf(world, 'O1').allocated).toEqual([['south', 3]]);
  const added = [{ line: '2', sku: 'tea', quantity: 2, unitPrice: 900 }];
  world.apply(eventOf('order.edited', { order: 'O1', lines: added }, { at: T0 + MINUTE }));
  expect(world.get('order', 'O1')!.lines[1]).toMatchObject({ allocated: [['south', 2]], waiting: 0 });
  expectSound(world);
});

test('a cancel takes what has not left, says what has, and is refused when nothing is left of what it names', () => {
  const world = createWorld();
  openShop(world, { north: 9, south: 0 });
  const cancel = (line: string, quantity: number) =>
    eventOf(
      'order.cancelled',
      { order: 'O1', reason: 'customer', lines: lines(quantity, line) },
      { at: T0 + 2 * HOUR },
    );
  world.apply(
    orderOf('O1', 5),
    eventOf('fulfilment.dispatched', { order: 'O1', node: 'north', shipment: 'S', lines: lines(3) }, { at: T0 + HOUR }),
  );
  const [fact] = world.apply(cancel('1', 4));
  expect(lineOf(world, 'O1')).toMatchObject({ cancelled: 2, dispatched: 3, allocated: [] });
  expect(fact!.effects.decisions).toMatchObject([
    {
      policy: 'cancel',
      outcome: '2 units could not be cancelled: no longer open',
      inputs: { lines: [{ asked: 4, cancelled: 2 }] },
    },
  ]);
  expect(refusalOf(world, cancel('1', 1))).toBe('nothing of lines 1 of order O1 is open');
  expect(refusalOf(world, cancel('9', 1))).toBe('order O1 has no line 9');
  expectSound(world);
});

test('refunds stay within what was paid, in its currency, and can be taken back no further than they went', () => {
  const world = createWorld();
  openShop(world);
  world.apply(orderOf('O1', 2, { extras: 500 }));
  const limit = (1_800 + 500) * 1.5;
  expect(refusalOf(world, refund('O1', limit + 1))).toContain(`would pass the ${limit} allowed`);
  expect(refusalOf(world, refund('O1', 100, { currency: 'USD' }))).toBe(
    'order O1 was paid in EUR, the refund is in USD',
  );
  expect(refusalOf(world, refund('O1', limit))).toBe('');
  expect(refusalOf(world, refund('O1', 1))).toContain('was refunded');
  expect(refusalOf(world, refund('O1', -limit))).toBe('');
  expect(refusalOf(world, refund('O1', -1))).toContain('cannot be taken back');
  expect(world.get('order', 'O1')!.refunded).toBe(0);
});

test('what an edit took off an order may still be refunded', () => {
  const world = createWorld();
  openShop(world);
  world.apply(orderOf('O1', 4), edit('O1', 1, 1));
  expect(refusalOf(world, refund('O1', 3_600))).toBe('');
});

test('a short pick takes the units off the record, counts against it, and looks for them at another node', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 5 });
  const short = (quantity: number) =>
    eventOf('fulfilment.short-picked', { order: 'O1', node: 'north', lines: lines(quantity) }, { at: T0 + HOUR });
  world.apply(orderOf('O1', 3), short(2));
  expect(lineOf(world, 'O1')).toMatchObject({
    allocated: [
      ['north', 1],
      ['south', 2],
    ],
    waiting: 0,
  });
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 2, allocated: 1 });
  expect(world.get('stock', 'tea|north')!.evidence.pickFailures).toEqual([T0 + HOUR]);
  expect(world.get('ledger', 'tea')!.unknown).toBe(2);
  expect(refusalOf(world, short(2))).toBe('line 1 of order O1 has 1 reserved at north, not 2');
  expectSound(world);
});

test('a short pick stays on the record, out of sale, where the policy waits for a count', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 0 });
  world.apply(eventOf('policy.defined', { policy: 'orders', body: { shortPicked: 'quarantined' } } as never));
  const report = { order: 'O1', node: 'north', lines: lines(2) };
  world.apply(orderOf('O1', 5), eventOf('fulfilment.short-picked', report, { at: T0 + HOUR }));
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 0, allocated: 3, quarantined: 2 });
  // The shelf that was short is not asked again, nobody else has any: the units wait.
  expect(lineOf(world, 'O1').waiting).toBe(2);
  expectSound(world);
});

test('where the policy lets nobody wait, what cannot be given is cancelled at once and the rest stands', () => {
  const world = createWorld();
  openShop(world, { north: 3, south: 0 });
  world.apply(eventOf('policy.defined', { policy: 'allocation', body: { shortage: 'refuse' } } as never));
  const [fact] = world.apply(orderOf('O1', 5));
  expect(lineOf(world, 'O1')).toMatchObject({ allocated: [['north', 3]], waiting: 0, cancelled: 2 });
  expect(fact!.effects.transitions.find(({ step }) => step === 'line-cancelled')).toMatchObject({
    cause: 'stock',
    quantity: 2,
  });
  expect(world.all('exception')).toEqual([]);
  expectSound(world);
});

/** Reports of one order that do not compete for units: whatever the order of arrival, they say the same. */
const report = fc.record({
  kind: fc.constantFrom('pick', 'pack', 'ship', 'scan', 'deliver', 'edit', 'hold', 'release', 'refund'),
  line: fc.constantFrom('1', '2'),
  units: fc.integer({ min: 1, max: 3 }),
  minute: fc.integer({ min: 1, max: 600 }),
});
type Report = typeof report extends fc.Arbitrary<infer R> ? R : never;

function eventOfReport({ kind, line, units, minute }: Report, index: number): Event {
  const when = { at: T0 + minute * MINUTE * 1_000 + index, id: `r${index}` };
  const step = { order: 'O1', node: 'north', lines: [{ line, quantity: units }] };
  switch (kind) {
    case 'pick':
      return eventOf('fulfilment.picked', step, when);
    case 'pack':
      return eventOf('fulfilment.packed', step, when);
    case 'ship':
      return eventOf('fulfilment.dispatched', { ...step, shipment: `S${index}` }, when);
    case 'scan':
      return eventOf('fulfilment.scanned', step, when);
    case 'deliver':
      return eventOf('fulfilment.delivered', { order: 'O1', lines: step.lines }, when);
    case 'edit': {
      const lines = [{ line, sku: 'tea', quantity: units * 2, unitPrice: 900 }];
      return eventOf('order.edited', { order: 'O1', shipBy: when.at, lines }, when);
    }
    case 'hold':
      return eventOf('order.held', { order: 'O1', hold: 'fraud' }, when);
    case 'release':
      return eventOf('order.released', { order: 'O1', hold: 'fraud' }, when);
    default:
      return eventOf('order.refunded', { order: 'O1', amount: units }, when);
  }
}

test('reports, edits and holds of an order come to the same in any order of arrival, also before the order itself', () => {
  const placed = ['1', '2'].map((line) => ({ line, sku: 'tea', quantity: 4, unitPrice: 900 }));
  const after = (events: Event[]) => {
    const world = createWorld();
    openShop(world, { north: 500, south: 0 });
    world.apply(...events);
    expectSound(world);
    // When we reserved is our own doing, and differs with the arrival; how much does not.
    const { sellable, allocated, reserved } = world.get('stock', 'tea|north')!;
    const stock = { sellable, allocated, reserved };
    return {
      order: world.get('order', 'O1'),
      stock,
      waves: world.all('wave').length,
      cohorts: world.all('cohort').length,
    };
  };
  fc.assert(
    fc.property(fc.array(report, { maxLength: 8 }), fc.integer({ min: 1, max: 1e6 }), (reports, seed) => {
      const order = orderOf('O1', 4, { lines: placed, shipBy: T0 + HOUR, deliverBy: T0 + 90 * HOUR }, { id: 'o' });
      const events = [order, ...reports.map(eventOfReport)].sort((a, b) => a.occurredAt - b.occurredAt);
      const mixed = events
        .map((event, index) => ({ event, rank: ((index + 3) * seed * 7_919) % 1_009 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ event }) => event);
      expect(after(mixed)).toEqual(after(events));
    }),
    { numRuns: 100 },
  );
});

test('when one node has shipped its part of an order, the rest is the promise of the node that holds it', () => {
  const world = createWorld();
  openShop(world, { north: 3, south: 3 });
  const shipBy = T0 + 8 * HOUR;
  world.apply(orderOf('O1', 5, { shipBy }));
  const waves = () => world.all('wave').map((wave) => wave.node);
  expect(waves()).toEqual(['north']);
  const part = { order: 'O1', node: 'north', shipment: 'S1', lines: lines(3) };
  world.apply(eventOf('fulfilment.dispatched', part, { at: T0 + HOUR }));
  expect(world.get('order', 'O1')).toMatchObject({ node: 'south', open: true });
  expect(waves()).toEqual(['south']);
  expectSound(world);
});

test('a node that has begun with an order is told what the shop changes, once, and not what it said itself', () => {
  const world = createWorld();
  openShop(world, { north: 9, south: 0 });
  world.apply(
    eventOf('source.defined', { source: 'wms', name: 'WMS', node: 'north' }),
    orderOf('O1', 5),
    orderOf('O2', 1),
    eventOf('wave.released', { node: 'north', wave: 'W1', orders: ['O1'] }, { source: 'wms' }),
  );
  const cancel = (order: string, quantity: number, source: string) =>
    eventOf(
      'order.cancelled',
      { order, reason: 'customer', lines: lines(quantity) },
      { source, id: `c${order}${source}` },
    );
  const facts = world.apply(
    cancel('O1', 2, 'shop'),
    cancel('O1', 1, 'wms'),
    cancel('O2', 1, 'shop'),
    eventOf('order.held', { order: 'O1', hold: 'payment' }, { source: 'shop', id: 'h' }),
    eventOf('order.released', { order: 'O1', hold: 'payment' }, { source: 'shop', id: 'r', at: T0 + MINUTE }),
  );
  const told = facts.flatMap(({ effects }) => effects.instructions);
  expect(told.map(({ kind, to, body }) => [kind, to, body])).toEqual([
    ['cancel-lines', 'north', { order: 'O1', reason: 'customer', lines: lines(2) }],
    ['hold-order', 'north', { order: 'O1', hold: 'payment' }],
    ['release-order', 'north', { order: 'O1' }],
  ]);
  expect(new Set(told.map(({ id }) => id)).size).toBe(3);
});

test('what we cancel for reasons of our own is a failed first attempt, counted once; what the customer cancels is not', () => {
  const world = createWorld();
  openShop(world, { north: 9, south: 0 });
  const steps = (reason: 'stock' | 'customer' | 'fulfilment') =>
    world
      .apply(eventOf('order.cancelled', { order: 'O1', reason, lines: lines(1) }))[0]!
      .effects.transitions.filter(({ step }) => step === 'line-cancelled' || step === 'line-attempted')
      .map(({ step, short }) => [step, short]);
  world.apply(orderOf('O1', 5));
  expect(steps('customer')).toEqual([['line-cancelled', 1]]);
  expect(world.get('stock', 'tea|north')!.evidence.pickFailures).toEqual([]);
  expect(steps('fulfilment')).toEqual([
    ['line-cancelled', 0],
    ['line-attempted', 1],
  ]);
  expect(steps('stock')).toEqual([['line-cancelled', 0]]);
  expect(world.get('stock', 'tea|north')!.evidence.pickFailures).toEqual([T0]);
  expectSound(world);
});
