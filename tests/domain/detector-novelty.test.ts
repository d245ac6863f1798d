import { beforeAll, describe, expect, test } from 'vitest';
import { createDetector } from '../../analytics/anomalies/detector/create-detector.ts';
import { NoveltyChannel } from '../../analytics/anomalies/detector/novelty-channel.ts';
import { remembered } from '../../analytics/anomalies/detector/remembered.ts';
import { normal, randomFrom } from '../support/synthetic-minutes.ts';

const seed = Number(process.env['SEED'] ?? 11);
const STEP_MS = 300_000;
const A_DAY = 288;
const FROM = Date.parse('2026-03-02T00:00:00Z');

/** A day's tide with a little chance, by 5 minutes. */
function tide(days: number): number[] {
  const random = randomFrom(seed);
  return Array.from(
    { length: days * A_DAY },
    (_, row) => 100 + 40 * Math.sin((2 * Math.PI * row) / A_DAY) + 4 * normal(random),
  );
}

/** Surprises of a fresh channel; `planned` from the first to the last row of it. */
function surprisesOf(values: readonly number[], planned?: readonly [number, number]): number[] {
  const channel = new NoveltyChannel(STEP_MS);
  return values.map((value, row) => {
    const isPlanned = planned !== undefined && row >= planned[0] && row <= planned[1];
    return channel.add(FROM + row * STEP_MS, value, isPlanned).surprise;
  });
}

const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);

describe('novelty', () => {
  beforeAll(() => console.log(`seed ${seed}`));

  test('finds a spike, a value between the usual ones, and a night in the middle of the day', () => {
    const quiet = tide(14);
    const before = largest(surprisesOf(quiet).slice(4 * A_DAY));
    const at = 10 * A_DAY + 200;
    const spike = quiet.with(at, 260);
    expect(surprisesOf(spike)[at]).toBeGreaterThan(1.5 * before);

    // 140 by day and 60 by night, and nothing between.
    const two = quiet.map((_, row) => (row % A_DAY < 144 ? 140 : 60) + (quiet[row]! - 100) / 50);
    const usual = largest(surprisesOf(two).slice(4 * A_DAY));
    expect(surprisesOf(two.with(at, 100))[at]).toBeGreaterThan(1.5 * usual);

    const night = quiet.map((value, row) => (row >= at - 140 && row < at - 128 ? quiet[at]! : value));
    expect(largest(surprisesOf(night).slice(at - 140, at - 128))).toBeGreaterThan(1.2 * before);
  });

  test('knows a pattern without chance after three days, and finds nothing in it any more', () => {
    const square = Array.from({ length: 14 * A_DAY }, (_, row) => (row % A_DAY < 108 ? 20 : 80.1));
    expect(largest(surprisesOf(square).slice(3 * A_DAY))).toBeLessThan(0.5);
    expect(largest(surprisesOf(square.map(() => 3.3)))).toBeLessThan(0.05);
  });

  test('does not take a departure from the time of day for usual because of days before it was known', () => {
    const values = tide(5);
    const at = 3 * A_DAY + 72;
    // No farther from the mean of all than every noon: from that of noon it is eight deviations.
    for (let row = at; row < at + 6; row++) values[row]! -= 32;
    const quiet = largest(surprisesOf(tide(5)).slice(3 * A_DAY));
    const surprise = largest(surprisesOf(values).slice(at, at + 6));
    expect(surprise).toBeGreaterThan(1.3 * quiet);
    expect(surprise).toBeGreaterThan(2.05);
  });

  test('does not alarm a day later because of what was unusual today', () => {
    const values = tide(12);
    const at = 9 * A_DAY + 100;
    for (let row = at; row < at + 6; row++) values[row]! += 30_000;
    const surprises = surprisesOf(values);
    expect(largest(surprises.slice(at, at + 6))).toBeGreaterThan(3);
    expect(largest(surprises.slice(at + A_DAY - 6, at + A_DAY + 12))).toBeLessThan(1.4);
  });

  test('judges a series the same in any unit and from any origin', () => {
    const values = tide(10).with(9 * A_DAY, 300);
    const plain = surprisesOf(values);
    // Powers of two change no digit.
    expect(surprisesOf(values.map((value) => value * 2 ** 300))).toEqual(plain);
    expect(surprisesOf(values.map((value) => value * 2 ** -300))).toEqual(plain);
    const moved = surprisesOf(values.map((value) => Math.round(value * 1_000) + 1e12));
    const whole = surprisesOf(values.map((value) => Math.round(value * 1_000)));
    expect(moved).toEqual(whole);
  });

  test('lets more than usual pass where it was planned, and learns nothing of it', () => {
    const values = tide(12);
    const from = 9 * A_DAY;
    const more = values.map((value, row) => (row >= from && row < from + A_DAY ? value + 200 : value));
    const last = from + A_DAY - 1;
    const unplanned = surprisesOf(more);
    const planned = surprisesOf(more, [from, last]);
    expect(largest(unplanned.slice(from, last))).toBeGreaterThan(3);
    expect(largest(planned.slice(from, last))).toBeLessThan(0.4 * largest(unplanned.slice(from, last)));
    // The same height a day later, unplanned, is as unusual as if the planned day had not been.
    const again = more.with(last + 100, values[last + 100]! + 200);
    const without = values.with(last + 100, values[last + 100]! + 200);
    expect(surprisesOf(again, [from, last])[last + 100]).toBeGreaterThan(0.8 * surprisesOf(without)[last + 100]!);
    const less = values.map((value, row) => (row >= from && row < from + A_DAY ? value - 200 : value));
    expect(largest(surprisesOf(less, [from, last]).slice(from, last))).toBeGreaterThan(3);
  });

  test('takes no notice of plans where something is always planned', () => {
    const values = tide(12).with(11 * A_DAY, 300);
    const scores = (expected?: 'promo') => {
      const detector = createDetector();
      const at = (row: number) => ({ t: FROM + row * STEP_MS, v: values[row]!, ...(expected && { expected }) });
      return values.map((_, row) => detector.judge(at(row)).score);
    };
    const always = scores('promo');
    expect(always[11 * A_DAY]).toBeGreaterThan(0.5);
    expect(always[11 * A_DAY]).toBeGreaterThan(0.8 * scores()[11 * A_DAY]!);
  });

  test('answers with a number whatever the figures are, at any pace', () => {
    const random = randomFrom(seed);
    const wild = [0, 1e308, -1e308, 5e-324, -5e-324, 1, Number.MAX_SAFE_INTEGER];
    for (const stepMs of [1_000, STEP_MS, 7_200_000, 86_400_000, 30 * 86_400_000]) {
      const channel = new NoveltyChannel(stepMs);
      for (let row = 0; row < 600; row++) {
        const value = row < 200 ? 0 : wild[Math.floor(random() * wild.length)]!;
        const { surprise } = channel.add(FROM + row * stepMs, value);
        expect(surprise).toBeGreaterThanOrEqual(0);
        expect(surprise).toBeLessThanOrEqual(13);
      }
    }
  });

  test('remembers a bounded amount, however long and restless a series is', () => {
    const random = randomFrom(seed);
    const channel = new NoveltyChannel(STEP_MS);
    const sizes: number[] = [];
    for (let row = 0; row < 20_000; row++) {
      channel.add(FROM + row * STEP_MS, 100 * normal(random) + (random() < 0.01 ? 1e6 * random() : 0));
      if (row % 5_000 === 4_999) sizes.push(JSON.stringify(remembered(channel)).length);
    }
    expect(largest(sizes)).toBeLessThan(42_000);
  });
});
