/** What moved a figure: the shares add up to the change, whatever appears, vanishes or has nothing to divide by. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { largestFirst, movedCounts, movedRates } from '../../analytics/metrics/contribution.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const sum = (changes: readonly { change: number }[]) => changes.reduce((total, { change }) => total + change, 0);

/** Empty groups, groups of one period only, and parts beside nothing: all of these happen. */
const side = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 3 }))
  .map(([part, whole, odd]) => (odd === 0 ? { part: 0, whole: 0 } : { part, whole }));
const groups = fc.array(fc.record({ group: fc.nat(), before: side, after: side }), { minLength: 1, maxLength: 30 });

describe(`shares of a rate (SEED=${seed})`, () => {
  test('its own change and its change of weight add up to the change of the rate', () => {
    fc.assert(
      fc.property(groups, fc.constantFrom(1, 100), (list, times) => {
        const whole = (name: 'before' | 'after', key: 'part' | 'whole') =>
          list.reduce((total, one) => total + one[name][key], 0);
        const moved = movedRates(list, times);
        if (whole('before', 'whole') === 0 || whole('after', 'whole') === 0) {
          expect(moved).toBe(null);
          return;
        }
        const rate = (name: 'before' | 'after') => (times * whole(name, 'part')) / whole(name, 'whole');
        expect(moved!.before).toBeCloseTo(rate('before'), 9);
        expect(moved!.after).toBeCloseTo(rate('after'), 9);
        expect(Math.abs(sum(moved!.parts) - (rate('after') - rate('before')))).toBeLessThan(1e-9);
        for (const part of moved!.parts) expect(Math.abs(part.rate! + part.mix! - part.change)).toBeLessThan(1e-9);
        const { parts, rest } = largestFirst(moved!.parts, 5);
        expect(Math.abs(sum(parts) + (rest?.change ?? 0) - sum(moved!.parts))).toBeLessThan(1e-9);
        expect(parts.length + (rest?.groups ?? 0)).toBe(list.length);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  test('a group whose rate stays and whose weight stays moves nothing', () => {
    const same = { part: 10, whole: 100 };
    const moved = movedRates(
      [
        { group: 'same', before: same, after: same },
        { group: 'worse', before: { part: 10, whole: 100 }, after: { part: 30, whole: 100 } },
      ],
      100,
    )!;
    expect(moved.parts[0]).toMatchObject({ change: 0, rate: 0, mix: 0 });
    expect(moved.parts[1]).toMatchObject({ rate: 10, mix: 0 });
  });

  test('with rates that stay, all of it is the mix: more of the bad lifts the rate', () => {
    const moved = movedRates(
      [
        { group: 'good', before: { part: 1, whole: 100 }, after: { part: 0.5, whole: 50 } },
        { group: 'bad', before: { part: 20, whole: 100 }, after: { part: 30, whole: 150 } },
      ],
      100,
    )!;
    expect(moved.parts.map(({ rate }) => rate)).toEqual([0, 0]);
    for (const part of moved.parts) expect(part.mix).toBeGreaterThan(0);
    expect(sum(moved.parts)).toBeCloseTo(moved.after - moved.before, 12);
  });

  test('a group that is new or has vanished has no change of its own rate', () => {
    const moved = movedRates(
      [
        { group: 'stays', before: { part: 5, whole: 100 }, after: { part: 5, whole: 100 } },
        { group: 'new', before: { part: 0, whole: 0 }, after: { part: 50, whole: 100 } },
      ],
      100,
    )!;
    expect(moved.parts[1]).toMatchObject({ before: null, after: 50, rate: 0 });
    expect(moved.parts[1]!.mix).toBeGreaterThan(0);
  });
});

test(`shares of a count are what each group changed by (SEED=${seed})`, () => {
  const figure = fc.option(fc.integer({ min: -900, max: 9_000 }));
  fc.assert(
    fc.property(fc.array(fc.record({ group: fc.nat(), before: figure, after: figure })), (list) => {
      const total = (name: 'before' | 'after') => list.reduce((all, one) => all + (one[name] ?? 0), 0);
      expect(sum(movedCounts(list))).toBe(total('after') - total('before'));
    }),
    { seed, numRuns: 500 },
  );
});
