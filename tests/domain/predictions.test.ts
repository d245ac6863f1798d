/** Probabilities are those of what they speak of, move the way they should, and are corrected by what came true. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  binsOf,
  climatology,
  figuresOf,
  type Settled,
  sumsOf,
  wilson,
} from '../../analytics/predictions/reliability.ts';
import { randomOf } from '../../server/simulated-company/random.ts';
import { cutOffPredicted } from '../../streams/operations/predictions/cut-off-miss.ts';
import { lateReceipts } from '../../streams/operations/predictions/late-receipt.ts';
import { stockoutPredicted } from '../../streams/operations/predictions/stockout.ts';
import { ALL_SUPPLIERS } from '../../streams/operations/purchasing/purchase-order-state.ts';
import { comesBy, latenessEdgesDays, outstandingBy, stillOutstanding } from '../../streams/policies/chances/arrival.ts';
import {
  corrected,
  correctionOf,
  noCorrection,
  noSteps,
  withOutcomes,
} from '../../streams/policies/chances/correction.ts';
import { demandRate, soldOut, stockoutChance } from '../../streams/policies/chances/stockout-chance.ts';
import { countReaches, gammaTail, normalTail } from '../../streams/policies/chances/tails.ts';
import { createWorld, eventOf, expectSound, HOUR, openShop, orderOf, T0, type World } from '../support/fold.ts';

const DAY = 24 * HOUR;
const seed = 7;

describe('the chance that a count reaches a limit', () => {
  test('is that of the normal, Poisson and negative binomial tables', () => {
    expect(normalTail(1.959964)).toBeCloseTo(0.025, 6);
    expect(normalTail(-1)).toBeCloseTo(0.841345, 5);
    // Poisson of mean 3: 1 - e^-3 (1 + 3 + 4.5) for three or more.
    expect(countReaches(3, 3, 3)).toBeCloseTo(1 - Math.exp(-3) * 8.5, 9);
    // Two successes of one half each: P(D >= 1) = 1 - 1/4, mean 2, variance 4.
    expect(countReaches(1, 2, 4)).toBeCloseTo(0.75, 9);
    expect([countReaches(0, 3, 3), countReaches(4, 0, 0)]).toEqual([1, 0]);
  });

  test(`goes over into the continuous form without a step (seed ${seed})`, () => {
    const random = randomOf(seed, 'tails');
    for (let run = 0; run < 200; run++) {
      const mean = random.between(100, 220);
      const variance = mean * random.between(1.05, 12);
      // 150 is summed exactly, 151 is not.
      const [exact, near] = [countReaches(150, mean, variance), gammaTail(149.5, mean, variance)];
      expect(Math.abs(exact - near), `mean ${mean}, variance ${variance}`).toBeLessThan(0.012);
    }
  });

  test('falls with the limit and grows with the mean, always within 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0.01, max: 900, noNaN: true }),
        fc.double({ min: 1, max: 30, noNaN: true }),
        (limit, mean, times) => {
          const chance = countReaches(limit, mean, mean * times);
          expect(chance).toBeGreaterThanOrEqual(0);
          expect(chance).toBeLessThanOrEqual(1);
          expect(countReaches(limit + 5, mean, mean * times)).toBeLessThanOrEqual(chance + 0.012);
          expect(countReaches(limit, mean * 1.2, mean * 1.2 * times)).toBeGreaterThanOrEqual(chance - 0.012);
        },
      ),
      { seed, numRuns: 400 },
    );
  });
});

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

describe('the correction', () => {
  it('changes nothing before anything was settled, and never turns the order around', () => {
    expect(correctionOf(noSteps())).toEqual(noCorrection);
    expect(corrected(0.3, noCorrection)).toBeCloseTo(0.3, 9);
  });

  it(`learns that what was said was too high, too low or too sure (seed ${seed})`, () => {
    const random = randomOf(seed, 'outcomes');
    const learned = (truth: (said: number) => number) => {
      let steps = noSteps();
      for (let round = 0; round < 40; round++)
        steps = withOutcomes(
          steps,
          Array.from({ length: 200 }, () => {
            const uncorrected = random.between(0.02, 0.98);
            return { uncorrected, happened: random.chance(truth(uncorrected)), share: 1 };
          }),
        );
      return correctionOf(steps);
    };
    const halved = learned((said) => said / 2);
    expect(corrected(0.6, halved)).toBeCloseTo(0.3, 1);
    const sure = learned((said) => 0.25 + said / 2);
    expect(corrected(0.95, sure)).toBeLessThan(0.85);
    expect(corrected(0.05, sure)).toBeGreaterThan(0.15);
    const right = learned((said) => said);
    for (const said of [0.1, 0.5, 0.9]) expect(corrected(said, right)).toBeCloseTo(said, 1);
  });

  it('learns of an order once, however many lines it has', () => {
    const settled = (lines: number) => {
      const world = createWorld();
      const rows = Array.from({ length: lines }, (_, line) => ({
        subject: `PO-1/${line}`,
        probability: 0.2,
        uncorrected: 0.2,
        happened: true,
      }));
      world.apply(eventOf('prediction.settled', { prediction: 'late-receipt', at: T0, horizon: T0 + DAY, rows }));
      return world.get('prediction-record', 'late-receipt')!;
    };
    expect(settled(50)).toMatchObject({ settled: 50, happened: 50 });
    expect(settled(50).correction.shift).toBeCloseTo(settled(1).correction.shift, 6);
    expect(settled(1).correction.shift).toBeGreaterThan(0);
  });

  it('comes with what is settled, rises with what is said, and forgets', () => {
    const world = createWorld();
    const rows = Array.from({ length: 300 }, (_, index) => ({
      subject: `a|${index}`,
      probability: 0.2,
      uncorrected: 0.2,
      happened: index % 2 === 0,
    }));
    const settle = (happened: boolean | null) =>
      eventOf('prediction.settled', {
        prediction: 'stockout',
        at: T0,
        horizon: T0 + DAY,
        rows: rows.map((row) => (happened === null ? row : { ...row, happened })),
      });
    world.apply(settle(null));
    const record = () => world.get('prediction-record', 'stockout')!;
    expect(record()).toMatchObject({ settled: 300, happened: 150 });
    const first = corrected(0.2, record().correction);
    expect(first).toBeGreaterThan(0.25);
    const shares = [0.05, 0.2, 0.5, 0.8, 0.95].map((said) => corrected(said, record().correction));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    for (let round = 0; round < 60; round++) world.apply(settle(false));
    expect(corrected(0.2, record().correction)).toBeLessThan(0.1);
    expect(record().steps.reduce((sum, [count]) => sum + count, 0)).toBeLessThan(1_100);
  });
});

describe('scores', () => {
  const said = (probability: number, happened: boolean, more: Partial<Settled> = {}): Settled => ({
    probability,
    uncorrected: probability,
    happened,
    at: T0,
    horizon: T0 + DAY,
    among: 'a',
    ...more,
  });

  it('are those worked out by hand', () => {
    const figures = figuresOf(sumsOf([said(0.9, true), said(0.9, false), said(0.1, false), said(0.1, false)]))!;
    expect(figures.brier).toBeCloseTo((0.01 + 0.81 + 0.01 + 0.01) / 4, 9);
    expect(figures.baseRate).toBe(0.25);
    expect(figures.brierBaseRate).toBe(0.1875);
    // Of the bin of 0.9 a half happened, of that of 0.1 nothing.
    expect(figures.off).toBeCloseTo((2 * 0.16 + 2 * 0.01) / 4, 9);
    expect(figures.apart).toBeCloseTo(0.0625, 9);
    expect(figures.brier).toBeCloseTo(figures.off - figures.apart + figures.brierBaseRate, 9);
    expect(figures.calibrationError).toBeCloseTo((2 * 0.4 + 2 * 0.1) / 4, 9);
    expect(figuresOf(sumsOf([]))).toBeNull();
  });

  it('compare with the habit of then: what was settled later teaches nobody', () => {
    const rows = [
      said(0.5, true, { horizon: T0 + HOUR }),
      said(0.5, true, { at: T0 + 2 * HOUR }),
      said(0.5, true, { at: T0 + 2 * HOUR, among: 'b' }),
    ];
    const [first, own, other] = climatology(rows);
    expect(first).toBe(0.5);
    // All: (1 + 1) / (1 + 2). Its own node: (1 + 2 x 2/3) / (1 + 2).
    expect(own).toBeCloseTo(7 / 9, 9);
    expect(other).toBeCloseTo(2 / 3, 9);
  });

  it('have ten bins with what the count allows to say', () => {
    const bins = binsOf(sumsOf([said(1, true), said(0, false), said(0.05, false)]).tenths);
    expect(bins).toHaveLength(10);
    expect(bins[0]).toMatchObject({ count: 2, happened: 0 });
    expect(bins[9]).toMatchObject({ count: 1, said: 1, happened: 1 });
    expect(bins[5]).toEqual({ from: 0.5, to: 0.6, count: 0, said: null, happened: null, low: null, high: null });
    const { low, high } = wilson(5, 10);
    expect([low, high]).toEqual([expect.closeTo(0.2366, 4), expect.closeTo(0.7634, 4)]);
  });
});
