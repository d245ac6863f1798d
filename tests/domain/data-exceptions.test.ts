/** What sources get wrong about themselves: clocks that run ahead, volumes out of the usual, values nobody defined. */
import { describe, expect, test } from 'vitest';
import { SLOT_MS } from '../../streams/operations/sources/source-quality.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

const DAY = 24 * HOUR;
const count = (sku: string, when: object) => eventOf('stock.counted', { sku, node: 'north', quantity: 5 }, when);
const open = (world: World, kind: string) =>
  world.all('exception').find((one) => one.kind === kind && one.condition !== 'pending');

function pass(world: World, kind: string, until: number): void {
  const due = [...world.deadlines].filter(([key, at]) => key.includes(`|${kind}|`) && at <= until);
  for (const [key, at] of due.sort((a, b) => a[1] - b[1])) {
    const [clock, , ...subject] = key.split('|') as [string, string, ...string[]];
    const data = { clock, kind, subject: subject.join('|'), due: at };
    world.apply(eventOf('deadline.passed', data, { at, receivedAt: Math.max(at, until), source: 'tideline' }));
  }
}

describe('a clock that runs ahead', () => {
  const ahead = (receivedAt: number, leadMs: number) =>
    count('tea', { at: receivedAt + leadMs, receivedAt, source: 'wms' });

  test('is an exception from a minute on, says by how much, and ends when no event came from the future for a while', () => {
    const world = createWorld();
    openShop(world);
    world.apply(ahead(T0, 20_000), ahead(T0, 45_000));
    expect(open(world, 'clock-skew')).toBe(undefined);
    world.apply(ahead(T0 + MINUTE, 5 * MINUTE), ahead(T0 + 2 * MINUTE, 6 * MINUTE), ahead(T0 + 3 * MINUTE, HOUR));
    expect(open(world, 'clock-skew')).toMatchObject({
      title: 'The clock of wms runs 60 min ahead',
      severity: 'high',
      source: 'wms',
    });
    world.apply(ahead(T0 + 4 * MINUTE, 0), ahead(T0 + 12 * MINUTE, -1_000));
    expect(open(world, 'clock-skew')).not.toBe(undefined);
    expectSound(world);
    world.apply(ahead(T0 + 13 * MINUTE, 0));
    expect(open(world, 'clock-skew')).toBe(undefined);
    expectSound(world);
  });

  test('the limit is a threshold of the policy', () => {
    const world = createWorld();
    openShop(world);
    const kinds = { 'clock-skew': { thresholds: { aheadSeconds: 600 } } };
    world.apply(eventOf('policy.defined', { policy: 'exceptions', body: { kinds } } as never), ahead(T0, 5 * MINUTE));
    expect(open(world, 'clock-skew')).toBe(undefined);
    world.apply(ahead(T0, 11 * MINUTE));
    expect(open(world, 'clock-skew')).toMatchObject({ severity: 'medium' });
  });
});

describe('values nobody defined', () => {
  test('are told five minutes after the first event that named one, with the worth of the orders, until all are defined', () => {
    const world = createWorld();
    openShop(world);
    const rug = { lines: [{ line: '1', sku: 'rug', quantity: 2, unitPrice: 5_000 }] };
    world.apply(
      orderOf('1', 1, rug, { source: 'shop' }),
      orderOf('2', 1, { channel: 'bazaar' }, { source: 'shop' }),
      orderOf('3', 1, rug, { source: 'shop' }),
    );
    expect(open(world, 'unknown-values')).toBe(undefined);
    pass(world, 'exception-condition', T0 + 5 * MINUTE);
    expect(open(world, 'unknown-values')).toMatchObject({
      title: '2 unknown values from shop',
      detail: 'channel bazaar, item rug',
      moneyAtRisk: 10_000,
      inputs: { values: 2, events: 2 },
    });
    expectSound(world);
    world.apply(eventOf('item.defined', { sku: 'rug', name: 'Rug' }));
    expect(open(world, 'unknown-values')).toMatchObject({ detail: 'channel bazaar' });
    world.apply(eventOf('channel.defined', { channel: 'bazaar', name: 'Bazaar', kind: 'web', nodes: ['north'] }));
    expect(open(world, 'unknown-values')).toBe(undefined);
    expect(world.get('source', 'shop')).toMatchObject({ unknown: [], unknownEvents: 0, unknownAmount: 0 });
    expectSound(world);
  });

  test('that are defined a moment later are never told', () => {
    const world = createWorld();
    openShop(world);
    world.apply(
      count('rug', { source: 'wms' }),
      eventOf('item.defined', { sku: 'rug', name: 'Rug' }, { at: T0 + MINUTE }),
    );
    pass(world, 'exception-condition', T0 + HOUR);
    expect(world.all('exception').filter(({ kind }) => kind === 'unknown-values')).toEqual([]);
  });

  test('are none where the company defines nothing of that kind: no node is defined here', () => {
    const world = createWorld();
    openShop(world);
    world.apply(count('tea', { source: 'wms' }));
    expect(world.get('source', 'wms')).toMatchObject({ unknown: [] });
  });

  test('are not counted from an event that was refused: nothing of it is applied', () => {
    const world = createWorld();
    openShop(world);
    world.apply(orderOf('1', 1, {}, { source: 'shop' }));
    const edited = { order: '1', lines: [{ line: '1', sku: 'rug', quantity: 1, unitPrice: 1 }] };
    const [fact] = world.apply(eventOf('order.edited', edited, { source: 'shop' }));
    expect(fact!.effects.refused).not.toBe('');
    expect(world.get('source', 'shop')).toMatchObject({ unknown: [], events: 2 });
  });

  test('are remembered up to a bound, from however many sources', () => {
    const world = createWorld();
    openShop(world);
    for (let index = 0; index < 50; index++) world.apply(count(`no-${index}`, { source: 'wms' }));
    world.apply(count('no-1', { source: 'erp' }));
    expect(world.get('source', 'wms')!.unknown).toHaveLength(20);
    expect(world.get('source', 'wms')!.unknownEvents).toBe(50);
    world.apply(eventOf('item.defined', { sku: 'no-1', name: 'One' }));
    expect(world.get('source', 'erp')!.unknown).toEqual([]);
    expect(world.get('source', 'wms')!.unknown).toHaveLength(19);
    expectSound(world);
  });
});

describe('the volume of a source', () => {
  /** A feed with `perSlot` events in every quarter of an hour, and the clock that looks at it. */
  function feed(world: World, from: number, slots: number, perSlot: (slot: number) => number): number {
    for (let slot = 0; slot < slots; slot++) {
      const at = from + slot * SLOT_MS;
      const events = perSlot(slot);
      const moments = Array.from({ length: events }, (_, index) => at + Math.floor(((index + 0.5) * SLOT_MS) / events));
      world.apply(
        ...moments.map((moment) =>
          eventOf('latency.measured', { hop: 'push', counts: [[1, 1]] }, { at: moment, source: 'shop' }),
        ),
      );
      pass(world, 'source-volume', at + SLOT_MS);
      pass(world, 'exception-condition', at + SLOT_MS + 2 * MINUTE);
    }
    return from + slots * SLOT_MS;
  }
  const slotsOf = (days: number) => (days * DAY) / SLOT_MS;
  /** From eight to twelve some 60 events in a quarter of an hour, with a spread; few at other times. */
  const usual = (slot: number) => (slot % 96 < 16 ? 60 + ((slot * 7_919) % 17) - 8 : 3);
  const shopOpen = (more = {}) => {
    const world = createWorld();
    openShop(world);
    world.apply(eventOf('source.defined', { source: 'shop', name: 'Shop', silentAfterMinutes: 600, ...more }));
    return world;
  };

  test('is learned for five days, then two quarters of far less or far more are an exception until it is usual again', () => {
    const world = shopOpen();
    // A week from Monday at eight on; the second Monday falls to a tenth after nine.
    let at = feed(world, T0, slotsOf(7) + 4, usual);
    at = feed(world, at, 1, () => 6);
    expect(open(world, 'volume-abnormal')).toBe(undefined);
    at = feed(world, at, 1, () => 6);
    expect(open(world, 'volume-abnormal')).toMatchObject({
      title: 'Shop sends far less than usual',
      detail: expect.stringMatching(/^6 events in a quarter of an hour; (5\d|6\d) are usual/),
      source: 'shop',
    });
    expectSound(world);
    at = feed(world, at, 1, usual);
    expect(open(world, 'volume-abnormal')).toBe(undefined);
    feed(world, at, 2, () => 260);
    expect(open(world, 'volume-abnormal')).toMatchObject({ title: 'Shop sends far more than usual', moneyAtRisk: 0 });
    expectSound(world);
  });

  test('that is usual never raises an alarm, over two weeks of chance', () => {
    const world = shopOpen();
    let seed = 20_260_302;
    const chance = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    /** Poisson with a mean that follows the hour of the day. */
    const drawn = (slot: number) => {
      const mean = 8 + 6 * Math.sin(((slot % 96) / 96) * 2 * Math.PI);
      let events = 0;
      for (let product = chance(); product > Math.exp(-mean); product *= chance()) events += 1;
      return events;
    };
    feed(world, T0, slotsOf(14), drawn);
    const alarms = world.facts
      .flatMap(({ effects }) => effects.exceptions)
      .filter((one) => one.kind === 'volume-abnormal');
    expect(alarms.filter(({ change }) => change === 'opened')).toEqual([]);
  });

  test('is not judged while the source is silent, nor by a quarter of an hour that was not watched whole', () => {
    const world = shopOpen({ silentAfterMinutes: 15 });
    const at = feed(world, T0, slotsOf(7), usual);
    pass(world, 'source-silent', at + 15 * MINUTE);
    expect(world.get('exception', 'source-silent:shop')).toMatchObject({ condition: 'open' });
    pass(world, 'source-volume', at + SLOT_MS);
    expect(world.get('source', 'shop')).toMatchObject({ slotDue: 0, volume: null });
    expect(open(world, 'volume-abnormal')).toBe(undefined);
    // It is back five minutes before the slot ends.
    const back = at + 2 * SLOT_MS - 5 * MINUTE;
    world.apply(eventOf('latency.measured', { hop: 'push', counts: [[1, 1]] }, { at: back, source: 'shop' }));
    pass(world, 'source-volume', at + 2 * SLOT_MS);
    expect(world.get('source', 'shop')).toMatchObject({ slotDue: at + 3 * SLOT_MS, slotWhole: true, volume: null });
    expectSound(world);
  });
});
