/** What detectors find in series of shops at a given number of false alarms, beside what shops do without one. */
import { createDetector } from '../../../analytics/anomalies/detector/create-detector.ts';
import type { Judgement } from '../../../analytics/anomalies/detector/detection.ts';
import { hourOfWeek } from './hour-of-week.ts';
import { figuresAt, type Scored } from './shop-score.ts';
import { type ShopSeries, shopSeries } from './shop-series.ts';

/** Thresholds and constants were chosen on the first of these; the others were looked at once. */
const seedsSeen = [1, 2, 3];
const seedsHeldOut = [101, 102, 103, 104];
const SERIES_A_SEED = 20;
const RATES = [0.2, 0.5, 1];
/** The first days teach. */
const QUIET_FROM_MS = 7 * 86_400_000;

type Field = 'score' | 'alert';

export function measureShop(): void {
  for (const [name, seeds] of [
    ['seen', seedsSeen],
    ['held out', seedsHeldOut],
  ] as const) {
    const all = seeds.flatMap((seed) => shopSeries(seed, SERIES_A_SEED));
    const points = all.reduce((sum, { rows }) => sum + rows.length, 0);
    const judged: Judgement[][] = [];
    const began = process.cpuUsage();
    for (const { kind, rows } of all) {
      const detector = createDetector({ kind });
      judged.push(rows.map((row) => detector.judge(row)));
    }
    const { user, system } = process.cpuUsage(began);
    const micros = (user + system) / points;
    console.log(
      `\nKind declared, seeds ${seeds} (${name}): ${points} points of ${all.length} series, ${micros.toFixed(2)} us a point`,
    );
    const of = (field: Field) => scoredBy(all, (index, row) => judged[index]![row]![field]);
    show([
      ['score', of('score')],
      ['alert', of('alert')],
      ['hour-of-week z', baseline(all)],
    ]);
    if (name === 'held out') console.log('Found by kind, at 0.5:', figuresAt(of('score'), [0.5])[0]!.recallOf);
  }
  showCalibration();
}

function scoredBy(all: ShopSeries[], score: (series: number, row: number) => number): Scored[] {
  return all.map((series, index) => ({
    series,
    scores: Float32Array.from(series.rows, (_, row) => score(index, row)),
  }));
}

function baseline(all: ShopSeries[]): Scored[] {
  return all.map((series) => {
    const z = hourOfWeek();
    return { series, scores: Float32Array.from(series.rows, ({ t, v }) => (v === null ? 0 : z(t, v))) };
  });
}

function show(scored: [string, Scored[]][]): void {
  console.table(
    scored.flatMap(([by, all]) =>
      figuresAt(all, RATES).map((figures, index) => ({
        by,
        'false alarms allowed': RATES[index],
        had: figures.falseAlarmsPerSeriesWeek.toFixed(2),
        recall: figures.recall.toFixed(3),
        threshold: figures.threshold.toFixed(3),
        'median delay, buckets': figures.medianDelayBuckets,
        'promotions with one': figures.inPromotions,
      })),
    ),
  );
}

/** What a score comes to where nothing is wrong. */
function showCalibration(): void {
  const scores: number[] = [];
  let outside = 0;
  for (const { kind, rows } of shopSeries(201, SERIES_A_SEED, true)) {
    const detector = createDetector({ kind });
    for (const row of rows) {
      const { score, band } = detector.judge(row);
      if (row.v === null || row.t < rows[0]!.t + QUIET_FROM_MS) continue;
      scores.push(score);
      if (row.v < band.low || row.v > band.high) outside += 1;
    }
  }
  console.log(
    `\nQuiet series of shops: ${((100 * outside) / scores.length).toFixed(2)} % of ${scores.length} points outside of their band`,
  );
  console.table(
    [0.5, 1, 1.5, 2, 2.5, 3, 4].map((surprise) => {
      const from = surprise / (surprise + 4);
      const share = scores.filter((score) => score >= from).length / scores.length;
      return {
        'score from': from.toFixed(3),
        'share said': (10 ** -surprise).toPrecision(2),
        'share had': share.toPrecision(2),
      };
    }),
  );
}
