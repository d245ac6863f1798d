import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Measure,
  measures,
  rangeAsOf,
  type Slots,
  TOLD_APART_MS,
  withMovement,
} from '../../streams/operations/accuracy/as-of.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-03-02T08:00:00Z');

type Change = { at: number; measure: 'sellable' | 'allocated'; delta: number; crossing: boolean };
const change = fc.record({
  at: fc.oneof(
    fc.integer({ min: 0, max: 6 * 60_000 }),
    fc.integer({ min: 0, max: 8 * HOUR }),
    fc.integer({ min: 0, max: 6 * DAY }),
  ),
  measure: fc.constantFrom('sellable' as const, 'allocated' as const),
  delta: fc.integer({ min: -9, max: 9 }).filter((delta) => delta !== 0),
  crossing: fc.boolean(),
});
const changes = fc
  .array(change, { minLength: 1, maxLength: 80 })
  .map((list) => list.map((one): Change => ({ ...one, at: START + one.at })));

function fold(list: Change[]): { slots: Slots; newest: number } {
  let slots: Slots = [];
  let newest = 0;
  for (const { at, measure, delta, crossing } of list) {
    slots = withMovement(slots, newest, at, measure, delta, crossing);
    newest = Math.max(newest, at);
  }
  return { slots, newest };
}

const sumOf = (list: Change[], measure: Measure) =>
  list.reduce(
    (sum, one) => (measure === one.measure || (measure === 'on-hand' && one.crossing) ? sum + one.delta : sum),
    0,
  );

test('a figure as of any moment lies within the range that is given for it', () => {
  fc.assert(
    fc.property(changes, fc.integer({ min: -DAY, max: 7 * DAY }), (list, offset) => {
      const { slots, newest } = fold(list);
      const asOf = START + offset;
      for (const measure of ['sellable', 'allocated', 'on-hand'] as const) {
        const now = sumOf(list, measure);
        const truth = sumOf(
          list.filter((one) => one.at <= asOf),
          measure,
        );
        const { low, high } = rangeAsOf(slots, newest, measure, now, asOf);
        expect(low).toBeLessThanOrEqual(truth);
        expect(high).toBeGreaterThanOrEqual(truth);
      }
    }),
    { numRuns: 500 },
  );
});

test('the order in which movements become known changes nothing', () => {
  fc.assert(
    fc.property(changes, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, random) => {
      const other = list.map((one) => ({ one, rank: random.next().value as number })).sort((a, b) => a.rank - b.rank);
      expect(fold(other.map(({ one }) => one))).toEqual(fold(list));
    }),
    { numRuns: 300 },
  );
});

test('a busy record stays small and tells the last two days apart by four hours at least', () => {
  const minutes = Array.from(
    { length: 7 * 24 * 60 },
    (_, minute): Change => ({
      at: START + minute * 60_000 + 1,
      measure: 'sellable',
      delta: -1,
      crossing: true,
    }),
  );
  const { slots, newest } = fold(minutes);
  expect(slots.length / 4 / 2).toBeLessThan(75);
  expect(TOLD_APART_MS).toBeGreaterThanOrEqual(2 * DAY);
  const widest = (from: number, to: number) => {
    let widest = 0;
    for (let asOf = newest - from; asOf < newest - to; asOf += 599_000) {
      const { low, high } = rangeAsOf(slots, newest, 'sellable', 0, asOf);
      widest = Math.max(widest, high - low);
    }
    return widest;
  };
  // One unit a minute: the width of a range is the width of its slot in minutes.
  expect(widest(60_000, 0)).toBeLessThanOrEqual(1);
  expect(widest(2 * HOUR, 0)).toBeLessThanOrEqual(10);
  expect(widest(12 * HOUR, 0)).toBeLessThanOrEqual(60);
  expect(widest(2 * DAY, 0)).toBeLessThanOrEqual(240);
});

test('measures keep their places: stored slots name them by number', () => {
  expect(measures).toEqual([
    'sellable',
    'allocated',
    'quarantined',
    'damaged',
    'return-pending',
    'in-transit',
    'on-hand',
  ]);
});
