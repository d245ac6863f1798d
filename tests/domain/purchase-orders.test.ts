/** What suppliers confirm becomes expected receipts, until it has come. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { policySchemas } from '../../streams/events/policies.ts';
import { outstanding } from '../../streams/operations/purchasing/purchase-order-receipts.ts';
import { shareToCountOn } from '../../streams/policies/supplier-record.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, T0, type World } from '../support/fold.ts';

const DAY = 24 * HOUR;
const inbound = (world: World) =>
  (world.get('inbound', 'tea')?.entries ?? []).map(({ ref, node, quantity, expectedAt }) => [
    ref,
    node,
    quantity,
    (expectedAt - T0) / DAY,
  ]);
const lineOf = (line: string, quantity: number, days: number, more: object = {}) => ({
  line,
  sku: 'tea',
  node: 'north',
  quantity,
  expectedAt: T0 + days * DAY,
  ...more,
});
const confirmed = (lines: object[], when: object = {}) =>
  eventOf('purchase-order.confirmed', { purchaseOrder: 'PO-1', supplier: 'kiln', lines } as never, when);
const changed = (lines: object[], when: object = {}) =>
  eventOf('purchase-order.changed', { purchaseOrder: 'PO-1', lines } as never, when);
const receipt = (quantity: number, when: object = {}) =>
  eventOf('stock.received', { sku: 'tea', node: 'north', quantity, purchaseOrder: 'PO-1' }, when);
const due = (days: number) =>
  eventOf(
    'deadline.passed',
    { kind: 'purchase-order-due', subject: 'PO-1', due: T0 + days * DAY, clock: 'test' },
    { at: T0 + days * DAY, source: 'tideline' },
  );

describe('a confirmed purchase order', () => {
  it('is expected until it has come, the soonest line first', () => {
    const world = createWorld();
    openShop(world);
    world.apply(confirmed([lineOf('1', 50, 3), lineOf('2', 30, 9)]));
    expect(inbound(world)).toEqual([
      ['PO-1/1', 'north', 50, 3],
      ['PO-1/2', 'north', 30, 9],
    ]);
    world.apply(receipt(60));
    expect(inbound(world)).toEqual([['PO-1/2', 'north', 20, 9]]);
    world.apply(receipt(25));
    expect(inbound(world)).toEqual([]);
    expectSound(world);
  });

  it('that comes from another supplier than was said is weighted by that one', () => {
    const world = createWorld();
    openShop(world);
    world.apply(confirmed([lineOf('1', 50, 3)]));
    const lines = [lineOf('1', 50, 3)];
    world.apply(
      eventOf('purchase-order.confirmed', { purchaseOrder: 'PO-1', supplier: 'mill', lines } as never, { at: T0 + 1 }),
    );
    expect(world.get('inbound', 'tea')!.entries.map(({ supplier }) => supplier)).toEqual(['mill']);
  });

  it('knows what has come of each item at each node', () => {
    const world = createWorld();
    openShop(world);
    const lines = [lineOf('1', 9, 3), lineOf('2', 9, 3, { node: 'south' }), lineOf('3', 9, 3, { sku: 'jam' })];
    const came = (sku: string, node: string, quantity: number) =>
      eventOf('stock.received', { sku, node, quantity, purchaseOrder: 'PO-1' });
    world.apply(confirmed(lines), came('tea', 'north', 1), came('tea', 'south', 2), came('jam', 'north', 3));
    world.apply(came('tea', 'north', 4));
    const order = world.get('purchase-order', 'PO-1')!;
    expect(outstanding(order).map(({ line, came: units }) => [line.line, units])).toEqual([
      ['1', 5],
      ['2', 2],
      ['3', 3],
    ]);
    expectSound(world);
  });

  it('that is changed or cancelled changes what is expected', () => {
    const world = createWorld();
    openShop(world);
    world.apply(confirmed([lineOf('1', 50, 3), lineOf('2', 30, 9)]));
    world.apply(changed([{ line: '1', expectedAt: T0 + 5 * DAY, node: 'south' }], { at: T0 + 1 }));
    expect(inbound(world)[0]).toEqual(['PO-1/1', 'south', 50, 5]);
    world.apply(eventOf('purchase-order.cancelled', { purchaseOrder: 'PO-1', lines: ['1'] }, { at: T0 + 2 }));
    expect(inbound(world)).toEqual([['PO-1/2', 'north', 30, 9]]);
    world.apply(eventOf('purchase-order.cancelled', { purchaseOrder: 'PO-1' }, { at: T0 + 3 }));
    expect(inbound(world)).toEqual([]);
    // What the supplier says after that holds again, what it had said before does not.
    world.apply(
      changed([{ line: '2', quantity: 7 }], { at: T0 + 4 }),
      changed([{ line: '1', quantity: 7 }], { at: T0 }),
    );
    expect(inbound(world)).toEqual([['PO-1/2', 'north', 7, 9]]);
  });

  it('leads to the same states in whatever order its events arrive', () => {
    const story: Event[] = [
      confirmed([lineOf('1', 50, 3), lineOf('2', 30, 9), lineOf('3', 10, 2, { node: 'south' })], { at: T0 + 1 }),
      changed([{ line: '1', quantity: 40 }], { at: T0 + 2 }),
      changed(
        [
          { line: '1', expectedAt: T0 + 4 * DAY },
          { line: '2', node: 'south' },
        ],
        { at: T0 + 3 },
      ),
      eventOf('purchase-order.cancelled', { purchaseOrder: 'PO-1', lines: ['3'] }, { at: T0 + 4 }),
      receipt(15, { at: T0 + 5 }),
      receipt(5, { at: T0 + 6 }),
    ];
    const told = (events: Event[]) => {
      const world = createWorld();
      openShop(world);
      world.apply(...events);
      return [world.get('inbound', 'tea'), world.get('purchase-order', 'PO-1')];
    };
    const straight = told(story);
    fc.assert(
      fc.property(fc.shuffledSubarray(story, { minLength: story.length }), (events) => {
        expect(told(events)).toEqual(straight);
      }),
      { numRuns: 200 },
    );
  });

  it('counts for its supplier by the first date named, come or not', () => {
    const world = createWorld();
    openShop(world);
    world.apply(confirmed([lineOf('1', 50, 3), lineOf('2', 30, 9)]));
    expect(world.deadlines.get('test|purchase-order-due|PO-1')).toBe(T0 + 4 * DAY);
    world.apply(
      changed([{ line: '1', expectedAt: T0 + 20 * DAY }], { at: T0 + DAY }),
      receipt(20, { at: T0 + 2 * DAY }),
    );
    world.apply(due(4));
    expect(world.get('supplier-record', 'kiln')).toMatchObject({ supplier: 'kiln', dueUnits: 50, onTimeUnits: 0 });
    expect(world.deadlines.get('test|purchase-order-due|PO-1')).toBe(T0 + 10 * DAY);
    world.apply(due(10));
    expect(world.get('supplier-record', 'kiln')).toMatchObject({ supplier: 'kiln', dueUnits: 80, onTimeUnits: 20 });
    // The first line has a date to come, by which it is not judged any more.
    expect(world.deadlines.get('test|purchase-order-due|PO-1')).toBe(T0 + 21 * DAY);
    world.apply(due(21));
    expect(world.get('supplier-record', 'kiln')).toMatchObject({ supplier: 'kiln', dueUnits: 80, onTimeUnits: 20 });
    expect(world.deadlines.has('test|purchase-order-due|PO-1')).toBe(false);
  });
});

it('what has not come a day after its date is not counted on until there is a new date', () => {
  const world = createWorld();
  openShop(world);
  const entry = () => world.get('inbound', 'tea')!.entries.map(({ ref, confirmed }) => [ref, confirmed]);
  world.apply(confirmed([lineOf('1', 50, 3), lineOf('2', 30, 9)]), due(4));
  expect(entry()).toEqual([
    ['PO-1/1', false],
    ['PO-1/2', true],
  ]);
  world.apply(changed([{ line: '1', expectedAt: T0 + 6 * DAY }], { at: T0 + 4 * DAY }));
  expect(entry()).toEqual([
    ['PO-1/1', true],
    ['PO-1/2', true],
  ]);
  expect(world.deadlines.get('test|purchase-order-due|PO-1')).toBe(T0 + 7 * DAY);
  world.apply(due(7), receipt(80), due(10));
  expect(world.get('inbound', 'tea')!.entries).toEqual([]);
  expect(world.deadlines.has('test|purchase-order-due|PO-1')).toBe(false);
  const forget = (at: number) =>
    eventOf('deadline.passed', { kind: 'purchase-order-forget', subject: 'PO-1', due: at, clock: 'test' });
  // Spoken of since that deadline was set: it is kept, and the later one is set again.
  world.apply(forget(T0));
  expect(world.get('purchase-order', 'PO-1')).toBeDefined();
  world.apply(forget(world.deadlines.get('test|purchase-order-forget|PO-1')!));
  expect(world.get('purchase-order', 'PO-1')).toBeUndefined();
});

it('a supplier is trusted as an unproven one until it has a record, and by its record in the end', () => {
  const policy = policySchemas.promise.parse({});
  expect(shareToCountOn(undefined, policy)).toBe(0.8);
  expect(shareToCountOn({ dueUnits: 100, onTimeUnits: 100 }, policy)).toBe(0.9);
  expect(shareToCountOn({ dueUnits: 1e9, onTimeUnits: 5e8 }, policy)).toBeCloseTo(0.5, 6);
});
