import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { transferStatus, unitsOnTheWay } from '../../streams/operations/stock/transfer-state.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0 } from '../support/fold.ts';

type World = ReturnType<typeof createWorld>;
const at = (world: World, node: string) => world.get('stock', `tea|${node}`)!;
const between = { transfer: 'T1', fromNode: 'north', toNode: 'south' };
const lines = (quantity: number) => [{ sku: 'tea', quantity }];
const asked = (quantity: number, more: object = {}) =>
  eventOf('transfer.requested', { ...between, lines: lines(quantity), ...more });
const sent = (quantity: number, hour = 1) =>
  eventOf('transfer.sent', { ...between, lines: lines(quantity) }, { at: T0 + hour * HOUR });
const arrived = (quantity: number, hour = 20) =>
  eventOf('transfer.received', { ...between, lines: lines(quantity) }, { at: T0 + hour * HOUR });
const due = (kind: string, subject: string, at: number) =>
  eventOf('deadline.passed', { kind, subject, due: at, clock: 'test' }, { at });

test('a requested transfer reserves, a sent one takes what it reserved, a received one fills the other node', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(asked(6, { expectedAt: T0 + 24 * HOUR }));
  expect(at(world, 'north')).toMatchObject({ sellable: 4, allocated: 6, reserved: 6 });
  expectSound(world);
  world.apply(sent(4));
  expect(at(world, 'north')).toMatchObject({ sellable: 4, allocated: 2 });
  expect(at(world, 'south')).toMatchObject({ sellable: 0, 'in-transit': 4 });
  expect(world.get('inbound', 'tea')!.entries).toMatchObject([
    { ref: 'T1', node: 'south', quantity: 4, confirmed: true },
  ]);
  world.apply(arrived(3));
  expect(at(world, 'south')).toMatchObject({ sellable: 3, 'in-transit': 1 });
  expect(transferStatus(world.get('transfer', 'T1')!)).toBe('in-transit');
  expectSound(world);
  world.apply(sent(2, 21), arrived(3, 22));
  expect(at(world, 'north')).toMatchObject({ sellable: 4, allocated: 0, reserved: 0 });
  expect(transferStatus(world.get('transfer', 'T1')!)).toBe('received');
  expect(world.get('inbound', 'tea')!.entries).toEqual([]);
  expectSound(world);
});

test('more can be requested than is on sale; what is there is reserved, and the order behind it is not touched', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 0 });
  world.apply(orderOf('O1', 2), asked(9));
  expect(at(world, 'north')).toMatchObject({ sellable: 0, allocated: 5 });
  expectSound(world);
});

test('a cancelled transfer gives back what it reserved and keeps what is on its way', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(asked(6), sent(2), eventOf('transfer.cancelled', { transfer: 'T1', reason: 'sold meanwhile' }));
  expect(at(world, 'north')).toMatchObject({ sellable: 8, allocated: 0 });
  expect(at(world, 'south')['in-transit']).toBe(2);
  expect(transferStatus(world.get('transfer', 'T1')!)).toBe('in-transit');
  world.apply(arrived(2));
  expect(transferStatus(world.get('transfer', 'T1')!)).toBe('cancelled');
  expectSound(world);
});

test('what did not arrive of a closed transfer goes where somebody said, also when it is heard of later', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  const close = eventOf(
    'transfer.closed',
    { transfer: 'T1', reason: 'broken', to: 'loss', by: 'Ana' },
    { at: T0 + 30 * HOUR },
  );
  world.apply(sent(6), arrived(4), close);
  expect(world.get('ledger', 'tea')!.loss).toBe(2);
  expect(at(world, 'south')['in-transit']).toBe(0);
  world.apply(arrived(1, 25));
  expect(world.get('ledger', 'tea')!.loss).toBe(1);
  expect(transferStatus(world.get('transfer', 'T1')!)).toBe('closed');
  expectSound(world);
});

test('whatever order its events arrive in, a transfer ends the same', () => {
  const story: Event[] = [
    sent(3, 1),
    sent(2, 2),
    arrived(2, 10),
    arrived(2, 12),
    eventOf('transfer.closed', { transfer: 'T1', reason: 'truck robbed', to: 'loss' }, { at: T0 + 30 * HOUR }),
  ];
  const end = (events: Event[]) => {
    const world = createWorld();
    openShop(world, { north: 10, south: 0 });
    world.apply(...events);
    expectSound(world);
    const { lines: moved, ...transfer } = world.get('transfer', 'T1')!;
    const { recent: _, evidence: __, ...north } = at(world, 'north') as never as Record<string, unknown>;
    const { recent: ___, evidence: ____, ...south } = at(world, 'south') as never as Record<string, unknown>;
    return {
      moved,
      transfer,
      north: { ...north, slots: 0 },
      south: { ...south, slots: 0 },
      loss: world.get('ledger', 'tea')!.loss,
    };
  };
  const told = end(story);
  fc.assert(
    fc.property(fc.shuffledSubarray(story, { minLength: story.length }), (events) => {
      expect(end(events)).toEqual(told);
    }),
    { numRuns: 120 },
  );
});

test('a transfer that is missing when it was expected is late, until it comes or a later day is named', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(asked(4, { expectedAt: T0 + 24 * HOUR }), sent(4), arrived(1));
  expect(world.deadlines.get('test|transfer-late|T1')).toBe(T0 + 24 * HOUR);
  world.apply(due('transfer-late', 'T1', T0 + 24 * HOUR));
  expect(world.get('transfer', 'T1')!.late).toBe(true);
  expect(world.all('exception').filter(({ kind }) => kind === 'transfer-late')).toMatchObject([
    { subject: 'T1', moneyAtRisk: 3 * 900, node: 'south' },
  ]);
  expectSound(world);
  world.apply(arrived(3, 26));
  expect(world.get('transfer', 'T1')!.late).toBe(false);
  expect(world.all('exception').filter(({ kind }) => kind === 'transfer-late')).toEqual([]);
  world.apply(due('transfer-forget', 'T1', T0 + 900 * HOUR));
  expect(world.get('transfer', 'T1')).toBeUndefined();
  expect(unitsOnTheWay({ lines: [] } as never)).toBe(0);
});

test.each([
  [
    'between other nodes',
    eventOf('transfer.sent', { ...between, toNode: 'west', lines: lines(1) }),
    /goes from north to south/,
  ],
  [
    'to where it starts',
    eventOf('transfer.sent', { transfer: 'T2', fromNode: 'north', toNode: 'north', lines: lines(1) }),
    /two different nodes/,
  ],
  ['requested again', asked(1), /already requested/],
  ['closed without a reason', eventOf('transfer.closed', { transfer: 'T1', reason: ' ' }), /without a reason/],
])('a transfer %s is refused, and nothing of it is applied', (_, event, reason) => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(asked(4), sent(2));
  const before = world.snapshot('correctable', 'source');
  expect(world.apply(event)[0]!.effects.refused).toMatch(reason);
  expect(world.snapshot('correctable', 'source')).toEqual(before);
});

test('the newest word on the day of arrival holds, also when it names an earlier day or arrives first', () => {
  const said = (days: number, hour: number) =>
    eventOf(
      'transfer.sent',
      { ...between, lines: lines(1), expectedAt: T0 + days * 24 * HOUR },
      { at: T0 + hour * HOUR },
    );
  const [first, second] = [said(5, 1), said(3, 2)];
  for (const events of [
    [first, second],
    [second, first],
  ]) {
    const world = createWorld();
    openShop(world, { north: 10, south: 0 });
    world.apply(...events);
    expect(world.get('transfer', 'T1')!.expectedAt).toBe(T0 + 72 * HOUR);
    expect(world.deadlines.get('test|transfer-late|T1')).toBe(T0 + 72 * HOUR);
    expectSound(world);
  }
});

test('who said what about a transfer does not depend on what arrived first', () => {
  const ask = asked(3, { by: 'Ana', reason: 'sells in the south' });
  const cancel = eventOf('transfer.cancelled', { transfer: 'T1', reason: 'sold', by: 'Ben' });
  const words = (events: Event[]) => {
    const world = createWorld();
    openShop(world, { north: 10, south: 0 });
    world.apply(...events);
    expectSound(world);
    expect(at(world, 'north')).toMatchObject({ sellable: 10, allocated: 0 });
    return world.get('transfer', 'T1')!.words;
  };
  expect(words([ask, cancel])).toEqual(words([cancel, ask]));
});

test('a transfer of which nobody said when it arrives is never late, and nothing is promised from it', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(sent(4));
  expect([...world.deadlines.keys()].filter((key) => key.includes('transfer-late'))).toEqual([]);
  expect(world.get('inbound', 'tea')!.entries).toMatchObject([{ quantity: 4, confirmed: false }]);
});
