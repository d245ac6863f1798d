import { expect, test } from 'vitest';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

const node = (name: string, more: object = {}) =>
  eventOf('node.defined', { node: name, name, kind: 'warehouse', timeZone: 'UTC', cutOff: '16:00', ...more });
const tea = (line: string, quantity: number) => ({ line, sku: 'tea', quantity, unitPrice: 900 });
const cake = (line: string, quantity: number) => ({ line, sku: 'cake', quantity, unitPrice: 500 });
const received = (sku: string, at: string, quantity: number) => eventOf('stock.received', { sku, node: at, quantity });
const whereOf = (world: World, order: string) => world.get('order', order)!.lines.map((line) => line.allocated);
const decisionsOf = (world: World, policy: string) =>
  world.facts.flatMap(({ effects }) => effects.decisions).filter((decision) => decision.policy === policy);

/** `tea` at north and south, `cake` only at south. */
function shop(...events: ReturnType<typeof node>[]): World {
  const world = createWorld();
  openShop(world, { north: 10, south: 5 });
  world.apply(eventOf('item.defined', { sku: 'cake', name: 'Cake' }), received('cake', 'south', 5), ...events);
  return world;
}

test('an order ships from the one node that has all of it, and the decision tells what it was better than', () => {
  const world = shop();
  world.apply(orderOf('O1', 0, { lines: [tea('1', 2), cake('2', 1)] }));
  expect(whereOf(world, 'O1')).toEqual([[['south', 2]], [['south', 1]]]);
  expect(world.get('order', 'O1')!.node).toBe('south');
  expect(decisionsOf(world, 'sourcing')).toMatchObject([
    {
      order: 'O1',
      node: 'south',
      outcome: 'south 3',
      inputs: { lines: 2, units: 3, chosen: [0, 0, 1, 0, 0], beaten: [['north', 1, 0, 1, 0, 0]] },
    },
  ]);
  const { inputs } = decisionsOf(world, 'sourcing')[0]!;
  expect(JSON.stringify(inputs).length).toBeLessThan(400);
  expectSound(world);
});

test('a node that misses the promise, does not go there or lacks the carrier is passed over', () => {
  const carriers = [{ carrier: 'DHL', countries: ['DE'] }];
  const world = shop(node('north', { carriers }), node('south', { cutOff: '09:00' }));
  const wanted = { country: 'DE', shipBy: T0 + 9 * HOUR };
  world.apply(orderOf('soon', 1, wanted, { at: T0 + 2 * HOUR }));
  expect(world.get('order', 'soon')!.node).toBe('north');
  world.apply(orderOf('abroad', 1, { ...wanted, country: 'FR' }, { at: T0 + 2 * HOUR }));
  expect(world.get('order', 'abroad')!.node).toBe('south');
  world.apply(orderOf('carrier', 1, { ...wanted, carrier: 'UPS' }, { at: T0 + 2 * HOUR }));
  expect(world.get('order', 'carrier')!.node).toBe('south');
});

test('an order goes to the node that can still work it off today, not to the one that is full', () => {
  const world = shop(node('north', { capacityLinesPerDay: 2 }), node('south', { capacityLinesPerDay: 200 }));
  const shipBy = T0 + 8 * HOUR;
  world.apply(...['O1', 'O2', 'O3', 'O4'].map((order) => orderOf(order, 1, { shipBy })));
  // The emptier node wins while both can, the one with room when the other is full.
  expect(world.all('order').map((order) => order.node)).toEqual(['north', 'south', 'south', 'south']);
});

test('the cheaper way is taken when both are in time, by the zone of the customer', () => {
  const zone = (country: string, costPerShipment: number) => ({ zone: country, countries: [country], costPerShipment });
  const world = shop(
    node('north', { zones: [zone('DE', 900), zone('FR', 300)] }),
    node('south', { zones: [zone('DE', 400), zone('FR', 700)] }),
  );
  world.apply(orderOf('de', 1, { country: 'DE' }), orderOf('fr', 1, { country: 'FR' }));
  expect(world.all('order').map((order) => order.node)).toEqual(['south', 'north']);
});

test('a stopped node is asked only when nobody else has stock', () => {
  const world = shop(node('north'), node('south'));
  world.apply(eventOf('node.impaired', { node: 'north', reason: 'flood' }, { at: T0 }));
  world.apply(orderOf('O1', 5, {}, { at: T0 + MINUTE }), orderOf('O2', 2, {}, { at: T0 + MINUTE }));
  expect(world.all('order').map((order) => order.node)).toEqual(['south', 'north']);
});

test('what the channel has chosen is followed, and nothing was decided', () => {
  const world = shop(node('south', { active: false }));
  world.apply(orderOf('O1', 2, { node: 'south' }));
  expect(whereOf(world, 'O1')).toEqual([[['south', 2]]]);
  expect(decisionsOf(world, 'sourcing')).toEqual([]);
});

test('where another system decides, our advice is kept and compared with the deed once', () => {
  const world = shop(node('north', { costPerShipment: 400 }), node('south', { costPerShipment: 300 }));
  world.apply(eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', mode: 'advise' }));
  world.apply(orderOf('same', 0, { lines: [tea('1', 2), cake('2', 1)] }), orderOf('other', 2), orderOf('split', 2));
  expect(decisionsOf(world, 'sourcing').map(({ outcome }) => outcome)).toEqual([
    'advice: south 3',
    'advice: south 2',
    'advice: south 2',
  ]);
  expect(world.get('stock', 'tea|south')!.allocated).toBe(0);
  const allocated = (order: string, at: string, lines: object[]) =>
    eventOf('fulfilment.allocated', { order, node: at, lines: lines as never }, { at: T0 + HOUR });
  const shipped = (order: string, at: string, quantity: number) =>
    eventOf(
      'fulfilment.dispatched',
      { order, node: at, shipment: `${order}-${at}`, lines: [{ line: '1', quantity }] },
      { at: T0 + 2 * HOUR },
    );
  world.apply(allocated('same', 'south', [{ line: '1', quantity: 2 }]));
  expect(decisionsOf(world, 'advice')).toEqual([]);
  world.apply(allocated('same', 'south', [{ line: '2', quantity: 1 }]), shipped('other', 'north', 2));
  world.apply(shipped('split', 'north', 1), shipped('split', 'south', 1), shipped('same', 'south', 2));
  expect(decisionsOf(world, 'advice')).toMatchObject([
    { order: 'same', outcome: 'followed', inputs: { shipments: [1, 1], cost: [300, 300] } },
    {
      order: 'other',
      outcome: 'other-node',
      inputs: { advised: [['south', 2]], done: [['north', 2]], cost: [300, 400] },
    },
    { order: 'split', outcome: 'more-shipments', inputs: { shipments: [1, 2], cost: [300, 700] } },
  ]);
  const steps = world.facts.flatMap(({ effects }) => effects.transitions).filter(({ step }) => step.includes('advice'));
  expect(steps.map(({ short, amount, cause }) => [short, amount, cause])).toEqual([
    [0, 0, 'followed'],
    [1, 100, 'other-node'],
    [1, 400, 'more-shipments'],
  ]);
  expectSound(world);
});
