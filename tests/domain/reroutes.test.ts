/** A reroute moves only what was approved, only as far as the world still allows, and only while it is needed. */
import { describe, expect, test } from 'vitest';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

const shipBy = T0 + 10 * HOUR;
const id = (index: number) => `O${String(index).padStart(2, '0')}`;
/** An impaired node with orders, and a proposal to move all of them. */
function flooded({ orders = 45, south = 100 } = {}): World {
  const world = createWorld();
  openShop(world, { north: 100, south });
  for (let index = 0; index < orders; index++) world.apply(orderOf(id(index), 1, { shipBy, node: 'north' }));
  world.apply(eventOf('node.impaired', { node: 'north', impairment: 'I-1', reason: 'flood' }));
  world.apply(proposal(orders));
  return world;
}
const proposal = (orders: number, more: object = {}) =>
  eventOf('reroute.proposed', {
    reroute: 'R-1',
    node: 'north',
    impairment: 'I-1',
    moves: [...Array(orders)].map((_, index) => ({
      order: id(index),
      parts: [{ toNode: 'south', lines: [{ line: '1', quantity: 1 }] }],
    })),
    saved: { orders, lines: orders, amount: 560 * orders },
    by: 'Ada',
    ...more,
  });
const approve = eventOf('reroute.approved', { reroute: 'R-1', by: 'Ada' }, { at: T0 + HOUR, source: 'tideline' });
const due = (world: World) => [...world.deadlines.keys()].filter((key) => key.includes('|reroute-page|'));
function passAll(world: World): void {
  for (const key of due(world)) {
    const [clock, kind, ...subject] = key.split('|') as [string, string];
    const at = world.deadlines.get(key)!;
    const data = { kind, subject: subject.join('|'), due: at, clock };
    world.apply(eventOf('deadline.passed', data, { at, source: 'tideline' }));
  }
}
const suggested = (world: World) => world.get('exception', 'node-impaired:I-1')!.suggests!.map(({ action }) => action);
const status = (world: World) => world.get('reroute', 'R-1')!;

describe('an approved reroute', () => {
  test('moves twenty orders per event until all are moved, and the impairment counts them', () => {
    const world = flooded();
    expect(status(world)).toMatchObject({ status: 'proposed', orders: 45, pages: 3 });
    expect(suggested(world)).toEqual(['approve-reroute', 'reject-reroute']);
    world.apply(approve);
    expect(status(world)).toMatchObject({ status: 'approved', done: 20, pagesDone: 1, decidedBy: 'Ada' });
    expect(world.get('impairment', 'I-1')!.current).toMatchObject({ orders: 25 });
    expect(world.facts.at(-1)!.effects.instructions).toMatchObject([
      { id: 'reroute:R-1:0:north', kind: 'let-go-orders', to: 'north' },
      { id: 'reroute:R-1:0:south', kind: 'ship-orders', to: 'south' },
    ]);
    passAll(world);
    expect(status(world)).toMatchObject({
      status: 'done',
      done: 45,
      failed: 0,
      linesMoved: 45,
      finishedAt: T0 + HOUR + 2,
    });
    expect(world.get('impairment', 'I-1')).toMatchObject({ moved: { orders: 45, lines: 45 }, current: { orders: 0 } });
    expect(world.all('reroute-moves')).toEqual([]);
    expect(world.get('stock', 'tea|south')).toMatchObject({ allocated: 45 });
    expectSound(world);
  });

  test('leaves out what cannot move any more and says why', () => {
    const world = flooded({ orders: 3, south: 1 });
    world.apply(eventOf('order.cancelled', { order: 'O02', reason: 'customer' }));
    world.apply(approve);
    expect(status(world)).toMatchObject({
      status: 'done',
      done: 1,
      failed: 2,
      failures: [
        { order: 'O01', reason: 'south can promise 0 of the 1 units of tea that order O01 needs' },
        { order: 'O02', reason: expect.stringContaining('O02') },
      ],
    });
    expectSound(world);
  });

  test('an order with two parts moves with both or not at all', () => {
    const world = createWorld();
    openShop(world, { north: 10, south: 1 });
    world.apply(eventOf('item.defined', { sku: 'cup', name: 'Cup', unitCost: 100 }));
    world.apply(eventOf('stock.received', { sku: 'cup', node: 'north', quantity: 5 }));
    const lines = [
      { line: '1', sku: 'tea', quantity: 1, unitPrice: 900 },
      { line: '2', sku: 'cup', quantity: 1, unitPrice: 500 },
    ];
    world.apply(orderOf('O00', 1, { shipBy, node: 'north', lines }));
    world.apply(eventOf('node.impaired', { node: 'north', impairment: 'I-1' }));
    const parts = [
      { toNode: 'south', lines: [{ line: '1', quantity: 1 }] },
      { toNode: 'east', lines: [{ line: '2', quantity: 1 }] },
    ];
    world.apply(proposal(1, { moves: [{ order: 'O00', parts }] }), approve);
    expect(status(world)).toMatchObject({ status: 'done', done: 0, failed: 1 });
    expect(world.get('order', 'O00')!.lines.map((line) => line.allocated)).toEqual([[['north', 1]], [['north', 1]]]);
    expectSound(world);
  });

  test('an order that was released at the impaired node is not released any more once it has left', () => {
    const world = flooded({ orders: 1 });
    world.apply(eventOf('wave.released', { wave: 'W-1', node: 'north', orders: ['O00'] }, { source: 'tideline' }));
    expect(world.get('order', 'O00')!.releasedAt).toBe(T0);
    world.apply(approve);
    expect(world.get('order', 'O00')).toMatchObject({ releasedAt: 0, releases: [], node: 'south' });
    expectSound(world);
  });

  test('stops when the node has recovered, and what is left stays there', () => {
    const world = flooded();
    world.apply(approve);
    world.apply(eventOf('node.recovered', { node: 'north' }, { at: T0 + HOUR + 1 }));
    expect(status(world)).toMatchObject({ status: 'stopped', done: 20, reason: 'the node has recovered' });
    expect(due(world)).toEqual([]);
    expect(world.all('reroute-moves')).toEqual([]);
    expectSound(world);
  });
});

describe('a proposal', () => {
  test('is decided on once', () => {
    const world = flooded({ orders: 1 });
    world.apply(eventOf('reroute.rejected', { reroute: 'R-1', by: 'Ada', reason: 'back soon' }, { at: T0 + HOUR }));
    expect(status(world)).toMatchObject({ status: 'rejected', decidedBy: 'Ada', reason: 'back soon' });
    expect(suggested(world)).toEqual(['reroute']);
    const [fact] = world.apply(approve);
    expect(fact!.effects.refused).toBe('reroute R-1 is rejected already');
    expect(world.get('order', 'O00')!.node).toBe('north');
  });

  test('is replaced by a newer one for the same impairment', () => {
    const world = flooded({ orders: 2 });
    world.apply(proposal(1, { reroute: 'R-2' }));
    expect(status(world)).toMatchObject({ status: 'superseded', reason: 'replaced by R-2' });
    expect(world.get('impairment', 'I-1')!.proposals).toEqual(['R-1', 'R-2']);
    expect(world.all('reroute-moves')).toHaveLength(1);
  });

  test('expires when the node recovers before anybody decided', () => {
    const world = flooded({ orders: 1 });
    world.apply(eventOf('node.recovered', { node: 'north' }, { at: T0 + HOUR }));
    expect(status(world)).toMatchObject({ status: 'expired' });
    expectSound(world);
  });

  test('for an impairment that is unknown, over or of another node is refused', () => {
    const world = flooded({ orders: 1 });
    const refused = (more: object) => world.apply(proposal(1, { reroute: 'R-9', ...more }))[0]!.effects.refused;
    expect(refused({ impairment: 'I-9' })).toBe('there is no impairment I-9');
    expect(refused({ node: 'south' })).toBe('impairment I-1 is of node north, not of south');
    expect(refused({ reroute: 'R-1' })).toBe('reroute R-1 exists already');
    world.apply(eventOf('node.recovered', { node: 'north' }, { at: T0 + HOUR }));
    expect(refused({})).toBe('impairment I-1 is over');
  });

  test('cannot be approved in advise mode: orders are moved by others there', () => {
    const world = flooded({ orders: 1 });
    world.apply(eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', mode: 'advise' }, { at: T0 }));
    expect(world.apply(approve)[0]!.effects.refused).toContain('in advise mode');
    expect(status(world).status).toBe('proposed');
  });
});
