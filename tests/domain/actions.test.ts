import { describe, expect, it } from 'vitest';
import { actionCatalog } from '../../streams/actions/index.ts';
import { actionKinds } from '../../streams/events/actions.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

function shop(stock = {}): World {
  const world = createWorld();
  openShop(world, stock);
  return world;
}

type Taken = { action?: string; exception?: string; at?: number; by?: string };
let asked = 0;
function take(
  world: World,
  kind: string,
  input: object,
  { action = `a${++asked}`, exception, at = T0 + HOUR }: Taken = {},
) {
  const data = {
    action,
    kind: kind as 'transfer',
    by: 'Ada',
    input,
    ...(exception === undefined ? {} : { exception }),
  };
  world.apply(eventOf('action.taken', data, { at, source: 'tideline', id: `action:${action}` }));
  return world.get('action', action)!;
}

function undo(world: World, action: string, at = T0 + 2 * HOUR) {
  world.apply(eventOf('action.undone', { action, by: 'Ben', reason: 'a mistake' }, { at, source: 'tideline' }));
  return world.get('action', action)!;
}

const stockOf = (world: World, node: string) => world.get('stock', `tea|${node}`)!;

describe('an action', () => {
  it('happens as a whole with its author, its words and its instruction', () => {
    const world = shop();
    const taken = take(world, 'quarantine', { sku: 'tea', node: 'north', quantity: 4, reason: 'smells of smoke' });
    expect(taken).toMatchObject({
      status: 'done',
      by: 'Ada',
      words: 'Quarantine 4 units of tea at north: smells of smoke',
      instructions: [`${taken.action}:1`],
    });
    expect(stockOf(world, 'north')).toMatchObject({ sellable: 6, quarantined: 4 });
    expect(world.get('instruction', `${taken.action}:1`)).toMatchObject({
      to: 'north',
      kind: 'quarantine-stock',
      status: 'sent',
      body: { sku: 'tea', quantity: 4, worth: 3_600 },
    });
    expectSound(world);
  });

  it('that is refused changes nothing, and says why with the numbers', () => {
    const world = shop();
    const before = world.snapshot('action', 'log-page', 'counter');
    const refused = take(world, 'quarantine', { sku: 'tea', node: 'south', quantity: 6, reason: 'wet' });
    expect(refused).toMatchObject({
      status: 'refused',
      reason: 'south has 5 sellable of tea, not 6',
      instructions: [],
    });
    expect(world.snapshot('action', 'log-page', 'counter')).toEqual(before);
    expect(world.facts.at(-1)!.effects.refused).toBe('south has 5 sellable of tea, not 6');
  });

  it('that was taken is not taken twice', () => {
    const world = shop();
    take(world, 'adjust-stock', { sku: 'tea', node: 'north', quantity: -1, reason: 'broken' }, { action: 'once' });
    world.apply(
      eventOf('action.taken', {
        action: 'once',
        kind: 'adjust-stock',
        by: 'Ada',
        input: { sku: 'tea', node: 'north', quantity: -1, reason: 'broken' },
      }),
    );
    expect(world.get('action', 'once')!.status).toBe('done');
    expect(stockOf(world, 'north').sellable).toBe(9);
  });

  it('about an order that nobody knows is refused instead of waiting for it', () => {
    const world = shop();
    expect(take(world, 'hold-order', { order: 'ghost', reason: 'fraud?' }).reason).toBe('there is no order ghost');
    expect(world.all('parked')).toEqual([]);
  });

  it('has an input that is checked where it arrives, with the place of the mistake', () => {
    const problem = () =>
      eventOf('action.taken', { action: 'x', kind: 'transfer', by: 'Ada', input: { sku: 'tea', quantity: 0 } });
    expect(problem).toThrow(/"input",\s*"quantity"/);
  });

  it.each(actionKinds)('%s says in words what it does and whether it can be undone', (kind) => {
    const { title, does, undo: back, whyNoUndo } = actionCatalog[kind];
    expect(title).not.toBe('');
    expect(does).toMatch(/\.$/);
    expect(back === null ? whyNoUndo : 'can be').toBeTruthy();
  });
});

describe('undoing an action', () => {
  it.each([
    ['quarantine', { sku: 'tea', node: 'north', quantity: 3, reason: 'wet' }],
    ['write-off', { sku: 'tea', node: 'north', quantity: 3, reason: 'moth' }],
    ['adjust-stock', { sku: 'tea', node: 'north', quantity: -2, reason: 'gone' }],
    ['hold-order', { order: 'o1', hold: 'fraud', reason: 'new address' }],
  ])('%s brings buckets and orders back to what they were', (kind, input) => {
    const world = shop();
    world.apply(orderOf('o1', 2));
    const figures = () => ({
      buckets: world
        .all('stock')
        .map(({ sellable, allocated, quarantined, damaged }) => [sellable, allocated, quarantined, damaged]),
      orders: world.all('order').map(({ holds, lines }) => ({ holds, lines })),
      loss: world.get('ledger', 'tea')!.loss,
      waves: world.all('wave'),
    });
    const before = figures();
    const { action } = take(world, kind, input);
    expect(figures()).not.toEqual(before);
    expect(undo(world, action)).toMatchObject({ status: 'undone', undoneBy: 'Ben' });
    expect(figures()).toEqual(before);
    expectSound(world);
  });

  it('withdraws what was not carried out yet', () => {
    const world = shop();
    const { action } = take(world, 'quarantine', { sku: 'tea', node: 'north', quantity: 1, reason: 'wet' });
    undo(world, action);
    expect(world.get('instruction', `${action}:1`)!.status).toBe('withdrawn');
    expect(world.get('instruction', `${action}:1:withdrawn`)).toMatchObject({ kind: 'withdraw', status: 'sent' });
  });

  it('is refused where the world does not allow it, with the reason', () => {
    const world = shop();
    world.apply(orderOf('o1', 2));
    const { action } = take(world, 'cancel-lines', { order: 'o1', reason: 'stock' });
    const after = undo(world, action);
    expect(after.status).toBe('done');
    expect(after.reason).toContain('stays cancelled');
    expect(world.get('order', 'o1')!.open).toBe(false);
  });

  it('is refused when the units are not there any more', () => {
    const world = shop();
    const { action } = take(world, 'quarantine', { sku: 'tea', node: 'north', quantity: 3, reason: 'wet' });
    take(world, 'write-off', { sku: 'tea', node: 'north', quantity: 2, from: 'quarantined', reason: 'wet' });
    expect(undo(world, action)).toMatchObject({ status: 'done', reason: 'north has 1 quarantined of tea, not 3' });
    expect(stockOf(world, 'north')).toMatchObject({ sellable: 7, quarantined: 1 });
  });
});

describe('reallocating', () => {
  it('gives one order what another holds, and the giver waits again in the order of its age', () => {
    const world = shop({ north: 3, south: 0 });
    world.apply(orderOf('early', 3), orderOf('late', 2, {}, { at: T0 + MINUTE }));
    const { status } = take(world, 'reallocate', {
      sku: 'tea',
      node: 'north',
      fromOrder: 'early',
      toOrder: 'late',
      quantity: 2,
    });
    expect(status).toBe('done');
    expect(world.get('order', 'late')!.lines[0]).toMatchObject({ allocated: [['north', 2]], waiting: 0 });
    expect(world.get('order', 'early')!.lines[0]).toMatchObject({ allocated: [['north', 1]], waiting: 2 });
    expectSound(world);
  });

  it('takes no more than the giver holds', () => {
    const world = shop({ north: 3, south: 0 });
    world.apply(orderOf('early', 3), orderOf('late', 9, {}, { at: T0 + MINUTE }));
    const input = { sku: 'tea', node: 'north', fromOrder: 'early', toOrder: 'late', quantity: 4 };
    expect(take(world, 'reallocate', input).reason).toBe('order early holds 3 of tea at north, not 4');
    expectSound(world);
  });
});

describe('instructions', () => {
  const instructed = () => {
    const world = shop();
    const { action } = take(world, 'quarantine', { sku: 'tea', node: 'north', quantity: 1, reason: 'wet' });
    return { world, id: `${action}:1` };
  };
  const passDeadline = (world: World, id: string) => {
    const due = world.deadlines.get(`tideline|instruction-answer|${id}`)!;
    world.apply(
      eventOf(
        'deadline.passed',
        { kind: 'instruction-answer', subject: id, due, clock: 'tideline' },
        { at: due, source: 'tideline' },
      ),
    );
  };

  it('nobody answers are told again under the same key, and then a planner hears of it once', () => {
    const { world, id } = instructed();
    passDeadline(world, id);
    passDeadline(world, id);
    expect(world.get('instruction', id)).toMatchObject({ attempts: 3, status: 'sent', number: 3 });
    expect(world.all('exception')).toEqual([]);
    passDeadline(world, id);
    expect(world.get('instruction', id)!.status).toBe('overdue');
    expect(world.all('exception')).toMatchObject([
      { kind: 'instruction-unanswered', subject: 'north', moneyAtRisk: 900 },
    ]);
    expectSound(world);
    world.apply(eventOf('instruction.confirmed', { instruction: id }, { at: T0 + 5 * HOUR, source: 'north' }));
    expect(world.get('instruction', id)).toMatchObject({ status: 'confirmed', answeredBy: 'north' });
    expect(world.get('recipient', 'north')).toMatchObject({ overdue: 0, confirmed: 1, worth: 0, since: 0 });
    expectSound(world);
  });

  it('are answered only by whoever was told, or by a person', () => {
    const { world, id } = instructed();
    world.apply(eventOf('source.defined', { source: 'wms', name: 'WMS', node: 'north' }));
    world.apply(eventOf('instruction.confirmed', { instruction: id }, { source: 'shop' }));
    expect(world.facts.at(-1)!.effects.refused).toBe(`instruction ${id} is for north, not for shop`);
    world.apply(
      eventOf('instruction.failed', { instruction: id, reason: 'no forklift' }, { source: 'wms', at: T0 + 2 * HOUR }),
    );
    expect(world.get('instruction', id)).toMatchObject({ status: 'failed', answer: 'no forklift' });
    expect(world.deadlines.has(`tideline|instruction-answer|${id}`)).toBe(false);
    world.apply(
      eventOf('instruction.repeated', { instruction: id, by: 'Ada' }, { source: 'tideline', at: T0 + 3 * HOUR }),
    );
    expect(world.get('instruction', id)).toMatchObject({ status: 'sent', attempts: 1 });
    expect(world.deadlines.has(`tideline|instruction-answer|${id}`)).toBe(true);
    expectSound(world);
  });

  it('that are settled go with their page after 90 days, and those that are not stay', () => {
    const world = shop();
    const ids = [0, 1].map(() => {
      const { action } = take(world, 'quarantine', { sku: 'tea', node: 'north', quantity: 1, reason: 'wet' });
      return `${action}:1`;
    });
    world.apply(eventOf('instruction.confirmed', { instruction: ids[0]! }, { source: 'north', at: T0 + 2 * HOUR }));
    for (const page of ['instructions|0', 'actions|0']) {
      const due = world.deadlines.get(`tideline|log-page|${page}`)!;
      expect(due).toBe(T0 + HOUR + 90 * 24 * HOUR);
      const passed = { kind: 'log-page', subject: page, due, clock: 'tideline' };
      world.apply(eventOf('deadline.passed', passed, { at: due, source: 'tideline' }));
      expect(world.get('log-page', page)).toBeUndefined();
    }
    expect(ids.map((id) => world.get('instruction', id)?.status)).toEqual([undefined, 'sent']);
    expect(world.all('action')).toEqual([]);
    expect(take(world, 'quarantine', { sku: 'tea', node: 'north', quantity: 1, reason: 'wet' }).number).toBe(3);
  });
});
