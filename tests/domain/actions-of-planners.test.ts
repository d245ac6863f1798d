import { describe, expect, it } from 'vitest';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

function shop(stock = {}): World {
  const world = createWorld();
  openShop(world, stock);
  for (const node of ['north', 'south']) world.apply(eventOf('node.defined', { node, name: node, kind: 'warehouse' }));
  return world;
}

let asked = 0;
function take(world: World, kind: string, input: object, at = T0 + HOUR) {
  const action = `act-${++asked}`;
  world.apply(
    eventOf(
      'action.taken',
      { action, kind: kind as 'transfer', by: 'Ada', input },
      { at, source: 'tideline', id: `action:${action}` },
    ),
  );
  return world.get('action', action)!;
}
function undo(world: World, action: string) {
  world.apply(eventOf('action.undone', { action, by: 'Ben' }, { at: T0 + 2 * HOUR, source: 'tideline' }));
  return world.get('action', action)!;
}
const figures = (world: World, node: string) => {
  const { sellable, allocated, quarantined } = world.get('stock', `tea|${node}`)!;
  return [sellable, allocated, quarantined];
};

describe('a transfer', () => {
  it('is reserved where most can be spared, and both nodes are told', () => {
    const world = shop();
    const taken = take(world, 'transfer', { sku: 'tea', toNode: 'south', quantity: 4 });
    expect(taken).toMatchObject({ status: 'done', words: 'Move 4 units of tea to south' });
    expect(figures(world, 'north')).toEqual([6, 4, 0]);
    expect(taken.instructions.map((id) => world.get('instruction', id)!.to)).toEqual(['north', 'south']);
    expectSound(world);
  });

  it('is taken back while nothing has left, and not afterwards', () => {
    const world = shop();
    const first = take(world, 'transfer', { sku: 'tea', fromNode: 'north', toNode: 'south', quantity: 4 });
    expect(undo(world, first.action).status).toBe('undone');
    expect(figures(world, 'north')).toEqual([10, 0, 0]);
    const second = take(world, 'transfer', { sku: 'tea', fromNode: 'north', toNode: 'south', quantity: 4 });
    const lines = [{ sku: 'tea', quantity: 3 }];
    world.apply(
      eventOf(
        'transfer.sent',
        { transfer: second.action, fromNode: 'north', toNode: 'south', lines },
        { at: T0 + HOUR + MINUTE },
      ),
    );
    expect(undo(world, second.action)).toMatchObject({
      status: 'done',
      reason: `3 units of transfer ${second.action} have left north already`,
    });
    expectSound(world);
  });

  it('of more than any node can spare is refused with the most there is', () => {
    const world = shop({ north: 3, south: 0 });
    expect(take(world, 'transfer', { sku: 'tea', toNode: 'south', quantity: 4 }).reason).toBe(
      'no node can spare 4 of tea: north has most, 3',
    );
  });
});

describe('a reservation', () => {
  it('of a cart is released once', () => {
    const world = shop();
    world.apply(
      eventOf('reservation.held', {
        reservation: 'r1',
        ownerId: 'cart-1',
        channel: 'web',
        sku: 'tea',
        node: 'north',
        quantity: 2,
      }),
    );
    expect(figures(world, 'north')).toEqual([8, 2, 0]);
    expect(take(world, 'release-reservation', { reservation: 'r1' }).status).toBe('done');
    expect(figures(world, 'north')).toEqual([10, 0, 0]);
    expect(take(world, 'release-reservation', { reservation: 'r1' }).reason).toBe('reservation r1 is released already');
    expectSound(world);
  });

  it('that does not leak has nothing to release', () => {
    expect(take(shop(), 'release-leak', { sku: 'tea', node: 'north' }).reason).toContain(
      'nothing leaks of tea at north',
    );
  });
});

describe('a count', () => {
  it('is asked for once, and the node is told by one instruction', () => {
    const world = shop();
    const { instructions } = take(world, 'request-count', { sku: 'tea', node: 'north' });
    expect(instructions).toHaveLength(1);
    expect(world.get('instruction', instructions[0]!)).toMatchObject({ kind: 'count-stock', to: 'north' });
    expect(take(world, 'request-count', { sku: 'tea', node: 'north' }).status).toBe('refused');
    expectSound(world);
  });
});

describe('rerouting an order', () => {
  const routed = (world: World) => {
    const { node, lines } = world.get('order', 'o1')!;
    return [node, lines[0]!.allocated];
  };

  it('moves its units, tells both nodes, and can be taken back before anybody has picked', () => {
    const world = shop();
    world.apply(orderOf('o1', 3));
    const before = routed(world);
    const taken = take(world, 'reroute-order', { order: 'o1', toNode: 'south', reason: 'fire drill' });
    expect(routed(world)).toEqual(['south', [['south', 3]]]);
    expect(taken.instructions.map((id) => world.get('instruction', id)!)).toMatchObject([
      { kind: 'let-go', to: 'north' },
      { kind: 'ship-order', to: 'south' },
    ]);
    expect(undo(world, taken.action).status).toBe('undone');
    expect(routed(world)).toEqual(before);
    expectSound(world);
  });

  it('in advise mode asks the other system and leaves our figures alone until it reports', () => {
    const world = shop();
    world.apply(orderOf('o1', 3));
    world.apply(eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', mode: 'advise' }, { at: T0 + 1 }));
    const before = routed(world);
    const taken = take(world, 'reroute-order', { order: 'o1', toNode: 'south', reason: 'fire drill' });
    expect(taken.status).toBe('done');
    expect(routed(world)).toEqual(before);
    expect(taken.instructions).toHaveLength(2);
    expectSound(world);
  });
});

describe('a return', () => {
  it('that waits is judged as the policy proposes, or as somebody says', () => {
    const world = shop();
    world.apply(orderOf('o1', 3));
    const lines = [{ line: '1', quantity: 3 }];
    world.apply(
      eventOf('fulfilment.dispatched', { order: 'o1', node: 'north', shipment: 's1', lines }, { at: T0 + 1 }),
    );
    const returned = [{ line: '1', sku: 'tea', quantity: 2, reason: 'unstated' }];
    world.apply(
      eventOf('return.received', { return: 'R1', node: 'north', order: 'o1', lines: returned }, { at: T0 + 2 }),
    );
    const waits = world.get('stock', 'tea|north')!['return-pending'];
    if (waits > 0)
      expect(take(world, 'judge-return', { return: 'R1', node: 'north', to: 'damaged' }).status).toBe('done');
    expect(world.get('stock', 'tea|north')).toMatchObject({ 'return-pending': 0, damaged: waits });
    expect(take(world, 'judge-return', { return: 'R1', node: 'north' }).reason).toBe(
      'nothing of return R1 waits to be judged',
    );
    expectSound(world);
  });
});

it('undoing what another system has confirmed tells it to turn round, instead of withdrawing', () => {
  const world = shop();
  world.apply(orderOf('o1', 3));
  const { action } = take(world, 'hold-order', { order: 'o1', hold: 'fraud', reason: 'odd' });
  world.apply(eventOf('instruction.confirmed', { instruction: `${action}:1` }, { at: T0 + HOUR + 1, source: 'north' }));
  expect(undo(world, action).status).toBe('undone');
  expect(world.get('instruction', `${action}:1`)!.status).toBe('confirmed');
  expect(world.get('instruction', `${action}:1:undone`)).toMatchObject({ kind: 'release-order', to: 'north' });
  expectSound(world);
});
