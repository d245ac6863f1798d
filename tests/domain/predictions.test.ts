/** Probabilities move the way they should: with stock, rates and receipts, with suppliers' records, and with a node's pace. */
import { describe, expect, it, test } from 'vitest';
import { randomOf } from '../../server/simulated-company/random.ts';
import { cutOffPredicted } from '../../streams/operations/predictions/cut-off-miss.ts';
import { lateReceipts } from '../../streams/operations/predictions/late-receipt.ts';
import { stockoutPredicted } from '../../streams/operations/predictions/stockout.ts';
import { ALL_SUPPLIERS } from '../../streams/operations/purchasing/purchase-order-state.ts';
import { comesBy, latenessEdgesDays, outstandingBy, stillOutstanding } from '../../streams/policies/chances/arrival.ts';
import { demandRate, soldOut, stockoutChance } from '../../streams/policies/chances/stockout-chance.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

const DAY = 24 * HOUR;
const seed = 7;

describe('a stockout', () => {
  const today = Math.floor(T0 / DAY);
  const steady = Array.from({ length: 14 }, (_, index): [number, number] => [today - 14 + index, 4]);

  test('is judged by the days there was something to sell, also those on which nothing was sold', () => {
    const at = today * DAY;
    const rate = demandRate([[today - 1, 7]], at - 40 * DAY, at, 14);
    expect(rate.days).toBe(13);
    expect(rate.perDay).toBeLessThan(7 / 13);
    expect(demandRate([[today - 1, 7]], at - 2 * DAY, at, 14).days).toBe(2);
    expect(demandRate(steady, at - 40 * DAY, at, 14).dispersion).toBeLessThan(rate.dispersion);
  });

  test(`happens as often as is said when demand is what it is taken to be (seed ${seed})`, () => {
    const random = randomOf(seed, 'stockouts');
    const rate = { perDay: 3, days: 1e9, dispersion: 1 };
    const said = soldOut(24, rate, 7 * DAY);
    let happened = 0;
    const runs = 20_000;
    for (let run = 0; run < runs; run++) {
      // The rate itself differs from that of the days behind by a quarter, as is assumed.
      const mean = Math.max(0, 21 * (1 + 0.25 * random.normal()));
      if (random.poisson(mean) >= 24) happened += 1;
    }
    expect(Math.abs(happened / runs - said)).toBeLessThan(0.02);
  });

  test('is less likely with more stock, and with a receipt that comes sooner or more surely', () => {
    const rate = demandRate(steady, T0 - 40 * DAY, T0, 14);
    const span = { at: T0, horizon: T0 + 14 * DAY };
    const by = (days: number) => (then: number) => (then >= T0 + days * DAY ? 0.1 : 1);
    const chances = [10, 30, 60, 120].map((units) => stockoutChance(units, rate, span, () => 1));
    expect(chances).toEqual([...chances].sort((a, b) => b - a));
    expect(chances[0]).toBeGreaterThan(0.95);
    expect(chances[3]).toBeLessThan(0.05);
    const sooner = [12, 8, 4].map((days) => stockoutChance(30, rate, span, by(days)));
    expect(sooner).toEqual([...sooner].sort((a, b) => b - a));
    expect(stockoutChance(0, rate, span, () => 1)).toBe(1);
  });

  const selling = (world: World, supplier: string) => {
    openShop(world, { north: 40, south: 0 });
    const lines = [{ line: '1', sku: 'tea', node: 'north', quantity: 50, expectedAt: T0 + 13 * DAY }];
    world.apply(eventOf('purchase-order.confirmed', { purchaseOrder: 'PO-1', supplier, lines }));
    for (let day = 0; day < 8; day++) world.apply(orderOf(`o${day}`, 3, {}, { at: T0 + day * DAY }));
    return stockoutPredicted(world.draft(), world.get('stock', 'tea|north')!, T0 + 8 * DAY)!;
  };

  test('is likelier where the supplier has been late', () => {
    const late = createWorld();
    for (let index = 0; index < 8; index++) {
      const expectedAt = T0 - (30 - index) * DAY;
      const lines = [{ line: '1', sku: 'jam', node: 'south', quantity: 5, expectedAt }];
      const purchaseOrder = `OLD-${index}`;
      late.apply(
        eventOf('purchase-order.confirmed', { purchaseOrder, supplier: 'kiln', lines }, { at: expectedAt - 9 * DAY }),
        eventOf('deadline.passed', {
          kind: 'purchase-order-due',
          subject: purchaseOrder,
          due: expectedAt + DAY,
          clock: 'test',
        }),
        eventOf(
          'stock.received',
          { sku: 'jam', node: 'south', quantity: 5, purchaseOrder },
          { at: expectedAt + 9 * DAY },
        ),
      );
    }
    expect(late.get('supplier-record', 'kiln')!.lateness).toMatchObject({ judged: 8_000 });
    expect(late.get('supplier-record', ALL_SUPPLIERS)!.lateness).toEqual(late.get('supplier-record', 'kiln')!.lateness);
    expect(late.get('supplier-record', 'kiln')!.lateness!.came[14]).toBe(8_000);
    const usual = selling(createWorld(), 'kiln');
    expect(selling(late, 'kiln').uncorrected).toBeGreaterThan(usual.uncorrected + 0.05);
    expect(usual).toMatchObject({ subject: 'tea|north', among: 'north', purchaseOrder: 'PO-1', supplier: 'kiln' });
    expect(usual.when.p10!).toBeLessThan(usual.when.p50!);
    expect(usual.when.p50!).toBeLessThan(usual.when.p90!);
    expectSound(late);
  });

  test('stays expected while a receipt is overdue, and does not wait for what was left out of a delivery', () => {
    const world = createWorld();
    selling(world, 'kiln');
    // The date goes by, a little is left, and nothing has come.
    world.apply(
      eventOf(
        'deadline.passed',
        { kind: 'purchase-order-due', subject: 'PO-1', due: T0 + 14 * DAY, clock: 'test' },
        { at: T0 + 14 * DAY },
      ),
      orderOf('more', 12, {}, { at: T0 + 14 * DAY + 1 }),
    );
    const found = () => world.all('exception').filter(({ kind }) => kind === 'stockout-expected');
    expect(found()).toMatchObject([{ title: 'Runs out at north before PO-1/1 comes' }]);
    expect(found()[0]!.inputs['chancePercent']).toBeGreaterThan(50);
    expect(found()[0]!.detail).toContain('% likely');
    world.apply(
      eventOf(
        'stock.received',
        { sku: 'tea', node: 'north', quantity: 1, purchaseOrder: 'PO-1' },
        { at: T0 + 14 * DAY + 2 },
      ),
    );
    expect(found()).toEqual([]);
    expectSound(world);
  });
});

describe('a receipt', () => {
  const none = outstandingBy(undefined, undefined);
  const named = T0 + 10 * DAY;

  test('is late less surely the longer ahead, and the more surely the longer it stays out', () => {
    const chances = [0, 5, 9, 10, 10.9].map((day) => stillOutstanding(none, named, T0 + day * DAY, named + DAY));
    expect(chances).toEqual([...chances].sort((a, b) => a - b));
    expect(chances[0]).toBeCloseTo(0.28, 2);
    expect(stillOutstanding(none, named, named + 2 * DAY, named + DAY)).toBe(1);
    expect(comesBy(none, named, T0, 0.5)).toBeGreaterThan(named - 2 * DAY);
  });

  test('is judged by its supplier the more, the more is known of it', () => {
    const late = (orders: number) => {
      const came = none.map(() => 0).concat(0);
      came[14] = orders * 1_000;
      return {
        judged: orders * 1_000,
        entered: none.map((_, index) => (index === 0 ? orders * 1_000 : 0)).concat(0),
        came,
      };
    };
    const chances = [0, 1, 5, 50].map((orders) =>
      stillOutstanding(outstandingBy(orders === 0 ? undefined : late(orders), undefined), named, T0, named + DAY),
    );
    expect(chances).toEqual([...chances].sort((a, b) => a - b));
    expect(chances[3]).toBeGreaterThan(0.9);
  });

  test('is not thought late because only what was late was still open when we began to hear of it', () => {
    // Of a hundred orders that come on their day or ten days after it, we are told of those that were open a week after it.
    const came = none.map(() => 0).concat(0);
    const entered = none.map(() => 0).concat(0);
    const dayOf = latenessEdgesDays.indexOf(0);
    const tenAfter = latenessEdgesDays.indexOf(10);
    came[tenAfter] = 50_000;
    entered[tenAfter] = 50_000;
    const biased = outstandingBy({ judged: 50_000, entered, came }, undefined);
    expect(biased[dayOf]).toBeCloseTo(none[dayOf]!, 6);
    expect(biased[tenAfter]).toBeLessThan(0.01);
    // With as many of which we had heard before, that came on their day, half are on time.
    came[dayOf] = 50_000;
    entered[0] = 100_000;
    entered[tenAfter] = 0;
    expect(outstandingBy({ judged: 100_000, entered, came }, undefined)[dayOf]).toBeCloseTo(0.5, 1);
  });

  test('is told line by line until its date has gone by', () => {
    const world = createWorld();
    const lines = [1, 2].map((line) => ({
      line: String(line),
      sku: 'tea',
      node: 'north',
      quantity: 9,
      expectedAt: named,
    }));
    world.apply(eventOf('purchase-order.confirmed', { purchaseOrder: 'PO-1', supplier: 'kiln', lines: [lines[0]!] }));
    world.apply(eventOf('purchase-order.confirmed', { purchaseOrder: 'PO-2', supplier: 'kiln', lines }));
    world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 9, purchaseOrder: 'PO-2' }));
    const of = (id: string, at: number) => lateReceipts(world.draft(), world.get('purchase-order', id)!, at);
    expect(of('PO-1', T0).map(({ subject, horizon }) => [subject, horizon])).toEqual([['PO-1/1', named + DAY]]);
    expect(of('PO-2', T0).map(({ subject }) => subject)).toEqual(['PO-2/2']);
    expect(of('PO-1', named + DAY)).toEqual([]);
  });
});

describe('a cut-off', () => {
  const shipBy = T0 + 9 * HOUR;
  /** North picks four lines an hour from 8 to 18; forty orders of one line are due by 17:00. */
  function shop(): World {
    const world = createWorld();
    openShop(world, { north: 500, south: 0 });
    const hours = { cutOff: '16:00', opensAt: '08:00', closesAt: '18:00', timeZone: 'UTC' };
    world.apply(
      eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', linesPerHour: 6, ...hours }),
    );
    for (let index = 0; index < 40; index++) world.apply(orderOf(`c${index}`, 1, { shipBy, node: 'north' }));
    return world;
  }
  let picked = 0;
  const pick = (world: World, orders: number, at: number) => {
    for (let index = 0; index < orders; index++) {
      const lines = [{ line: '1', quantity: 1 }];
      world.apply(eventOf('fulfilment.picked', { order: `c${picked++}`, node: 'north', lines }, { at }));
    }
  };
  /** Told by our own clock: the source of the node is not heard by it. */
  const check = (world: World, at: number) => {
    const data = { kind: 'node-pace', subject: 'north', due: at, clock: 'test' };
    world.apply(eventOf('deadline.passed', data, { at, source: 'tideline' }));
  };
  const chanceAt = (world: World, at: number) =>
    cutOffPredicted(world.draft(), world.get('wave', `north|${shipBy}`)!, at)!;

  it('is kept by a node that goes on as it should, and missed by one that has slowed down', () => {
    const outcomes = [6, 2].map((perHour) => {
      const world = shop();
      picked = 0;
      for (let quarter = 1; quarter <= 8; quarter++) {
        const at = T0 + quarter * 15 * 60_000;
        if (quarter % 2 === 0) pick(world, perHour / 2, at - 1);
        check(world, at);
      }
      expectSound(world);
      return chanceAt(world, T0 + 2 * HOUR);
    });
    expect(outcomes[0]!.uncorrected).toBeLessThan(0.35);
    expect(outcomes[1]!.uncorrected).toBeGreaterThan(outcomes[0]!.uncorrected + 0.3);
    expect(outcomes[1]!.inputs['linesPerHourNow']).toBeLessThan(4);
    expect(outcomes[1]!).toMatchObject({ subject: `north|${shipBy}`, horizon: shipBy, among: 'north' });
  });

  it('is not doubted because the source of the node is silent: what it did meanwhile is reckoned', () => {
    const world = shop();
    picked = 0;
    for (let quarter = 1; quarter <= 8; quarter++) {
      const at = T0 + quarter * 15 * 60_000;
      if (quarter % 2 === 0) pick(world, 3, at - 1);
      check(world, at);
    }
    const before = chanceAt(world, T0 + 2 * HOUR).uncorrected;
    for (let quarter = 9; quarter <= 16; quarter++) check(world, T0 + quarter * 15 * 60_000);
    expect(world.get('node-load', 'north')!.flow!.at).toBeLessThan(T0 + 2.5 * HOUR);
    expect(chanceAt(world, T0 + 4 * HOUR).uncorrected).toBeLessThan(before + 0.1);
  });

  it('is stated where the promise is at risk', () => {
    const world = shop();
    world.apply(
      eventOf('deadline.passed', {
        kind: 'ship-by-risk',
        subject: `north|${shipBy}`,
        due: shipBy - 2 * HOUR,
        clock: 'test',
      }),
    );
    const [risk] = world.all('exception').filter(({ kind }) => kind === 'ship-by-at-risk');
    // Forty lines, two hours of work: it cannot.
    expect(risk!.inputs['chancePercent']).toBeGreaterThan(90);
    expect(risk!.detail).toContain('% likely to miss it');
  });
});
