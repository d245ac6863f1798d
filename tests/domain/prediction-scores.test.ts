/** Chances are those of the tables, what is said is corrected by what came true, and scores are those worked out by hand. */
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
import {
  corrected,
  correctionOf,
  noCorrection,
  noSteps,
  withOutcomes,
} from '../../streams/policies/chances/correction.ts';
import { countReaches, gammaTail, normalTail } from '../../streams/policies/chances/tails.ts';
import { createWorld, eventOf, HOUR, T0 } from '../support/fold.ts';

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
            return { uncorrected, happened: random.chance(truth(uncorrected)) };
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

  it('leaves receipts as the record of their supplier has them', () => {
    const world = createWorld();
    const rows = Array.from({ length: 50 }, (_, line) => ({
      subject: `PO-1/${line}`,
      probability: 0.2,
      uncorrected: 0.2,
      happened: true,
    }));
    world.apply(eventOf('prediction.settled', { prediction: 'late-receipt', at: T0, horizon: T0 + DAY, rows }));
    expect(world.get('prediction-record', 'late-receipt')).toMatchObject({
      settled: 50,
      happened: 50,
      correction: noCorrection,
    });
  });

  it('comes with what is settled, rises with what is said, and forgets', () => {
    const world = createWorld();
    const rows = Array.from({ length: 300 }, (_, index) => ({
      subject: `a|${index}`,
      probability: 0.2,
      uncorrected: 0.2,
      happened: index % 2 === 0,
    }));
    const settle = (happened: boolean | null, at = T0) => {
      const said = rows.map((row) => (happened === null ? row : { ...row, happened }));
      return eventOf('prediction.settled', { prediction: 'stockout', at: T0, horizon: T0 + DAY, rows: said }, { at });
    };
    world.apply(settle(null));
    const record = () => world.get('prediction-record', 'stockout')!;
    expect(record()).toMatchObject({ settled: 300, happened: 150 });
    const first = corrected(0.2, record().correction);
    expect(first).toBeGreaterThan(0.25);
    const shares = [0.05, 0.2, 0.5, 0.8, 0.95].map((said) => corrected(said, record().correction));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    for (let day = 1; day <= 60; day++) world.apply(settle(false, T0 + day * 24 * HOUR));
    expect(corrected(0.2, record().correction)).toBeLessThan(0.1);
    expect(record().steps.reduce((sum, [count]) => sum + count, 0)).toBeLessThan(650);
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
