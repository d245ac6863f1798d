/** What a channel may sell, as a waterfall that adds up, and what it is told of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { policySchemas } from '../../streams/events/policies.ts';
import { channelAtpOf, nodeAtpOf, promiseOf } from '../../streams/operations/reservations/promise.ts';
import { channelAtp, keptFromChannel } from '../../streams/operations/reservations/publication.ts';
import { ids } from '../../streams/operations/states.ts';
import { channelWaterfall, countedOn, receiptSteps, totalOf } from '../../streams/policies/available-to-promise.ts';
import { promiseFor } from '../../streams/policies/promise.ts';
import { shownUnits, tellNow } from '../../streams/policies/publication.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

const define = (policy: 'protection' | 'publication', body: object) =>
  eventOf('policy.defined', { policy, body } as never);
const adjust = (quantity: number, node = 'north') =>
  eventOf('stock.adjusted', { sku: 'tea', node, quantity, reason: 'test' });
const told = (world: World) => world.get('availability', ids.availability('tea', 'web'));

describe('the ATP of a channel', () => {
  it('is a waterfall whose steps and parts add up to what the flow reckons with', () => {
    const world = createWorld();
    openShop(world, { north: 10, south: 5, safetyStock: 1 });
    world.apply(
      eventOf(
        'channel.defined',
        { channel: 'web', name: 'Web', nodes: ['north', 'south', 'nowhere'], buffer: 2 },
        { at: T0 + 1 },
      ),
      define('protection', { rules: [{ name: 'club', segments: ['club'], quantity: 3 }] }),
      orderOf('o1', 20),
    );
    const draft = world.draft();
    const channel = world.get('channel', 'web')!;
    const stocks = world.all('stock').filter(({ node }) => channel.nodes.includes(node));
    const kept = keptFromChannel(draft, channel, 'tea', T0);
    const steps = channelWaterfall(channel, stocks, world.get('item', 'tea'), world.get('ledger', 'tea'), kept);
    expect(steps.map(({ step, quantity }) => [step, quantity])).toEqual([
      ['sellable at its nodes', 8],
      ['safety stock', -2],
      ['kept for others: club', -6],
      ['channel buffer', -2],
      ['accepted, not allocated', -13],
    ]);
    expect(totalOf(steps)).toBe(channelAtp(draft, channel, 'tea', T0));
    for (const step of steps) expect(totalOf(step.parts)).toBe(step.quantity);
    expect(steps[0]!.parts.map(({ explain }) => explain)).toContain('bucket:tea|north|sellable');
  });

  it('grows by confirmed receipts up to a date, weighted by the record of their supplier', () => {
    const entry = (ref: string, quantity: number, days: number, more: object = {}) => ({
      ref,
      kind: 'purchase-order' as const,
      node: 'north',
      quantity,
      expectedAt: T0 + days * 24 * HOUR,
      confirmed: true,
      supplier: 'kiln',
      ...more,
    });
    const receipts = countedOn(
      [
        entry('late', 9, -1),
        entry('a', 10, 1),
        entry('unsure', 9, 1, { confirmed: false }),
        entry('van', 5, 2, { kind: 'transfer' }),
        entry('elsewhere', 9, 2, { node: 'south' }),
        entry('b', 10, 30),
      ],
      { nodes: ['north'], from: T0, until: T0 + 7 * 24 * HOUR },
      () => 0.75,
    );
    const steps = receiptSteps(receipts);
    expect(steps.map(({ step, quantity }) => [step, quantity])).toEqual([
      ['a to north, 10 at 75 %', 7],
      ['van to north', 5],
    ]);
  });
});

describe('a promise', () => {
  const receipt = (ref: string, units: number, hours: number) => ({
    ref,
    kind: 'purchase-order' as const,
    node: 'north',
    quantity: units,
    expectedAt: T0 + hours * HOUR,
    confirmed: true,
    supplier: '',
    share: 1,
    countedOn: units,
  });
  const ask = { units: 5, ahead: 0, free: 0, at: T0, handlingMs: HOUR };

  it('names the receipt that covers the last unit, after those who wait before', () => {
    const promised = promiseFor({ ...ask, ahead: 4 }, [receipt('a', 6, 10), receipt('b', 9, 20)]);
    expect(promised).toEqual({
      shipAt: T0 + 21 * HOUR,
      parts: [
        { ref: 'a', node: 'north', units: 2, shipAt: T0 + 11 * HOUR },
        { ref: 'b', node: 'north', units: 3, shipAt: T0 + 21 * HOUR },
      ],
      uncovered: 0,
    });
  });

  it('begins with what is free now, and those ahead take of that first, too', () => {
    const { parts } = promiseFor({ ...ask, ahead: 1, free: 3 }, [receipt('a', 9, 10)]);
    expect(parts.map(({ ref, units, shipAt }) => [ref, units, shipAt])).toEqual([
      ['', 2, T0],
      ['a', 3, T0 + 11 * HOUR],
    ]);
    expect(promiseFor({ ...ask, free: -4 }, [receipt('a', 9, 10)]).parts).toMatchObject([{ ref: 'a', units: 5 }]);
  });

  it('is none while receipts do not reach that far', () => {
    expect(promiseFor({ ...ask, ahead: 4 }, [receipt('a', 6, 10)])).toMatchObject({ shipAt: null, uncovered: 3 });
  });

  it('of a backorder is made from confirmed receipts when it is placed, and written down', () => {
    const world = createWorld();
    openShop(world, { north: 1, south: 0 });
    world.apply(
      eventOf('purchase-order.confirmed', {
        purchaseOrder: 'PO-1',
        supplier: 'kiln',
        lines: [{ line: '1', sku: 'tea', node: 'north', quantity: 10, expectedAt: T0 + 48 * HOUR }],
      }),
    );
    const promised = (event: Event) =>
      world.apply(event)[0]!.effects.decisions.filter(({ policy }) => policy === 'promise');
    // Eight of ten are counted on while the supplier has no record, and goods leave a day after they came.
    expect(promised(orderOf('o1', 6))).toMatchObject([{ line: '1', outcome: 'ships by 2026-03-05T08:00:00.000Z' }]);
    expect(promised(orderOf('o2', 3, {}, { at: T0 + 1 }))).toMatchObject([
      { outcome: 'ships by 2026-03-05T08:00:00.000Z' },
    ]);
    expect(promised(orderOf('o3', 1, {}, { at: T0 + 2 }))).toMatchObject([{ outcome: 'no promise: 1 not covered' }]);
    const draft = world.draft();
    const o2 = world.get('order', 'o2')!;
    expect(promiseOf(draft, o2, o2.lines[0]!, T0)).toMatchObject({ waiting: 3, ahead: 5, uncovered: 0 });
    expect(channelAtpOf(draft, 'tea', 'web', { at: T0, until: T0 + 72 * HOUR })?.atp).toBe(-1);
    expect(nodeAtpOf(draft, 'tea', 'north', { at: T0 }).atp).toBe(0);
    expectSound(world);
  });

  it('never promises a unit twice, whoever asks in whatever order of the queue', () => {
    const units = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(fc.array(units, { maxLength: 6 }), fc.array(units, { maxLength: 6 }), (supply, queue) => {
        const receipts = supply.map((quantity, i) => receipt(`r${i}`, quantity, i));
        let ahead = 0;
        const given = queue.flatMap((wanted) => {
          const { parts, uncovered } = promiseFor({ ...ask, units: wanted, ahead }, receipts);
          ahead += wanted;
          expect(totalOf(parts.map((part) => ({ quantity: part.units }))) + uncovered).toBe(wanted);
          return parts;
        });
        for (const { ref, countedOn: there } of receipts) {
          const of = given.filter((part) => part.ref === ref);
          expect(of.reduce((sum, part) => sum + part.units, 0)).toBeLessThanOrEqual(there);
        }
      }),
    );
  });
});

describe('publication', () => {
  const rule = policySchemas.publication.parse({
    channels: [{ channel: 'web', exactUpTo: 5, changeShare: 0.25, backFrom: 2 }],
  }).channels[0]!;

  it('tells few units exactly, many by large steps, sold out at once, and back only from enough', () => {
    const tell = (from: number | null, to: number) => tellNow(from, to, rule);
    expect([tell(null, 40), tell(40, 31), tell(40, 30), tell(40, 5), tell(6, 5), tell(5, 4)]).toEqual([
      40,
      null,
      30,
      5,
      5,
      4,
    ]);
    expect([tell(4, 0), tell(4, -3), tell(0, 1), tell(0, 2), tell(0, -1)]).toEqual([0, 0, null, 2, null]);
  });

  it('what a channel knows is exact when little is left, and never far off', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 200 }), { minLength: 1 }), (levels) => {
        let knows: number | null = null;
        for (const atp of levels) knows = tellNow(knows, atp, rule) ?? knows;
        const is = shownUnits(levels.at(-1)!, rule);
        if (is === 0) expect(knows).toBe(0);
        else if (knows === 0) expect(is).toBeLessThan(rule.backFrom);
        else if (is <= rule.exactUpTo) expect(knows).toBe(is);
        else expect(Math.abs(is - knows!)).toBeLessThanOrEqual(rule.changeShare * knows!);
      }),
    );
  });

  it('tells a channel what changes, once, with a version that only grows', () => {
    const world = createWorld();
    openShop(world, { north: 20, south: 0 });
    expect(told(world)).toBeUndefined();
    world.apply(
      define('publication', { channels: [{ channel: 'web', exactUpTo: 5, changeShare: 0.25 }] }),
      eventOf('availability.requested', { channel: 'web', skus: ['tea'] }),
    );
    expect(told(world)).toMatchObject({ published: 20, version: 1 });
    world.apply(adjust(-2));
    expect(told(world)).toMatchObject({ published: 20, version: 1 });
    const [fact] = world.apply(adjust(-4));
    expect(told(world)).toMatchObject({ published: 14, atp: 14, version: 2 });
    expect(fact!.effects.decisions).toMatchObject([{ policy: 'publication', outcome: 'web: 20 -> 14', sku: 'tea' }]);
    world.apply(orderOf('o1', 30));
    expect(told(world)).toMatchObject({ published: 0, atp: -16, version: 3 });
    expectSound(world);
  });

  it('says nothing of what a channel has never had, unless it asks', () => {
    const world = createWorld();
    openShop(world, { north: 0, south: 0 });
    world.apply(define('publication', { channels: [{ channel: 'web' }] }), orderOf('o1', 1));
    expect(told(world)).toBeUndefined();
    world.apply(eventOf('availability.requested', { channel: 'web', skus: ['tea'] }));
    expect(told(world)).toMatchObject({ published: 0, version: 1 });
  });

  it('is refused for a channel the policy does not name', () => {
    const world = createWorld();
    openShop(world);
    const [fact] = world.apply(eventOf('availability.requested', { channel: 'web', skus: ['tea'] }));
    expect(fact!.effects.refused).toBe('the publication policy tells channel web nothing');
  });
});
