import { describe, expect, test } from 'vitest';
import { AlertBudget } from '../../analytics/anomalies/detector/alert-budget.ts';
import { SeenValues } from '../../analytics/anomalies/detector/seen-values.ts';
import { ShapeMemory } from '../../analytics/anomalies/detector/shape-memory.ts';
import { TailTable } from '../../analytics/anomalies/detector/tail-table.ts';
import { randomFrom } from '../support/synthetic-minutes.ts';

const seed = Number(process.env['SEED'] ?? 3);

describe(`how rare a value is by its own past (seed ${seed})`, () => {
  test('comes to -log10 of the share of values above it, in any unit', () => {
    for (const unit of [1e-12, 1, 1e15]) {
      const random = randomFrom(seed);
      const table = new TailTable();
      for (let count = 0; count < 6_000; count++) table.judge(-Math.log(1 - random()) * unit, true);
      for (const share of [0.03, 0.01, 0.003]) {
        const surprise = table.judge(-Math.log(share) * unit, false);
        expect(surprise).toBeGreaterThan(-Math.log10(share) - 0.25);
        expect(surprise).toBeLessThan(-Math.log10(share) + 0.25);
      }
    }
  });

  test('grows beyond all that was seen, and has an end', () => {
    const random = randomFrom(seed);
    const table = new TailTable();
    for (let count = 0; count < 2_000; count++) table.judge(1 + random(), true);
    const beyond = [2.2, 3, 6, 30, 1e9].map((value) => table.judge(value, false));
    expect(beyond).toEqual(beyond.toSorted((a, b) => a - b));
    expect(beyond[0]).toBeGreaterThan(2.5);
    expect(beyond.at(-1)).toBe(12);
  });

  test('is no more than the number of values bears out where all of them were 0', () => {
    const table = new TailTable();
    for (let count = 0; count < 1_000; count++) expect(table.judge(0, true)).toBeLessThan(1);
    // Some hundreds of zeros still count: -log10(0.5 / so many).
    expect(table.judge(1e9, true)).toBeLessThan(3.5);
  });

  test("forgets a beginner's values: what was usual at first is found when it comes back", () => {
    const random = randomFrom(seed);
    const table = new TailTable();
    for (let count = 0; count < 200; count++) table.judge(50 + random(), true);
    for (let count = 0; count < 3_900; count++) table.judge(1 + random(), true);
    // 200 of 4,100 are larger, which is 1.3 without forgetting.
    expect(table.judge(50.5, false)).toBeGreaterThan(1.9);
  });

  test('is not changed by a value that is only judged', () => {
    const table = new TailTable();
    for (let count = 0; count < 300; count++) table.judge(count % 7, true);
    const first = table.judge(7, false);
    for (let count = 0; count < 50; count++) expect(table.judge(7, false)).toBe(first);
    table.judge(7, true);
    expect(table.judge(7, false)).toBeLessThan(first);
  });
});

describe('pages of one series', () => {
  const quiet = (budget: AlertBudget, points: number) => {
    for (let count = 0; count < points; count++) budget.spend(0.1);
  };

  test('are sent once for what goes on, and again only when it is far more surprising', () => {
    const budget = new AlertBudget();
    quiet(budget, 500);
    expect(budget.spend(4)).toBeGreaterThan(3.9);
    for (const surprise of [4, 3.9, 4.5, 4.69]) expect(budget.spend(surprise)).toBe(0);
    expect(budget.spend(5.5)).toBeGreaterThan(5);
  });

  test('come again for the same after a silence, which is a share of what was seen', () => {
    const budget = new AlertBudget();
    quiet(budget, 4_000);
    expect(budget.spend(4)).toBeGreaterThan(3);
    quiet(budget, 150);
    expect(budget.spend(4)).toBe(0);
    quiet(budget, 260);
    expect(budget.spend(4)).toBeGreaterThan(3);
  });

  test('are not kept back by something weak that came before', () => {
    const budget = new AlertBudget();
    quiet(budget, 500);
    expect(budget.spend(1.5)).toBeGreaterThan(0);
    expect(budget.spend(1.7)).toBeGreaterThan(0);
  });

  test('take more in a long series, in which chance makes rare values', () => {
    const young = new AlertBudget();
    const old = new AlertBudget();
    quiet(young, 900);
    quiet(old, 99_999);
    expect(young.spend(4)).toBe(4);
    expect(old.spend(4)).toBeCloseTo(3, 3);
  });
});

describe('what a series has been like', () => {
  test('values: the distance to the nearest one of hundreds, inside of the range and beyond', () => {
    const random = randomFrom(seed);
    const seen = new SeenValues();
    const kept: number[] = [];
    for (let count = 0; count < 2_000; count++) {
      const value = Math.fround(random() * 1_000);
      const nearest = kept.reduce((least, one) => Math.min(least, Math.abs(one - value)), Number.POSITIVE_INFINITY);
      const distance = seen.distance(value, 2);
      if (count === 0) expect(distance).toBe(0);
      else expect(distance).toBeCloseTo(nearest, 3);
      if (kept.length < 2 || distance > 2) kept.push(value);
    }
    expect(kept.length).toBeGreaterThan(150);
  });

  test('values: old ones make room, and the order holds', () => {
    const seen = new SeenValues();
    for (let value = 0; value < 5_000; value++) seen.distance(value * 10, 1);
    // The newest 400 are kept, or nearly: each leaves in its turn.
    expect(seen.distance(49_985, 100)).toBe(5);
    expect(seen.distance(60_000, 1e9)).toBeGreaterThan(10_000);
    expect(seen.distance(0, 1e9)).toBeGreaterThanOrEqual(0);
  });

  test('shapes: the distance is that to the nearest of all', () => {
    const random = randomFrom(seed);
    const shapes = new ShapeMemory(3, 40);
    const values: number[] = [];
    const kept: number[][] = [];
    for (let count = 0; count < 1_000; count++) {
      const value = Math.fround(10 * random());
      values.push(value);
      shapes.add(value);
      const newest = values.slice(-3);
      const distances = kept.map((one) => one.reduce((sum, x, index) => sum + Math.abs(x - newest[index]!), 0) / 3);
      // Full after some time, from when on nothing is kept.
      const novelFrom = kept.length < 40 ? 0.5 : 1e9;
      const distance = shapes.distance(novelFrom);
      if (values.length <= 3) continue;
      expect(distance).toBeCloseTo(kept.length === 0 ? 0 : Math.min(...distances), 6);
      if (kept.length === 0 || distance > novelFrom) kept.push(newest);
    }
    expect(kept).toHaveLength(40);
  });

  test('shapes: one that was there before is at no distance, and another one is at its mean difference', () => {
    const shapes = new ShapeMemory(4, 50);
    const saw = [0, 1, 2, 3];
    for (let count = 0; count < 200; count++) {
      shapes.add(saw[count % 4]!);
      const distance = shapes.distance(0);
      if (count > 12) expect(distance).toBe(0);
    }
    for (const value of [0, 1, 2]) shapes.add(value);
    shapes.add(7);
    // 0 1 2 3 is the nearest: 4 away in one of four.
    expect(shapes.distance(10)).toBe(1);
  });
});
