import { expect, test } from 'vitest';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0 } from '../support/fold.ts';

const lines = (quantity: number) => [{ line: '1', quantity }];
const reroute = (order: string, more: object = {}) =>
  eventOf(
    'order.rerouted',
    { order, toNode: 'south', reason: 'flood', ...more },
    { at: T0 + HOUR, source: 'tideline' },
  );
const lineOf = (world: ReturnType<typeof createWorld>, order: string) => world.get('order', order)!.lines[0]!;
const shipBy = T0 + 8 * HOUR;

test('a rerouted order is reserved at the new node, counted there, and its old node has its stock again', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 5 });
  world.apply(orderOf('O1', 3, { shipBy }), reroute('O1'));
  expect(lineOf(world, 'O1')).toMatchObject({ allocated: [['south', 3]], waiting: 0 });
  expect(world.get('order', 'O1')!.node).toBe('south');
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 5, allocated: 0 });
  expect(world.all('wave').map((wave) => [wave.node, wave.orders])).toEqual([['south', 1]]);
  expectSound(world);
});

test('a node that cannot promise all of it refuses the reroute with the numbers, and nothing has moved', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 2 });
  world.apply(orderOf('O1', 3));
  const before = world.snapshot('source', 'workspace');
  const [fact] = world.apply(reroute('O1'));
  expect(fact!.effects.refused).toBe('south can promise 2 of the 3 units of tea that order O1 needs');
  expect(world.snapshot('source', 'workspace')).toEqual(before);
});

test('what was picked stays where it is, and what waits goes to the new node too', () => {
  const world = createWorld();
  openShop(world, { north: 4, south: 0 });
  world.apply(
    orderOf('O1', 6),
    eventOf('fulfilment.picked', { order: 'O1', node: 'north', lines: lines(1) }, { at: T0 + MINUTE }),
    // What the channel cannot sell from there does not serve the two that wait.
    eventOf('stock.received', { sku: 'tea', node: 'east', quantity: 9 }),
  );
  expect(lineOf(world, 'O1')).toMatchObject({ allocated: [['north', 4]], waiting: 2 });
  const [refused] = world.apply(reroute('O1', { toNode: 'east', lines: lines(6) }));
  expect(refused!.effects.refused).toBe('line 1 of order O1 has 5 units that can move, not 6');
  world.apply(reroute('O1', { toNode: 'east' }));
  expect(lineOf(world, 'O1')).toMatchObject({
    allocated: [
      ['north', 1],
      ['east', 5],
    ],
    waiting: 0,
  });
  expectSound(world);
});

test('only what is reserved at the node that is named moves, and only the units that are named', () => {
  const world = createWorld();
  openShop(world, { north: 4, south: 9 });
  world.apply(
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north', 'south', 'east'] }),
  );
  world.apply(eventOf('stock.received', { sku: 'tea', node: 'east', quantity: 20 }));
  world.apply(orderOf('O1', 4, { node: 'north' }));
  world.apply(reroute('O1', { fromNode: 'north', toNode: 'east', lines: lines(3) }));
  expect(lineOf(world, 'O1')).toMatchObject({
    allocated: [
      ['north', 1],
      ['east', 3],
    ],
    waiting: 0,
  });
  expect(world.get('order', 'O1')!.node).toBe('north');
  expectSound(world);
});

test('a node that does not ship there is refused, and work that has left a node is released there no more', () => {
  const world = createWorld();
  openShop(world, { north: 9, south: 9 });
  const carriers = [{ carrier: 'DHL', countries: ['DE'] }];
  world.apply(eventOf('node.defined', { node: 'south', name: 'South', kind: 'warehouse', carriers }));
  world.apply(orderOf('O1', 3, { country: 'FR' }), orderOf('O2', 3, { country: 'DE' }));
  expect(world.apply(reroute('O1'))[0]!.effects.refused).toBe('south does not ship order O1 to FR');
  world.apply(eventOf('wave.released', { node: 'north', wave: 'W1', orders: ['O2'] }, { source: 'wms' }));
  expect(world.get('order', 'O2')!.releasedAt).toBe(T0);
  world.apply(reroute('O2'));
  expect(world.get('order', 'O2')).toMatchObject({ node: 'south', releasedAt: 0 });
  expectSound(world);
});

test('two lines of one SKU need the stock of both', () => {
  const world = createWorld();
  openShop(world, { north: 9, south: 5 });
  const two = [1, 2].map((line) => ({ line: String(line), sku: 'tea', quantity: 3, unitPrice: 900 }));
  world.apply(orderOf('O1', 3, { lines: two }));
  const [fact] = world.apply(reroute('O1'));
  expect(fact!.effects.refused).toBe('south can promise 5 of the 6 units of tea that order O1 needs');
});

test('a node that has exactly what is needed takes it, and an order the channel had placed there asks the new node from then on', () => {
  const world = createWorld();
  openShop(world, { north: 3, south: 3 });
  world.apply(orderOf('O1', 3, { node: 'north' }), reroute('O1', { lines: lines(3) }));
  expect(world.get('order', 'O1')).toMatchObject({ node: 'south', requestedNode: 'south' });
  world.apply(orderOf('O2', 3), reroute('O2', { toNode: 'south', fromNode: 'north' }));
  expect(world.get('order', 'O2')).toMatchObject({ node: 'north', requestedNode: '' });
  expectSound(world);
});
