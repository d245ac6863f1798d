import { expect, test } from 'vitest';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0 } from '../support/fold.ts';

const lineOf = (world: ReturnType<typeof createWorld>, order: string) => world.get('order', order)!.lines[0]!;
const lines = (quantity: number) => [{ line: '1', quantity }];
const dispatched = (order: string, quantity: number, node = 'north', at = T0 + HOUR) =>
  eventOf('fulfilment.dispatched', { order, node, shipment: `S-${order}-${at}`, lines: lines(quantity) }, { at });

test('ten thousand buyers of a hundred units: a hundred are allocated, in the order of arrival', () => {
  const world = createWorld();
  openShop(world, { north: 100, south: 0 });
  world.apply(...Array.from({ length: 10_000 }, (_, index) => orderOf(`O${index}`, 1, {}, { at: T0 + index })));
  const served = world.all('order').filter((order) => order.lines[0]!.waiting === 0);
  expect(served.map((order) => order.order)).toEqual(Array.from({ length: 100 }, (_, index) => `O${index}`));
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 0, allocated: 100 });
  expect(world.get('ledger', 'tea')!.waiting).toHaveLength(9_900);
  expectSound(world);
});

test('a line goes to one node whole when any can serve it, else to as few as possible', () => {
  const world = createWorld();
  openShop(world, { north: 3, south: 5 });
  world.apply(orderOf('whole', 4), orderOf('split', 4));
  expect(lineOf(world, 'whole').allocated).toEqual([['south', 4]]);
  expect(lineOf(world, 'split')).toMatchObject({
    allocated: [
      ['north', 3],
      ['south', 1],
    ],
    waiting: 0,
  });
});

test('safety stock is never promised', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0, safetyStock: 8 });
  world.apply(orderOf('O1', 5));
  expect(lineOf(world, 'O1')).toMatchObject({ allocated: [['north', 2]], waiting: 3 });
});

test('what was accepted beyond stock is oversold, until a receipt serves the oldest order first', () => {
  const world = createWorld();
  openShop(world, { north: 2, south: 0 });
  world.apply(
    orderOf('first', 4, { shipBy: T0 + 5 * HOUR }, { at: T0 + MINUTE }),
    orderOf('second', 1, {}, { at: T0 + 2 * MINUTE }),
  );
  expect(world.all('exception')).toMatchObject([
    { kind: 'oversold', title: '3 units oversold', moneyAtRisk: 3 * 600 + 2 * 500, deadline: T0 + 5 * HOUR },
  ]);
  world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 2 }, { at: T0 + HOUR }));
  expect(lineOf(world, 'first').waiting).toBe(0);
  expect(lineOf(world, 'second').waiting).toBe(1);
  world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 1 }, { at: T0 + HOUR }));
  expect(world.all('exception')).toEqual([]);
  expectSound(world);
});

test('a cancelled order gives back what it held, and is neither open nor shipped', () => {
  const world = createWorld();
  openShop(world, { north: 2, south: 0 });
  world.apply(orderOf('O1', 5), eventOf('order.cancelled', { order: 'O1', reason: 'customer' }, { at: T0 + MINUTE }));
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 2, allocated: 0 });
  expect(world.get('order', 'O1')).toMatchObject({ open: false, completedAt: 0 });
  expect(world.get('ledger', 'tea')!.waiting).toEqual([]);
  expectSound(world);
});

test('goods that left are gone, whatever was reserved: shipped from another node than planned', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 5 });
  world.apply(orderOf('O1', 3), dispatched('O1', 3, 'south'));
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 5, allocated: 0 });
  expect(world.get('stock', 'tea|south')).toMatchObject({ sellable: 2, allocated: 0 });
  expect(world.get('order', 'O1')).toMatchObject({ open: false, completedAt: T0 + HOUR });
  expectSound(world);
});

test('part shipments add up, and the order is complete with the last one', () => {
  const world = createWorld();
  openShop(world);
  world.apply(orderOf('O1', 3), dispatched('O1', 1, 'north', T0 + HOUR));
  expect(world.get('order', 'O1')!.open).toBe(true);
  world.apply(dispatched('O1', 2, 'north', T0 + 2 * HOUR));
  expect(world.get('order', 'O1')).toMatchObject({ open: false, completedAt: T0 + 2 * HOUR });
  expectSound(world);
});

test('an edit to fewer units frees stock, to more units reserves it', () => {
  const world = createWorld();
  openShop(world, { north: 5, south: 0 });
  const edit = (quantity: number, at: number) =>
    eventOf('order.edited', { order: 'O1', lines: [{ line: '1', sku: 'tea', quantity, unitPrice: 900 }] }, { at });
  world.apply(orderOf('O1', 3), edit(1, T0 + MINUTE));
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 4, allocated: 1 });
  world.apply(edit(7, T0 + 2 * MINUTE));
  expect(lineOf(world, 'O1')).toMatchObject({ allocated: [['north', 5]], waiting: 2 });
  expectSound(world);
});

test('an edit that is refused leaves nothing half done, and says why', () => {
  const world = createWorld();
  openShop(world);
  world.apply(orderOf('O1', 3));
  const before = world.snapshot('source', 'workspace');
  const [fact] = world.apply(
    eventOf('order.edited', {
      order: 'O1',
      lines: [
        { line: '2', sku: 'tea', quantity: 1, unitPrice: 900 },
        { line: '1', sku: 'coffee', quantity: 1, unitPrice: 900 },
      ],
    }),
  );
  expect(fact!.effects.refused).toContain('cannot change the SKU');
  expect(world.snapshot('source', 'workspace')).toEqual(before);
});

test('children that come before their order wait for it and are applied when it comes', () => {
  const early = createWorld();
  const inOrder = createWorld();
  for (const world of [early, inOrder]) openShop(world);
  const order = orderOf('O1', 3, {}, { id: 'o' });
  const picked = eventOf(
    'fulfilment.picked',
    { order: 'O1', node: 'north', lines: lines(3) },
    { at: T0 + MINUTE, id: 'p' },
  );
  const shipped = dispatched('O1', 3);
  early.apply(shipped, picked);
  expect(early.all('parked')).toMatchObject([{ order: 'O1', overdue: false }]);
  early.apply(order);
  inOrder.apply(order, picked, shipped);
  expect(early.all('parked')).toEqual([]);
  // Events are remembered by their ids, and the opening of each world has its own.
  expect(early.snapshot('source', 'correctable')).toEqual(inOrder.snapshot('source', 'correctable'));
  expectSound(early);
});

test('children whose order never comes become an exception after an hour, and it closes when the order comes', () => {
  const world = createWorld();
  openShop(world);
  world.apply(dispatched('O1', 3));
  const due = world.deadlines.get('test|parked|O1')!;
  expect(due).toBe(T0 + 2 * HOUR);
  world.apply(
    eventOf('deadline.passed', { kind: 'parked', subject: 'O1', due, clock: 'test' }, { at: due, source: 'tideline' }),
  );
  expect(world.all('exception')).toMatchObject([{ kind: 'parked-too-long', order: 'O1' }]);
  world.apply(orderOf('O1', 3));
  expect(world.all('exception')).toEqual([]);
});

test('an order that is still open before its promise is at risk once, gets critical when it passes, and closes when it ships', () => {
  const world = createWorld();
  openShop(world);
  const shipBy = T0 + 8 * HOUR;
  world.apply(orderOf('O1', 3, { shipBy }));
  const subject = `north|${shipBy}`;
  const pass = (kind: string) => {
    const due = world.deadlines.get(`test|${kind}|${subject}`)!;
    world.apply(eventOf('deadline.passed', { kind, subject, due, clock: 'test' }, { at: due, source: 'tideline' }));
  };
  pass('ship-by-risk');
  expect(world.all('exception')).toMatchObject([{ kind: 'ship-by-at-risk', deadline: shipBy, moneyAtRisk: 180 + 500 }]);
  pass('ship-by');
  expect(world.all('exception')).toMatchObject([{ severity: 'critical', title: 'north missed its cut-off' }]);
  world.apply(dispatched('O1', 3, 'north', shipBy + HOUR));
  expect(world.all('exception')).toEqual([]);
  expect(world.all('wave')).toEqual([]);
  expect([...world.deadlines.keys()].filter((key) => key.includes('ship-by'))).toEqual([]);
});

test('an order placed twice under two event ids is taken once', () => {
  const world = createWorld();
  openShop(world);
  const [, second] = world.apply(orderOf('O1', 3), orderOf('O1', 3));
  expect(second!.effects.refused).toContain('already placed');
  expect(world.get('stock', 'tea|north')!.allocated).toBe(3);
});

test('returned goods wait to be judged before they can be sold again', () => {
  const world = createWorld();
  openShop(world, { north: 3, south: 0 });
  world.apply(orderOf('O1', 3), dispatched('O1', 3));
  world.apply(
    eventOf(
      'return.received',
      {
        return: 'R1',
        node: 'north',
        order: 'O1',
        lines: [{ line: '1', sku: 'tea', quantity: 2, reason: 'too strong' }],
      },
      { at: T0 + 30 * HOUR },
    ),
  );
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 0, 'return-pending': 2 });
  world.apply(
    eventOf(
      'return.judged',
      {
        return: 'R1',
        node: 'north',
        lines: [
          { sku: 'tea', quantity: 1, to: 'sellable' },
          { sku: 'tea', quantity: 1, to: 'loss' },
        ],
      },
      { at: T0 + 31 * HOUR },
    ),
  );
  expect(world.get('stock', 'tea|north')).toMatchObject({ sellable: 1, 'return-pending': 0 });
  expect(lineOf(world, 'O1').returned).toBe(2);
  expectSound(world);
});

test('a silent source is told once, and heard again when it speaks', () => {
  const world = createWorld();
  world.apply(eventOf('source.defined', { source: 'shop', name: 'Shop', silentAfterMinutes: 15 }, { source: 'erp' }));
  world.apply(eventOf('item.defined', { sku: 'tea', name: 'Tea' }, { source: 'shop' }));
  const due = world.deadlines.get('shop|source-silent|shop')!;
  expect(due).toBe(T0 + 15 * MINUTE);
  world.apply(
    eventOf(
      'deadline.passed',
      { kind: 'source-silent', subject: 'shop', due, clock: 'shop' },
      { at: due, source: 'tideline' },
    ),
  );
  expect(world.all('exception')).toMatchObject([{ kind: 'source-silent', source: 'shop' }]);
  world.apply(eventOf('item.defined', { sku: 'tea', name: 'Green tea' }, { source: 'shop', at: due + MINUTE }));
  expect(world.all('exception')).toEqual([]);
});

test('dead letters are an exception of their source until every one is settled', () => {
  const world = createWorld();
  openShop(world);
  const letter = { deliveryId: 'd1', source: 'test' };
  world.apply(eventOf('delivery.rejected', { ...letter, reason: 'unreadable' }, { source: 'tideline' }));
  expect(world.all('exception')).toMatchObject([{ kind: 'dead-letters-waiting', source: 'test' }]);
  world.apply(eventOf('delivery.settled', { ...letter, how: 'replayed' }, { source: 'tideline' }));
  expect(world.all('exception')).toEqual([]);
});
