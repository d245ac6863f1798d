/** A proposal is worked out from the states, and what it proposes can be carried out as it stands. */
import { expect, test } from 'vitest';
import { proposeReroute, rerouteUntil } from '../../streams/operations/nodes/reroute-proposal.ts';
import { proposeWave } from '../../streams/operations/nodes/wave-proposal.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

const CLOSES = T0 + 10 * HOUR;
const nodeOf = (node: string, more: object = {}) =>
  eventOf('node.defined', { node, name: node, kind: 'warehouse', ...more }, { at: T0 - HOUR });
function company({ orders = 20, south = 100, linesPerHour = 2 } = {}): World {
  const world = createWorld();
  openShop(world, { north: 100, south });
  world.apply(nodeOf('north', { linesPerHour }), nodeOf('south', { linesPerHour, costPerShipment: 100 }));
  for (let index = 0; index < orders; index++) {
    world.apply(orderOf(`O${10 + index}`, 1, { shipBy: CLOSES, node: 'north' }));
  }
  return world;
}
const idsOf = (world: World) => world.all('order').map(({ order }) => order);
const propose = (world: World, at = T0) => proposeReroute(world.draft(), 'north', idsOf(world), at);
const impair = (world: World, more: object = {}) =>
  world.apply(eventOf('node.impaired', { node: 'north', impairment: 'I-1', expectedUntil: CLOSES, ...more }));

test('what the node cannot do and others can moves, and all of it can be carried out', () => {
  const world = company();
  impair(world, { capacityShare: 0.5 });
  const plan = propose(world);
  expect(plan.kept).toEqual({ orders: 10, lines: 10 });
  // The other node does 20 lines, of which a tenth is kept free.
  expect(plan.saved).toEqual({ orders: 10, lines: 10, amount: 5_600 });
  expect(plan).toMatchObject({ extraShipments: 0, extraCost: 1_000, late: { orders: 0 } });
  const { moves, saved, extraShipments, extraCost } = plan;
  world.apply(
    eventOf('reroute.proposed', {
      reroute: 'R-1',
      node: 'north',
      impairment: 'I-1',
      moves,
      saved,
      extraShipments,
      extraCost,
    }),
    eventOf('reroute.approved', { reroute: 'R-1' }, { source: 'tideline' }),
  );
  expect(world.get('reroute', 'R-1')).toMatchObject({ status: 'done', done: 10, failed: 0 });
  expect(world.get('impairment', 'I-1')!.current).toMatchObject({ lines: 10, possible: 10 });
  expect(propose(world).moves).toEqual([]);
  expectSound(world);
});

test('what nobody can do stays late, with the reason', () => {
  const world = company({ south: 3 });
  impair(world);
  expect(propose(world)).toMatchObject({
    saved: { orders: 3 },
    late: { orders: 17, reasons: { 'no stock elsewhere': 17 } },
  });
  const full = company();
  for (let index = 0; index < 16; index++) full.apply(orderOf(`S${index}`, 1, { shipBy: CLOSES, node: 'south' }));
  impair(full);
  expect(propose(full)).toMatchObject({
    saved: { orders: 2 },
    late: { orders: 18, reasons: { 'no room elsewhere': 18 } },
  });
});

test('stock that a policy keeps for others is not given to a rerouted order', () => {
  const world = company({ orders: 2 });
  const rule = { name: 'shops', sku: 'tea', node: 'south', channels: ['wholesale'], quantity: 100 };
  world.apply(eventOf('policy.defined', { policy: 'protection', body: { rules: [rule] }, by: 'Ada' }));
  impair(world);
  expect(propose(world)).toMatchObject({ moves: [], late: { orders: 2, reasons: { 'no stock elsewhere': 2 } } });
});

test('work that is due after the node is expected back stays, and so does what has been picked', () => {
  const world = company({ orders: 1 });
  world.apply(
    orderOf('later', 1, { shipBy: CLOSES + 24 * HOUR, node: 'north' }),
    orderOf('picked', 2, { shipBy: CLOSES, node: 'north' }),
    eventOf('fulfilment.picked', { order: 'picked', node: 'north', lines: [{ line: '1', quantity: 1 }] }),
  );
  impair(world);
  expect(rerouteUntil(world.draft(), 'north', T0)).toBe(CLOSES);
  expect(propose(world)).toMatchObject({
    moves: [{ order: 'O10' }],
    late: { orders: 1, reasons: { picked: 1 } },
    kept: { orders: 0 },
  });
});

test('a node that is only over capacity can be relieved as well', () => {
  const world = company({ linesPerHour: 1 });
  const plan = proposeReroute(world.draft(), 'north', idsOf(world), T0);
  expect(plan.kept.orders).toBe(10);
  expect(plan.saved.orders).toBe(9);
  expect(plan.late).toMatchObject({ orders: 1, reasons: { 'no room elsewhere': 1 } });
});

test('a proposed wave holds what may begin, and says what may not', () => {
  const world = company({ orders: 6 });
  world.apply(
    eventOf('order.held', { order: 'O10', hold: 'payment' }),
    eventOf('wave.released', { wave: 'W-1', node: 'north', orders: ['O11'] }, { source: 'tideline' }),
  );
  const wave = proposeWave(world.draft(), 'north', [...idsOf(world), 'nobody'], T0 + HOUR)!;
  // Two hours at two lines an hour, one of which is in work.
  expect(wave).toMatchObject({
    orders: ['O12', 'O13', 'O14'],
    ends: 'no room',
    left: { held: 1, 'released already': 1 },
  });
  expect(proposeWave(world.draft(), 'nowhere', [], T0)).toBeNull();
});
