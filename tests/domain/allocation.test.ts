/** Who gets the last units: ranks, protection, and ten thousand buyers at once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policySchemas } from '../../streams/events/policies.ts';
import { ids } from '../../streams/operations/states.ts';
import { type Asked, type Asker, keptFrom, rankOf } from '../../streams/policies/protection.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

const line = (world: World, order: string) => world.get('order', order)!.lines[0]!;
const stock = (world: World, node = 'north') => world.get('stock', ids.stock('tea', node))!;
const define = (policy: 'allocation' | 'protection', body: object, when: object = {}) =>
  eventOf('policy.defined', { policy, body } as never, when);
const receive = (quantity: number, node = 'north', when: object = {}) =>
  eventOf('stock.received', { sku: 'tea', node, quantity }, when);

describe('ten thousand buyers of a hundred units', () => {
  const BUYERS = 10_000;
  const UNITS = 100;
  const rush = () => Array.from({ length: BUYERS }, (_, i) => orderOf(`o${i}`, 1, {}, { at: T0 + i }));

  it('exactly a hundred are allocated in the order of arrival, and everybody else waits', { timeout: 30_000 }, () => {
    const world = createWorld();
    openShop(world, { north: UNITS, south: 0 });
    world.apply(...rush());
    const allocated = Array.from({ length: BUYERS }, (_, i) => line(world, `o${i}`).allocated.length > 0);
    expect(allocated.lastIndexOf(true)).toBe(UNITS - 1);
    expect(allocated.filter(Boolean)).toHaveLength(UNITS);
    expect(stock(world)).toMatchObject({ sellable: 0, allocated: UNITS, reserved: UNITS });
    const ledger = world.get('ledger', 'tea')!;
    expect(ledger.waitingUnits).toBe(BUYERS - UNITS);
    expect(ledger.waiting.map(({ order }) => order)).toEqual(
      Array.from({ length: BUYERS - UNITS }, (_, i) => `o${UNITS + i}`),
    );
    // The next hundred go to those who have waited longest.
    world.apply(receive(3));
    expect(['o100', 'o101', 'o102', 'o103'].map((order) => line(world, order).waiting)).toEqual([0, 0, 0, 1]);
  });
});

it('who may not wait by policy is cancelled at once, and the queue stays empty', () => {
  const world = createWorld();
  openShop(world, { north: 10, south: 0 });
  world.apply(define('allocation', { shortage: 'refuse' }));
  world.apply(...Array.from({ length: 30 }, (_, i) => orderOf(`o${i}`, 3, {}, { at: T0 + i })));
  expect([0, 2, 3, 4].map((i) => line(world, `o${i}`).cancelled)).toEqual([0, 0, 2, 3]);
  expect(world.get('ledger', 'tea')?.waiting).toEqual([]);
  expect(stock(world)).toMatchObject({ sellable: 0, allocated: 10 });
  expectSound(world);
});

describe('protection', () => {
  const rule = (more: object) => ({ name: 'club', segments: ['club'], quantity: 4, ...more });

  it('keeps the last units for those it names, at every node', () => {
    const world = createWorld();
    openShop(world, { north: 6, south: 4 });
    world.apply(
      define('protection', { rules: [rule({})] }),
      orderOf('plain', 8),
      orderOf('club', 8, { segment: 'club' }),
    );
    expect(line(world, 'plain')).toMatchObject({ allocated: [['north', 2]], waiting: 6 });
    expect(line(world, 'club').waiting).toBe(0);
    expectSound(world);
  });

  it('speaks only of the node, the item and the category it names', () => {
    const take = (more: object) => {
      const world = createWorld();
      openShop(world, { north: 4, south: 0 });
      world.apply(define('protection', { rules: [rule(more)] }), orderOf('plain', 4));
      return 4 - line(world, 'plain').waiting;
    };
    expect([take({ node: 'north' }), take({ node: 'south' })]).toEqual([0, 4]);
    expect([take({ sku: 'tea' }), take({ sku: 'jam' })]).toEqual([0, 4]);
    expect([take({ category: '' }), take({ category: 'Lamps' })]).toEqual([0, 4]);
    expect([take({ quantity: 0, share: 0.25 }), take({ channels: ['web'], segments: [] })]).toEqual([3, 4]);
  });

  it('lapses at its moment, and at the hours before the cut-off', () => {
    const world = createWorld();
    openShop(world, { north: 4, south: 0 });
    world.apply(
      eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', cutOff: '16:00' }),
      define('protection', { rules: [rule({ lapsesHoursBeforeCutOff: 2 })] }),
      orderOf('noon', 1, {}, { at: T0 + 4 * HOUR }),
      orderOf('two', 1, {}, { at: T0 + 6 * HOUR }),
    );
    expect([line(world, 'noon').waiting, line(world, 'two').waiting]).toEqual([1, 0]);
    world.apply(
      define('protection', { rules: [rule({ lapsesAt: T0 + 9 * HOUR })] }, { at: T0 + 6 * HOUR }),
      orderOf('eight', 1, {}, { at: T0 + 9 * HOUR - 1 }),
      orderOf('nine', 1, {}, { at: T0 + 9 * HOUR }),
    );
    expect([line(world, 'eight').waiting, line(world, 'nine').waiting]).toEqual([1, 0]);
  });

  it('that lapses gives what it kept to those who wait, also when nothing else happens', () => {
    const world = createWorld();
    openShop(world, { north: 4, south: 0 });
    world.apply(
      eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', cutOff: '16:00' }),
      define('protection', {
        rules: [rule({ lapsesAt: T0 + 7.5 * HOUR }), rule({ name: 'late', quantity: 6, lapsesHoursBeforeCutOff: 1 })],
      }),
      orderOf('o1', 1),
    );
    expect(line(world, 'o1').waiting).toBe(1);
    const lapses = [...world.deadlines].filter(([key]) => key.startsWith('test|protection-lapse|'));
    expect(lapses).toEqual([[`test|protection-lapse|tea|north|${T0 + 7 * HOUR}`, T0 + 7 * HOUR]]);
    const pass = (due: number) =>
      eventOf(
        'deadline.passed',
        { kind: 'protection-lapse', subject: `tea|north|${due}`, due, clock: 'test' },
        { at: due, source: 'tideline' },
      );
    // The first rule still keeps it; its lapse is watched from now on.
    world.apply(pass(T0 + 7 * HOUR));
    expect(line(world, 'o1').waiting).toBe(1);
    expect([...world.deadlines.keys()]).toContain(`test|protection-lapse|tea|north|${T0 + 7.5 * HOUR}`);
    world.apply(pass(T0 + 7.5 * HOUR));
    expect(line(world, 'o1').waiting).toBe(0);
    expectSound(world);
  });

  it('lets the next in the queue have what the first may not take', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    world.apply(define('protection', { rules: [rule({})] }));
    world.apply(orderOf('plain', 2), orderOf('club', 2, { segment: 'club' }, { at: T0 + 1 }), receive(3));
    expect([line(world, 'plain').waiting, line(world, 'club').waiting]).toEqual([2, 0]);
    expectSound(world);
  });

  const ANY: Asked = { sku: 'tea', category: '', node: 'n', base: 0, at: 0, cutOff: null };
  const asker = (segment: string): Asker => ({ channel: 'web', segment, service: '', marginShare: null });
  const segments = ['a', 'b', 'c', 'd'];

  it('is nested: the last unit can always be taken by somebody, whatever the rules', () => {
    const rules = fc.array(
      fc.record({
        name: fc.constant('r'),
        segments: fc.subarray(segments.slice(0, 3), { minLength: 1 }),
        quantity: fc.integer({ min: 0, max: 30 }),
        share: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 50 }), (list, units) => {
        const protection = policySchemas.protection.parse({ rules: list });
        const allocation = policySchemas.allocation.parse({});
        const free = segments.map((segment) => {
          const kept = keptFrom(protection, allocation, asker(segment), { ...ANY, base: units });
          return units - kept.reduce((sum, { quantity }) => sum + quantity, 0);
        });
        expect(Math.max(...free)).toBe(units);
      }),
    );
  });
});

describe('ranks', () => {
  const ranks = {
    ranks: [
      { name: 'express', services: ['express'], rank: 1 },
      { name: 'rich', marginShareFrom: 0.6, rank: 10 },
      { name: 'market', channels: ['amazon'], rank: 80, shortage: 'refuse' },
    ],
  };

  it('the queue is served by rank, then by age', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    const dear = { lines: [{ line: '1', sku: 'tea', quantity: 1, unitPrice: 900 }] };
    world.apply(
      define('allocation', ranks),
      orderOf('cheap', 1, { lines: [{ line: '1', sku: 'tea', quantity: 1, unitPrice: 400 }] }, { at: T0 }),
      orderOf('rich-late', 1, dear, { at: T0 + 3 }),
      orderOf('rich-early', 1, dear, { at: T0 + 2 }),
      orderOf('express', 1, { service: 'express' }, { at: T0 + 9 }),
    );
    expect(world.get('ledger', 'tea')!.waiting.map(({ order, rank }) => [order, rank])).toEqual([
      ['express', 1],
      ['rich-early', 10],
      ['rich-late', 10],
      ['cheap', 50],
    ]);
    expectSound(world);
  });

  it('an order that was queued under other rules is found in its queue', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    world.apply(orderOf('a', 1), orderOf('b', 1, {}, { at: T0 + 1 }));
    world.apply(define('allocation', { ranks: [{ name: 'all', rank: 3 }] }));
    world.apply(eventOf('order.cancelled', { order: 'a', reason: 'customer' }));
    expect(world.get('ledger', 'tea')!.waiting.map(({ order, rank }) => [order, rank])).toEqual([['b', 50]]);
    expectSound(world);
  });

  it('nobody is served from a node that has come to a stop', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    const share = (capacityShare: number, at: number) =>
      eventOf('node.impaired', { node: 'north', capacityShare, reason: 'fire' } as never, { at });
    world.apply(
      eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse' }),
      orderOf('o1', 1),
      share(0, T0 + 1),
      receive(3, 'north', { at: T0 + 2 }),
    );
    expect(line(world, 'o1').waiting).toBe(1);
    world.apply(share(0.5, T0 + 3), receive(1, 'north', { at: T0 + 4 }));
    expect(line(world, 'o1').waiting).toBe(0);
  });

  it('the last units go only to the best ranks', () => {
    const world = createWorld();
    openShop(world, { north: 5, south: 0 });
    world.apply(
      define('allocation', { ...ranks, lastUnits: [{ units: 3, ranksUpTo: 10 }] }),
      orderOf('cheap', 4, { lines: [{ line: '1', sku: 'tea', quantity: 4, unitPrice: 400 }] }),
      orderOf('express', 3, { service: 'express' }),
    );
    expect(line(world, 'cheap')).toMatchObject({ allocated: [['north', 2]], waiting: 2 });
    expect(line(world, 'express').waiting).toBe(0);
    expectSound(world);
  });

  it('an order without a margin fits no rule that asks for one', () => {
    const policy = policySchemas.allocation.parse(ranks);
    const free: Asker = { channel: 'web', segment: '', service: '', marginShare: null };
    expect(rankOf(policy, free)).toBe(50);
    expect(rankOf(policy, { ...free, marginShare: 0.6 })).toBe(10);
  });
});
