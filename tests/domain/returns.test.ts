import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { policySchemas } from '../../streams/events/policies.ts';
import { unjudged } from '../../streams/operations/stock/return-state.ts';
import { dispositionFor } from '../../streams/policies/disposition.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0 } from '../support/fold.ts';

type World = ReturnType<typeof createWorld>;
const stock = (world: World) => world.get('stock', 'tea|north')!;
const came = (quantity: number, reason: string, more: object = {}, at = T0 + HOUR) =>
  eventOf(
    'return.received',
    { return: 'R', node: 'north', lines: [{ sku: 'tea', quantity, reason }], ...more },
    { at },
  );
const judged = (quantity: number, to: string, at = T0 + 5 * HOUR) =>
  eventOf('return.judged', { return: 'R', node: 'north', lines: [{ sku: 'tea', quantity, to } as never] }, { at });
const due = (kind: string, at: number) =>
  eventOf('deadline.passed', { kind, subject: 'R', due: at, clock: 'test' }, { at });
function shop(rules: object[] = []): World {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(eventOf('policy.defined', { policy: 'disposition', body: { rules } } as never));
  return world;
}
const unopened = { reason: 'unopened', to: 'sellable', inspect: false };
const broken = { reason: 'broken', to: 'loss', inspect: false };

test('goods come back unjudged, and the policy says what is proposed for their reason', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  const [fact] = world.apply(came(2, 'Defective'));
  expect(stock(world)).toMatchObject({ sellable: 10, 'return-pending': 2 });
  expect(world.get('return', 'R')!.lines).toMatchObject([{ sku: 'tea', to: 'quarantined', automatic: false, done: 0 }]);
  expect(fact!.effects.decisions).toMatchObject([
    {
      policy: 'disposition',
      sku: 'tea',
      outcome: '2 quarantined after inspection',
      inputs: { reason: 'Defective', rule: 2 },
    },
  ]);
  expectSound(world);
});

test('a reason that needs no inspection is judged as the goods come in', () => {
  const world = shop([unopened]);
  world.apply(came(3, 'unopened'));
  expect(stock(world)).toMatchObject({ sellable: 13, 'return-pending': 0 });
  expect(world.facts.at(-1)!.effects.movements.map(({ reason }) => reason)).toEqual([
    'return: unopened',
    'return: unopened, by policy',
  ]);
  expectSound(world);
});

test('whoever judges decides otherwise than the policy did', () => {
  const world = shop([unopened, broken]);
  world.apply(came(3, 'unopened'), judged(1, 'damaged'));
  expect(stock(world)).toMatchObject({ sellable: 12, damaged: 1, 'return-pending': 0 });
  const lost = shop([broken]);
  lost.apply(came(3, 'broken'), judged(2, 'sellable'));
  expect(stock(lost)).toMatchObject({ sellable: 12, 'return-pending': 0 });
  expect(lost.get('ledger', 'tea')!.loss).toBe(1);
  expectSound(lost);
});

test('in whatever order goods and judgements arrive, each unit ends where it was judged to belong', () => {
  const events: Event[] = [
    came(3, 'unopened'),
    came(2, 'broken', {}, T0 + 2 * HOUR),
    came(4, 'changed my mind', {}, T0 + 3 * HOUR),
    judged(2, 'sellable'),
    judged(3, 'damaged', T0 + 6 * HOUR),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      const world = shop([unopened, broken]);
      world.apply(...shuffled);
      // 9 came, 5 were judged by people; of the 4 left, what goes first is what the policy puts somewhere by itself.
      expect(stock(world)).toMatchObject({ damaged: 3, 'return-pending': 0 });
      expect(stock(world).sellable + world.get('ledger', 'tea')!.loss).toBe(10 + 2 + 4);
      expect(unjudged(world.get('return', 'R')!)).toBe(0);
      expectSound(world);
    }),
    { numRuns: 120 },
  );
});

test('a return nobody judges in time is an exception until the last unit is judged', () => {
  const world = shop();
  world.apply(came(2, 'changed my mind'));
  const when = T0 + 49 * HOUR;
  expect(world.deadlines.get('test|return-judge|R')).toBe(when);
  world.apply(due('return-judge', when));
  expect(world.all('exception')).toMatchObject([
    { kind: 'return-not-judged', subject: 'R', moneyAtRisk: 600, node: 'north' },
  ]);
  world.apply(judged(1, 'sellable', when + HOUR));
  expect(world.all('exception')).toMatchObject([{ kind: 'return-not-judged', moneyAtRisk: 300 }]);
  expectSound(world);
  world.apply(judged(1, 'damaged', when + 2 * HOUR));
  expect(world.all('exception')).toEqual([]);
  expectSound(world);
  world.apply(due('return-forget', when + 900 * HOUR));
  expect(world.get('return', 'R')).toBeUndefined();
});

test('goods of an order that has not come are booked at once, and the order hears of them when it comes', () => {
  const world = shop();
  world.apply(
    came(1, 'too small', { order: 'O1', lines: [{ line: '1', sku: 'tea', quantity: 1, reason: 'too small' }] }),
  );
  expect(stock(world)['return-pending']).toBe(1);
  world.apply(orderOf('O1', 2, {}, { at: T0 }));
  expect(world.get('order', 'O1')!.lines[0]!.returned).toBe(1);
  expect(stock(world)['return-pending'], 'the goods are booked once').toBe(1);
  expect(world.get('return', 'R')!.untold).toEqual([]);
  expectSound(world);
});

test('goods are judged where they are', () => {
  const world = shop();
  world.apply(came(1, 'too small'));
  const elsewhere = eventOf('return.judged', {
    return: 'R',
    node: 'south',
    lines: [{ sku: 'tea', quantity: 1, to: 'sellable' }],
  });
  expect(world.apply(elsewhere)[0]!.effects.refused).toMatch(/is at north, not at south/);
});

test('the first rule whose reason and category fit decides; without one, what holds otherwise', () => {
  const policy = policySchemas.disposition.parse({
    rules: [
      { reason: 'too small', category: 'shoes', to: 'quarantined' },
      { reason: ' Too Small ', to: 'sellable', inspect: false },
    ],
    otherwise: { to: 'damaged' },
  });
  expect(dispositionFor(policy, 'too small', 'shoes')).toEqual({ to: 'quarantined', inspect: true, rule: 1 });
  expect(dispositionFor(policy, 'TOO SMALL', undefined)).toEqual({ to: 'sellable', inspect: false, rule: 2 });
  expect(dispositionFor(policy, 'ugly', 'shoes')).toEqual({ to: 'damaged', inspect: true, rule: 0 });
});

test('a deadline that passes after all was judged, or before anything came, calls nobody', () => {
  const world = shop();
  world.apply(judged(2, 'sellable'));
  expect([...world.deadlines.keys()].filter((key) => key.includes('return-judge'))).toEqual([]);
  world.apply(came(2, 'too small'));
  expect(stock(world)).toMatchObject({ sellable: 12, 'return-pending': 0 });
  world.apply(due('return-judge', T0 + 60 * HOUR));
  expect(world.get('return', 'R')!.overdue).toBe(false);
  expect(world.all('exception')).toEqual([]);
  expectSound(world);
});
