import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreement } from '../../analytics/anomalies/detector/agreement.ts';
import { createDetector } from '../../analytics/anomalies/detector/create-detector.ts';
import {
  type DetectorOptions,
  type Judgement,
  type Point,
  type SeriesKind,
  seriesKinds,
} from '../../analytics/anomalies/detector/detection.ts';
import { anomalyShapes } from '../../streams/events/signals.ts';
import { figuresAt } from '../bench/detectors/shop-score.ts';
import { shopSeries } from '../bench/detectors/shop-series.ts';
import { counts, DAY_MS, MINUTE_MS, MONDAY, noise } from '../support/made-series.ts';
import { normal, poisson, randomFrom } from '../support/synthetic-minutes.ts';

const judgeAll = (points: Point[], options: DetectorOptions): Judgement[] => {
  const detector = createDetector(options);
  return points.map((point) => detector.judge(point));
};
/** What is said most often between two days, where something is. */
function found(points: Point[], judged: Judgement[], from: number, to: number): string {
  const words = new Map<string, number>();
  points.forEach(({ t }, index) => {
    const day = (t - MONDAY) / DAY_MS;
    const { what, score } = judged[index]!;
    if (day >= from && day < to && score > 0.4) words.set(what, (words.get(what) ?? 0) + 1);
  });
  return [...words].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'nothing';
}
const worst = (points: Point[], judged: Judgement[], from: number, to: number, by: 'score' | 'alert' = 'score') =>
  Math.max(
    ...judged
      .filter((_, i) => points[i]!.t >= MONDAY + from * DAY_MS && points[i]!.t < MONDAY + to * DAY_MS)
      .map((j) => j[by]),
  );

describe('what goes wrong is found and named', () => {
  const between = (from: number, to: number, times: number) => (day: number) => (day >= from && day < to ? times : 1);
  const cases: [string, Point[], SeriesKind, [number, number], string][] = [
    ['an outage', counts({ seed: 1, days: 22, change: between(20.5, 20.6, 0) }), 'count', [20.5, 20.6], 'drop'],
    ['half the orders', counts({ seed: 2, days: 22, change: between(20.5, 20.7, 0.4) }), 'count', [20.5, 20.7], 'drop'],
    [
      'three times as many',
      counts({ seed: 3, days: 22, change: between(20.5, 20.6, 3) }),
      'count',
      [20.5, 20.6],
      'spike',
    ],
    [
      'few orders, none for hours',
      counts({ seed: 4, days: 30, mean: 2, change: between(28.4, 28.6, 0) }),
      'count',
      [28.4, 28.6],
      'drop',
    ],
    ['a lasting loss', counts({ seed: 5, days: 24, change: between(20, 24, 0.5) }), 'count', [20, 21], 'shift-down'],
    ['a lasting gain', noise({ seed: 6, days: 24, change: between(20, 24, 1.3) }), 'gauge', [20, 21], 'shift-up'],
    [
      'hourly, half of it',
      counts({ seed: 7, days: 40, minutes: 60, mean: 200, change: between(38.4, 38.6, 0.4) }),
      'count',
      [38.4, 38.7],
      'drop',
    ],
  ];
  test.each(cases)('%s', (_, points, kind, [from, to], what) => {
    const judged = judgeAll(points, { kind });
    expect(found(points, judged, from, to)).toBe(what);
    expect(worst(points, judged, from, to, 'alert')).toBeGreaterThan(0.4);
    expect(worst(points, judged, from - 3, from)).toBeLessThan(0.5);
  });

  test('a day of a series of days', () => {
    const points = counts({ seed: 8, days: 200, minutes: 1_440, mean: 300, change: between(196, 197, 0.1) });
    const judged = judgeAll(points, { kind: 'count' });
    expect(worst(points, judged, 196, 197)).toBeGreaterThan(0.3);
    expect(worst(points, judged, 196, 197)).toBeGreaterThan(worst(points, judged, 100, 196));
  });
  test('a slow loss over days is a drift', () => {
    const points = noise({ seed: 9, days: 34, change: (day) => (day > 28 ? 1 - 0.07 * (day - 28) : 1) });
    const judged = judgeAll(points, { kind: 'gauge' });
    const words = judged.filter((_, index) => points[index]!.t > MONDAY + 29 * DAY_MS).map(({ what }) => what);
    expect(words).toContain('drift-down');
    expect(worst(points, judged, 28, 31)).toBeGreaterThan(0.45);
  });
  test('a feed that repeats itself', () => {
    const points = counts({ seed: 10, days: 22 });
    const from = points.findIndex(({ t }) => t >= MONDAY + 20.5 * DAY_MS);
    for (let at = from + 1; at < from + 24; at++) points[at]!.v = points[from]!.v;
    expect(found(points, judgeAll(points, { kind: 'count' }), 20.5, 20.66)).toBe('flat');
  });
  test('values that stray four times as far', () => {
    const random = randomFrom(11);
    const points = noise({ seed: 12, days: 24 });
    for (const point of points) if (point.t > MONDAY + 21 * DAY_MS) point.v! += 20 * normal(random);
    const judged = judgeAll(points, { kind: 'gauge' });
    const words = judged.filter((_, index) => points[index]!.t > MONDAY + 21 * DAY_MS).map(({ what }) => what);
    expect(words.slice(0, 144).filter((what) => what === 'variance').length).toBeGreaterThan(20);
  });
  test('nothing known where something always is; and not where it never was', () => {
    const points = counts({ seed: 13, days: 15 });
    const gone = points.map(({ t, v }) => ({ t, v: t > MONDAY + 14.5 * DAY_MS ? null : v }));
    const judged = judgeAll(gone, { kind: 'count' });
    expect(found(gone, judged, 14.5, 15)).toBe('missing');
    expect(worst(gone, judged, 14.5, 15, 'alert')).toBeGreaterThan(0.4);
    const nightly = points.map(({ t, v }) => ({ t, v: (t / DAY_MS) % 1 < 0.25 ? null : v }));
    expect(worst(nightly, judgeAll(nightly, { kind: 'count' }), 7, 15)).toBeLessThan(0.5);
  });
});

describe('what was planned, or is usual, alarms nobody', () => {
  const promoted = (change: (day: number) => number): Point[] =>
    counts({ seed: 20, days: 25, change }).map((point) => {
      const day = (point.t - MONDAY) / DAY_MS;
      return day >= 20.3 && day < 21.3 ? { ...point, expected: 'promo' as const } : point;
    });
  const isOn = (day: number) => day >= 20.3 && day < 21.3;
  test('three times as many in a declared promotion are no alarm, and would be one without', () => {
    const points = promoted((day) => (isOn(day) ? 3 : 1));
    expect(worst(points, judgeAll(points, { kind: 'count' }), 20.3, 22)).toBeLessThan(0.4);
    const silent = points.map(({ t, v }) => ({ t, v }));
    expect(worst(silent, judgeAll(silent, { kind: 'count' }), 20.3, 21.3)).toBeGreaterThan(0.6);
  });
  test('a checkout that breaks in a promotion is found', () => {
    const points = promoted((day) => (isOn(day) ? (day > 20.6 && day < 20.7 ? 0.2 : 3) : 1));
    expect(found(points, judgeAll(points, { kind: 'count' }), 20.6, 20.7)).toBe('drop');
  });
  test('rows that never came, equal times and old points change nothing', () => {
    const points = counts({ seed: 21, days: 20 });
    const some = points.filter(({ t }) => !(t > MONDAY + 15.2 * DAY_MS && t < MONDAY + 15.6 * DAY_MS));
    expect(worst(some, judgeAll(some, { kind: 'count' }), 15, 18)).toBeLessThan(0.45);
    const detector = createDetector({ kind: 'count' });
    for (const point of points) detector.judge(point);
    const before = JSON.stringify(detector.save());
    expect(detector.judge({ t: points[100]!.t, v: 1_000_000 }).score).toBeGreaterThan(0.3);
    expect(detector.judge({ t: points.at(-1)!.t, v: 0 }).alert).toBe(0);
    expect(JSON.stringify(detector.save())).toBe(before);
  });
  test('a shop opens at nine by its own clock, before and after the clocks change', () => {
    const random = randomFrom(22);
    const from = Date.UTC(2026, 2, 2);
    const open = (t: number) => {
      const berlin = t + (t >= Date.UTC(2026, 2, 29, 1) ? 2 : 1) * 3_600_000;
      const hour = (berlin / 3_600_000) % 24;
      return hour >= 9 && hour < 19;
    };
    const points = Array.from({ length: 144 * 34 }, (_, index) => {
      const t = from + index * 10 * MINUTE_MS;
      return { t, v: poisson(random, open(t) ? 30 : 0.2) };
    });
    const changed = [27, 30] as const;
    expect(worst(points, judgeAll(points, { kind: 'count', timeZone: 'Europe/Berlin' }), ...changed)).toBeLessThan(0.5);
    expect(worst(points, judgeAll(points, { kind: 'count' }), ...changed)).toBeGreaterThan(0.6);
  });
  test('one incident is one page, told again only when it is worse', () => {
    const points = counts({ seed: 23, days: 22, change: (day) => (day >= 20.4 && day < 20.8 ? 0 : 1) });
    const judged = judgeAll(points, { kind: 'count' });
    const pages = judged.filter(({ alert }, index) => alert > 0.4 && points[index]!.t > MONDAY + 18 * DAY_MS);
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.length).toBeLessThan(8);
    expect(pages.map(({ alert }) => alert)).toEqual(pages.map(({ alert }) => alert).toSorted((a, b) => a - b));
  });
});

describe('any series, of any size', () => {
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: -100, max: 1_000, noNaN: true }) },
    fc.constantFrom(0, 0, 5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e300, 1e-300, null),
    fc.integer({ min: 0, max: 30 }),
  );
  const series = fc.record({
    kind: fc.constantFrom(...seriesKinds, undefined),
    stepMs: fc.constantFrom(1_000, 60_000, 600_000, 3_600_000, DAY_MS, 7 * DAY_MS),
    timeZone: fc.constantFrom('UTC', 'America/New_York', undefined),
    values: fc.array(
      fc.record({ v: value, skip: fc.constantFrom(1, 1, 1, 1, 1, 0, 3, 500, -2), promo: fc.boolean() }),
      { minLength: 20, maxLength: 300 },
    ),
  });
  const pointsOf = ({
    stepMs,
    values,
  }: {
    stepMs: number;
    values: { v: number | null; skip: number; promo: boolean }[];
  }) => {
    let t = MONDAY;
    return values.map(({ v, skip, promo }): Point => {
      t += skip * stepMs;
      return promo ? { t, v, expected: 'promo' } : { t, v };
    });
  };
  const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);

  test(`is answered with scores from 0 to 1 and a finite band (seed ${seed})`, () => {
    fc.assert(
      fc.property(series, ({ kind, timeZone, ...rest }) => {
        for (const { score, alert, band, what } of judgeAll(pointsOf(rest), { kind, timeZone })) {
          expect(score >= 0 && score < 1 && alert >= 0 && alert < 1).toBe(true);
          expect([...anomalyShapes, 'normal']).toContain(what);
          expect(Number.isFinite(band.low) && Number.isFinite(band.high)).toBe(true);
          expect(band.low <= band.mid && band.mid <= band.high).toBe(true);
        }
      }),
      { seed, numRuns: 60 },
    );
  });
  test(`is judged the same after it was saved and restored, byte for byte (seed ${seed})`, () => {
    fc.assert(
      fc.property(series, fc.nat(), ({ kind, timeZone, ...rest }, cut) => {
        const points = pointsOf(rest);
        const one = createDetector({ kind, timeZone });
        let other = createDetector({ kind, timeZone });
        points.forEach((point, index) => {
          expect(JSON.stringify(other.judge(point))).toBe(JSON.stringify(one.judge(point)));
          if (index % 50 !== cut % 50) return;
          const saved = JSON.stringify(other.save());
          other = createDetector({ kind, timeZone, saved: JSON.parse(saved) });
          expect(JSON.stringify(other.save())).toBe(saved);
        });
      }),
      { seed, numRuns: 25 },
    );
  });
  test.each([...seriesKinds, undefined])('goes on after weeks as if it had never been saved: %s', (kind) => {
    const points = counts({ seed: 33, days: 12, change: (day) => (day > 10 && day < 10.5 ? 0.2 : 1) });
    const one = createDetector({ kind, timeZone: 'Europe/Berlin' });
    let other = createDetector({ kind, timeZone: 'Europe/Berlin' });
    points.forEach((point, index) => {
      const shifted = { ...point, v: point.v! * 1.1 - (index > 1_000 ? 9 : 0) };
      expect(JSON.stringify(other.judge(shifted))).toBe(JSON.stringify(one.judge(shifted)));
      if (index % 97 !== 0) return;
      other = createDetector({ kind, timeZone: 'Europe/Berlin', saved: JSON.parse(JSON.stringify(other.save())) });
    });
  });
  test.each([...seriesKinds, undefined])('takes less than 64 KiB, saved: %s', (kind) => {
    const detector = createDetector({ kind });
    for (const point of counts({ seed: 30, days: 28 })) detector.judge(point);
    expect(JSON.stringify(detector.save()).length).toBeLessThan(64 * 1024);
  });
  test('says the same of the same series in another unit', () => {
    const points = noise({ seed: 31, days: 22, change: (day) => (day > 20 && day < 20.3 ? 0.6 : 1) });
    const one = judgeAll(points, { kind: 'amount' });
    const other = judgeAll(
      points.map(({ t, v }) => ({ t, v: v! * 2 ** 20 })),
      { kind: 'amount' },
    );
    one.forEach(({ score }, index) => {
      expect(other[index]!.score).toBeCloseTo(score, 3);
    });
  });
  test.each([0, 7, -3, 1e9])('that is always %d is never unusual', (v) => {
    const points = Array.from({ length: 2_000 }, (_, index) => ({ t: MONDAY + index * 600_000, v }));
    for (const kind of [...seriesKinds, undefined]) {
      expect(Math.max(...judgeAll(points, { kind }).map(({ score }) => score))).toBeLessThan(0.35);
    }
  });
  test('keeps its band near what it has seen, whatever that is', () => {
    const random = randomFrom(32);
    const sparse = Array.from({ length: 24 * 60 }, (_, index) => {
      const day = index / 24;
      const v = day < 6 ? 0 : random() < 0.05 ? Math.round(1_000 * random()) / 10 : 0;
      return { t: MONDAY + index * 60 * MINUTE_MS, v };
    });
    for (const kind of ['ratio', 'gauge', 'amount'] as const) {
      const judged = judgeAll(sparse, { kind });
      expect(Math.max(...judged.map(({ band }) => band.high))).toBeLessThan(800);
    }
  });
});

describe('scores mean the same everywhere', () => {
  const quiet: [string, SeriesKind, (random: () => number, index: number) => number][] = [
    ['counts', 'count', (random, index) => poisson(random, 30 + 25 * Math.sin((2 * Math.PI * index) / 144))],
    ['few counts', 'count', (random) => poisson(random, 0.4)],
    ['noise', 'gauge', (random) => 100 + 10 * normal(random)],
    ['noise around 0', 'gauge', (random) => 10 * normal(random)],
    ['latencies', 'latency', (random) => 100 * Math.exp(0.4 * normal(random))],
    ['rates', 'ratio', (random) => poisson(random, 20) / 400],
  ];
  test.each(quiet)('one of a thousand quiet points scores 3/7 at most: %s', (_, kind, draw) => {
    const random = randomFrom(40);
    const points = Array.from({ length: 144 * 60 }, (_, index) => ({
      t: MONDAY + index * 600_000,
      v: draw(random, index),
    }));
    const scores = judgeAll(points, { kind })
      .slice(1_000)
      .map(({ score }) => score);
    const share = (surprise: number) =>
      scores.filter((score) => score >= surprise / (surprise + 4)).length / scores.length;
    expect(share(3)).toBeLessThan(0.003);
    expect(share(2)).toBeLessThan(0.03);
    expect(share(1)).toBeLessThan(0.3);
    expect(share(0.3)).toBeGreaterThan(0.2);
  });
  test('nearly all quiet points lie within their band, and it is no wider than it must be', () => {
    const points = counts({ seed: 41, days: 28 });
    const judged = judgeAll(points, { kind: 'count' }).slice(144 * 5);
    const within = judged.filter(({ band }, index) => {
      const { v } = points[index + 144 * 5]!;
      return band.low <= v! && v! <= band.high;
    });
    expect(within.length / judged.length).toBeGreaterThan(0.985);
    const noonOf = judged
      .filter((_, index) => index % 144 === 72)
      .map(({ band }) => (band.high - band.mid) / Math.sqrt(band.mid));
    expect(Math.max(...noonOf.slice(5))).toBeLessThan(5.5);
  });
  test('what it expects of a moment to come is what it then expected', () => {
    const points = counts({ seed: 42, days: 21, mean: 60 });
    const detector = createDetector({ kind: 'count' });
    for (const point of points.slice(0, -72)) detector.judge(point);
    const ahead = points.slice(-72).map(({ t }) => detector.expect(t)!.mid);
    const then = points.slice(-72).map((point) => detector.judge(point).band.mid);
    ahead.forEach((mid, index) => {
      expect(Math.abs(mid - then[index]!) / then[index]!).toBeLessThan(0.2);
    });
  });
  test('series of shops: seven of ten faults at half a false alarm a week, and next to none in promotions', () => {
    const all = shopSeries(77, 12);
    const scored = all.map((series) => {
      const scores = judgeAll(series.rows, { kind: series.kind }).map(({ score }) => score);
      return { series, scores: Float32Array.from(scores) };
    });
    const [figures] = figuresAt(scored, [0.5]);
    expect(figures!.recall).toBeGreaterThan(0.68);
    expect(figures!.medianDelayBuckets).toBeLessThanOrEqual(6);
    expect(Number(figures!.inPromotions.split('/')[0])).toBeLessThanOrEqual(2);
  });
});

describe('a page shows why', () => {
  test('the mean of points that speak together lies outside of what is usual for it', () => {
    const points = counts({ seed: 50, days: 24, mean: 3, change: (day) => (day > 22.3 && day < 22.7 ? 0.3 : 1) });
    const judged = judgeAll(points, { kind: 'count' }).filter(({ together }) => together !== undefined);
    expect(judged.length).toBeGreaterThan(3);
    for (const { together } of judged) {
      const { value, low, mid, high, points: size } = together!;
      expect(size).toBeGreaterThan(1);
      expect(value < low || value > high).toBe(true);
      expect(low <= mid && mid <= high).toBe(true);
    }
  });
  test('no band of a share goes beyond its whole', () => {
    const random = randomFrom(51);
    for (const whole of [1, 100]) {
      const points = counts({ seed: 51, days: 15 }).map(({ t }) => ({
        t,
        v: whole * Math.min(1, 0.97 + 0.03 * normal(random)),
      }));
      expect(Math.max(...judgeAll(points, { kind: 'ratio' }).map(({ band }) => band.high))).toBeLessThanOrEqual(whole);
    }
  });
});

describe('several series together', () => {
  const low = (score: number, isUp = false) => ({ series: `s${score}${isUp}`, score, isUp });
  test('a little low everywhere is more than a little low; one alone is what it is', () => {
    const five = [0.33, 0.34, 0.35, 0.36, 0.37].map((score) => low(score));
    const together = agreement(five)!;
    expect(together.score).toBeGreaterThan(0.5);
    expect(together.agrees).toHaveLength(5);
    const alone = agreement([low(0.6), low(0.05), low(0.1), low(0.02, true)])!;
    expect(alone.score).toBeCloseTo(0.6, 2);
    expect(alone.agrees).toEqual(['s0.6false']);
  });
  test('up and down do not agree', () => {
    const mixed = agreement([low(0.37), low(0.36, true), low(0.35), low(0.34, true)])!;
    expect(mixed.score).toBeLessThan(agreement([low(0.37), low(0.36), low(0.35), low(0.34)])!.score);
    expect(mixed.isUp).toBe(false);
    expect(agreement([])).toBeNull();
  });
});
