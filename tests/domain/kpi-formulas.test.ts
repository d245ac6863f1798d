/** Figures worked out by hand: what analysts check first. */
import { describe, expect, test } from 'vitest';
import { spreadOf } from '../../analytics/kpis/distribution.ts';
import { daysOfSupply, momentsOf, ratioOfColumns, sellThrough } from '../../analytics/kpis/history-figures.ts';
import { kpiById } from '../../analytics/kpis/index.ts';
import { bias, mase, naiveError, valueAdded, wape } from '../../analytics/kpis/procurement/forecast-error.ts';
import { isoWeekOf, seasonallyMatched, weeksOf } from '../../server/kpis/baselines.ts';
import { returnOf, workingCapitalFreed } from '../../server/kpis/benefit.ts';

const DAY = 86_400_000;

describe('forecast errors', () => {
  const actual = [12, 0, 7, 30, 5, 0, 9, 14];
  const forecast = [10, 2, 8, 20, 6, 1, 9, 16];
  const pairs = actual.map((one, index) => ({ actual: one, forecast: forecast[index]! }));
  const training = [8, 11, 0, 6, 22, 4, 3, 10];

  test('WAPE, bias, naive error and MASE of a known series', () => {
    expect(wape(pairs)).toBeCloseTo(0.2468, 4);
    expect(bias(pairs)).toBeCloseTo(-0.0649, 4);
    expect(naiveError(training)).toBeCloseTo(8.8571, 4);
    expect(mase(pairs, training)).toBeCloseTo(0.2681, 4);
  });

  test('value added is the error of "as last time" less ours', () => {
    // |12-10| + 12 + 7 + 23 + 25 + 5 + 9 + 5 = 88 of 77.
    expect(valueAdded(pairs, 10)).toBeCloseTo(88 / 77 - 19 / 77, 10);
  });

  test('without anything to divide by there is no figure', () => {
    const none = [{ actual: 0, forecast: 3 }];
    expect([wape(none), bias(none), wape([]), mase(pairs, [5]), mase(pairs, [5, 5]), valueAdded([], 1)]).toEqual(
      Array(6).fill(null),
    );
  });
});

describe('figures from history', () => {
  const figureOf = (id: string) => {
    const { live } = kpiById(id)!;
    if (live.kind !== 'history') throw new Error(`${id} is not worked out from history`);
    return live.figure;
  };

  test('stock turn, DIO and GMROI are ratios of sums: of 28 days at 10,000 with 1,000 sold a day', () => {
    const rows = Array.from({ length: 28 }, () => ({ balance: 10_000, cogs: 1_000, margin: 400 }));
    expect(figureOf('days-inventory-outstanding')(rows, [])).toBe(10);
    expect(figureOf('inventory-turns')(rows, [])).toBeCloseTo(36.5, 10);
    expect(figureOf('gmroi')(rows, [])).toBeCloseTo(14.6, 10);
    // A day with much stock weighs more than one with little: not a mean of daily figures.
    const uneven = [
      { balance: 100, cogs: 100 },
      { balance: 900, cogs: 100 },
    ];
    expect(figureOf('days-inventory-outstanding')(uneven, [])).toBe(5);
  });

  test('sell-through takes the opening of the whole period once', () => {
    const days = [
      { opening: 80, received: 20, sold: 10 },
      { opening: 90, received: 0, sold: 40 },
    ];
    expect(sellThrough(days, [days[0]!])).toBe(50);
    expect(sellThrough([{ opening: 0, received: 0, sold: 0 }], [])).toBe(null);
  });

  test('days of supply: 140 for sale, 70 ordered in 14 days on record', () => {
    const rows = [
      { available: 100, ordered: 30, days: 14 },
      { available: 40, ordered: 40, days: 14 },
    ];
    expect(daysOfSupply(rows, [])).toBe(28);
    expect(daysOfSupply([{ available: 9, ordered: 0, days: 14 }], [])).toBe(null);
  });

  test('lead times of 2, 4, 4, 4, 5, 5, 7 and 9 days stray by 2', () => {
    const took = [2, 4, 4, 4, 5, 5, 7, 9];
    const rows = took.map((days) => ({ lines: 1, days, squares: days * days }));
    expect(momentsOf(rows)).toEqual({ lines: 8, mean: 5, deviation: 2 });
    expect(figureOf('lead-time-cv')(rows, [])).toBe(0.4);
  });

  test('a rate of nothing is no figure', () => {
    expect(ratioOfColumns('a', 'b')([{ a: 3, b: 0 }], [])).toBe(null);
  });
});

describe('distributions', () => {
  test('quantiles are nearest ranks, bins lose nobody, and what was taken back does not count', () => {
    const spread = spreadOf([
      [1, 3],
      [2, 1],
      [10, 1],
      [99, 0],
    ]);
    expect(spread).toMatchObject({ n: 5, least: 1, most: 10, mean: 3 });
    expect(spread.quantiles.find(([share]) => share === 0.5)).toEqual([0.5, 1]);
    expect(spread.quantiles.find(([share]) => share === 0.9)).toEqual([0.9, 10]);
    expect(spread.bins.reduce((sum, { count }) => sum + count, 0)).toBe(5);
    for (const [index, { from }] of spread.bins.entries()) if (index > 0) expect(from).toBe(spread.bins[index - 1]!.to);
  });
});

describe('weeks of a baseline', () => {
  test('are those of ISO 8601, also around new year', () => {
    const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY;
    expect(
      ['2026-01-01', '2027-01-01', '2027-01-04', '2024-12-30', '2026-03-02'].map((text) => isoWeekOf(day(text))),
    ).toEqual([1, 53, 1, 1, 10]);
  });

  test('begin on Monday, are cut at the ends, and are as long as local days make them', () => {
    const from = Date.parse('2026-03-26T23:00:00Z');
    const weeks = weeksOf({ from, to: Date.parse('2026-04-02T22:00:00Z') }, 'Europe/Berlin');
    expect(weeks.map(({ week, from: start, to }) => [week, (to - start) / 3_600_000])).toEqual([
      [13, 71],
      [14, 96],
    ]);
  });

  test('a later period is held against the same weeks of the year, each weighed by its days', () => {
    const week = (number: number, value: number | null, n: number) => ({ week: number, from: 0, to: 0, value, n });
    const baseline = { value: 50, weeks: [week(10, 60, 7), week(11, 40, 1), week(12, null, 0), week(13, 90, 7)] };
    const at = (text: string) => Date.parse(`${text}T00:00:00Z`);
    const matched = seasonallyMatched(baseline, { from: at('2027-03-08'), to: at('2027-03-22') }, 'UTC');
    expect(matched).toEqual({ value: (60 * 7 + 40) / 8, matchedDays: 8 });
    const none = seasonallyMatched(baseline, { from: at('2027-07-05'), to: at('2027-07-12') }, 'UTC');
    expect(none).toEqual({ value: 50, matchedDays: 0 });
  });
});

describe('benefit', () => {
  test('ten days fewer at 5,000 a day free 50,000', () => {
    expect(workingCapitalFreed(60, 50, 5_000)).toBe(50_000);
    expect(workingCapitalFreed(50, 60, 5_000)).toBe(-50_000);
  });

  test('a point of fill and two days less, each at its worth, less what it costs', () => {
    const improvements = [
      { direction: 'up', baseline: 94, now: 95.5, perUnitPerMonth: 20_000 },
      { direction: 'down', baseline: 62, now: 60, perUnitPerMonth: 10_000 },
      { direction: 'down', baseline: 2, now: 3, perUnitPerMonth: 4_000 },
    ] as const;
    const { brought, cost } = returnOf(improvements, 23_000, 365.25 / 12);
    expect([brought, cost]).toEqual([30_000 + 20_000 - 4_000, 23_000]);
    expect((100 * (brought - cost)) / cost).toBe(100);
  });
});
