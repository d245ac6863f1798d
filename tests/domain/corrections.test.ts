import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { CORRECTABLE_MS, CORRECTION_WAITS_MS } from '../../streams/operations/stock/corrections.ts';
import { DAY_MS, unitCostOf } from '../../streams/operations/stock/costing.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, T0 } from '../support/fold.ts';

type World = ReturnType<typeof createWorld>;
const stock = (world: World, sku = 'tea', node = 'north') => world.get('stock', `${sku}|${node}`);
const correcting = (corrects: string, event: Event): Event => ({ ...event, corrects });
const receipt = (quantity: number, id: string, more: object = {}, at = T0 + HOUR) =>
  eventOf('stock.received', { sku: 'tea', node: 'north', quantity, ...more }, { id, at });
const shop = () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  return world;
};
const refusals = (world: World) => world.facts.map(({ effects }) => effects.refused).filter((reason) => reason !== '');
const due = (kind: string, subject: string, at: number) =>
  eventOf('deadline.passed', { kind, subject, due: at, clock: 'test' }, { at });

test('a corrected receipt counts as if only the right one had ever come: units, cost and the other SKU', () => {
  const world = shop();
  world.apply(receipt(5, 'wrong', { unitCost: 900 }));
  expect(unitCostOf(world.draft(), 'tea')).toBe(500);
  const right = eventOf(
    'stock.received',
    { sku: 'coffee', node: 'north', quantity: 4, unitCost: 800 },
    { id: 'right', at: T0 + 3 * HOUR },
  );
  world.apply(correcting('wrong', right));
  expect(stock(world)!.sellable).toBe(10);
  expect(unitCostOf(world.draft(), 'tea')).toBe(300);
  expect(stock(world, 'coffee')!.sellable).toBe(4);
  expect(refusals(world)).toEqual([]);
  expectSound(world);
});

test('a voided event is only taken back', () => {
  const world = shop();
  world.apply(
    eventOf(
      'stock.adjusted',
      { sku: 'tea', node: 'north', quantity: -4, reason: 'broken', against: 'loss' },
      { id: 'a' },
    ),
    correcting('a', eventOf('stock.voided', { reason: 'found behind the rack', by: 'Ana' })),
  );
  expect(stock(world)!.sellable).toBe(10);
  expect(world.get('ledger', 'tea')!.loss).toBe(0);
  expectSound(world);
});

test('an event is corrected once; who errs again corrects the correction', () => {
  const world = shop();
  world.apply(receipt(5, 'a'), correcting('a', receipt(6, 'b')));
  expect(world.apply(correcting('a', receipt(7, 'c')))[0]!.effects.refused).toMatch(/was corrected by b already/);
  expect(stock(world)!.sellable).toBe(16);
  world.apply(correcting('b', receipt(7, 'd')));
  expect(stock(world)!.sellable).toBe(17);
  expectSound(world);
});

test('a correction that comes first waits for what it corrects, and the end is the same', () => {
  const wrong = receipt(5, 'wrong', { unitCost: 900 });
  const right = correcting('wrong', receipt(3, 'right', { unitCost: 400 }, T0 + 2 * HOUR));
  const end = (events: Event[]) => {
    const world = shop();
    world.apply(...events);
    expect(refusals(world)).toEqual([]);
    expectSound(world);
    return { sellable: stock(world)!.sellable, cost: unitCostOf(world.draft(), 'tea') };
  };
  expect(end([right, wrong])).toEqual(end([wrong, right]));
  const world = shop();
  world.apply(right);
  expect(stock(world)!.sellable, 'nothing is booked while it waits').toBe(10);
  expect(world.deadlines.get('test|correction-waiting|test|wrong')).toBe(right.occurredAt + CORRECTION_WAITS_MS);
});

test('a correction whose event never comes is refused in the end, and says so', () => {
  const world = shop();
  world.apply(correcting('nothing', receipt(3, 'right')));
  world.apply(due('correction-waiting', 'test|nothing', T0 + 2 * DAY_MS));
  expect(refusals(world)).toEqual(['waiting stock.received right of test corrects nothing, which never came']);
  expect(world.all('correctable').filter(({ waiting }) => waiting !== null)).toEqual([]);
  expect(stock(world)!.sellable).toBe(10);
});

test('what was refused can be corrected, before and after', () => {
  for (const early of [false, true]) {
    const world = shop();
    const wrong = receipt(2, 'wrong', { unit: 'barrel' });
    const right = correcting('wrong', receipt(2, 'right'));
    world.apply(...(early ? [right, wrong] : [wrong, right]));
    if (early) world.apply(due('correction-waiting', 'test|wrong', T0 + 2 * HOUR));
    expect(stock(world)!.sellable, early ? 'early' : 'late').toBe(12);
    expect(refusals(world)).toHaveLength(1);
    expectSound(world);
  }
});

test('a waiting correction that is refused takes nothing else with it', () => {
  const world = shop();
  world.apply(correcting('a', receipt(2, 'b', { unit: 'barrel' })), receipt(5, 'a'));
  expect(stock(world)!.sellable, 'the event itself holds').toBe(15);
  expect(refusals(world)[0]).toMatch(/waiting stock.received b of test: tea has no unit "barrel"/);
  expectSound(world);
});

test('a correction of a transfer takes back what it added to the transfer as well', () => {
  const world = shop();
  const sent = (quantity: number, id: string) =>
    eventOf(
      'transfer.sent',
      { transfer: 'T', fromNode: 'north', toNode: 'south', lines: [{ sku: 'tea', quantity }] },
      { id },
    );
  world.apply(sent(8, 'a'), correcting('a', sent(5, 'b')));
  expect(stock(world)!.sellable).toBe(5);
  expect(stock(world, 'tea', 'south')!['in-transit']).toBe(5);
  expect(world.get('transfer', 'T')!.lines).toMatchObject([{ sent: 5 }]);
  expectSound(world);
});

test('a correction of a receipt opens its purchase order again', () => {
  const world = shop();
  world.apply(
    eventOf('purchase-order.confirmed', {
      purchaseOrder: 'PO',
      supplier: 'S',
      lines: [{ line: '1', sku: 'tea', node: 'north', quantity: 20, expectedAt: T0 + DAY_MS }],
    }),
    receipt(20, 'a', { purchaseOrder: 'PO' }),
    correcting('a', receipt(12, 'b', { purchaseOrder: 'PO' })),
  );
  expect(world.get('inbound', 'tea')!.entries).toMatchObject([{ ref: 'PO/1', quantity: 8 }]);
  expectSound(world);
});

test.each([
  ['itself', correcting('x', receipt(1, 'x')), /cannot correct itself/],
  ['nothing, by a void', eventOf('stock.voided', { reason: 'oops' }), /has to name the event/],
  [
    'a return',
    correcting(
      'r',
      eventOf('return.judged', { return: 'R', node: 'north', lines: [{ sku: 'tea', quantity: 1, to: 'sellable' }] }),
    ),
    /cannot be corrected: judge/,
  ],
])('a correction of %s is refused, and nothing of it is applied', (_, event, reason) => {
  const world = shop();
  const before = world.snapshot('source', 'correctable', 'workspace');
  expect(world.apply(event)[0]!.effects.refused).toMatch(reason);
  expect(world.snapshot('source', 'correctable', 'workspace')).toEqual(before);
});

test('what can be corrected is kept for thirty days and then forgotten', () => {
  const world = shop();
  world.apply(receipt(5, 'a'));
  expect(world.deadlines.get('test|correctable|test|a')).toBe(T0 + HOUR + CORRECTABLE_MS);
  world.apply(due('correctable', 'test|a', T0 + HOUR + CORRECTABLE_MS));
  expect(world.get('correctable', 'test|a')).toBeUndefined();
});

test('in whatever order receipts, corrections and corrections of corrections arrive, the last word holds', () => {
  const chain = (sku: string): Event[] => [
    eventOf('stock.received', { sku, node: 'north', quantity: 5, unitCost: 200 }, { id: `${sku}1` }),
    correcting(
      `${sku}1`,
      eventOf('stock.received', { sku, node: 'south', quantity: 7, unitCost: 300 }, { id: `${sku}2`, at: T0 + HOUR }),
    ),
    correcting(
      `${sku}2`,
      eventOf(
        'stock.received',
        { sku, node: 'north', quantity: 9, unitCost: 400 },
        { id: `${sku}3`, at: T0 + 2 * HOUR },
      ),
    ),
  ];
  const events = [...chain('a'), ...chain('b')];
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      const world = createWorld();
      world.apply(...shuffled);
      expect(refusals(world)).toEqual([]);
      for (const sku of ['a', 'b']) {
        expect(stock(world, sku)!.sellable).toBe(9);
        expect(stock(world, sku, 'south')?.sellable ?? 0).toBe(0);
        expect(unitCostOf(world.draft(), sku)).toBe(400);
      }
      expectSound(world);
    }),
    { numRuns: 150 },
  );
});
