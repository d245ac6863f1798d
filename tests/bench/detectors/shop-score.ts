/** How many faults a detector finds at a given number of false alarms, and how soon. */
import type { FaultKind } from './shop-faults.ts';
import { QUIET_DAYS, SERIES_DAYS, type ShopSeries } from './shop-series.ts';

const DAY_MS = 86_400_000;
/** Exceedances closer than this belong to one alarm. */
const SAME_ALARM_MS = 3 * 3_600_000;
/** What follows a fault by less than this is its end, or people's figures finding back. */
const AFTER_MS = 6 * 3_600_000;
const AFTER_SHARE = 0.5;
const AFTER_BUCKETS = 6;

export type Scored = { series: ShopSeries; scores: Float32Array };
export type Found = { kind: FaultKind; series: number; peaks: { score: number; bucket: number }[] };
export type ShopFigures = {
  threshold: number;
  falseAlarmsPerSeriesWeek: number;
  recall: number;
  recallOf: Record<string, string>;
  medianDelayBuckets: number;
  inPromotions: string;
};

/** For each wished rate of false alarms the figures at the lowest threshold that keeps to it. */
export function figuresAt(all: Scored[], wished: number[]): ShopFigures[] {
  const weeks = (all.length * (SERIES_DAYS - QUIET_DAYS / 2)) / 7;
  const levels = [...new Set(all.flatMap(({ scores }) => peaksOf(scores)))].sort((a, b) => a - b);
  return wished.map((rate) => {
    let low = 0;
    let high = levels.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (falseAlarms(all, levels[middle]!).outside / weeks <= rate) high = middle;
      else low = middle + 1;
    }
    return figuresOf(all, levels[low] ?? 1, weeks);
  });
}

/** All values that can matter, thinned. */
function peaksOf(scores: Float32Array): number[] {
  return Array.from(scores)
    .filter((score) => score > 0.2)
    .map((score) => Math.round(score * 2_000) / 2_000);
}

function falseAlarms(all: Scored[], threshold: number): { outside: number; promotions: number; promotionsHit: number } {
  let outside = 0;
  let promotions = 0;
  let promotionsHit = 0;
  for (const { series, scores } of all) {
    const bucketMs = series.minutes * 60_000;
    const begin = series.rows[0]!.t + (QUIET_DAYS / 2) * DAY_MS;
    const excused = series.faults.map(({ from, to }) => ({
      from,
      to: to + Math.max(AFTER_MS, AFTER_SHARE * (to - from), AFTER_BUCKETS * bucketMs),
    }));
    let last = Number.NEGATIVE_INFINITY;
    const hit = new Set<number>();
    for (let index = 0; index < scores.length; index++) {
      if (scores[index]! < threshold) continue;
      const { t } = series.rows[index]!;
      const isNew = t - last > SAME_ALARM_MS;
      if (excused.some(({ from, to }) => from <= t && t <= to)) {
        last = t;
        continue;
      }
      last = t;
      if (!isNew || t < begin) continue;
      const promotion = series.promotions.findIndex(({ from, to }) => from <= t && t <= to);
      if (promotion >= 0) hit.add(promotion);
      outside += 1;
    }
    promotions += series.promotions.length;
    promotionsHit += hit.size;
  }
  return { outside, promotions, promotionsHit };
}

function figuresOf(all: Scored[], threshold: number, weeks: number): ShopFigures {
  const found = new Map<string, [number, number]>();
  const delays: number[] = [];
  const count = (key: string, hit: boolean) => {
    const [hits, of] = found.get(key) ?? [0, 0];
    found.set(key, [hits + (hit ? 1 : 0), of + 1]);
  };
  for (const { series, scores } of all) {
    for (const fault of series.faults) {
      const first = series.rows.findIndex(({ t }) => t >= fault.from);
      let at = first;
      while (at < scores.length && series.rows[at]!.t <= fault.to && scores[at]! < threshold) at += 1;
      const hit = at < scores.length && series.rows[at]!.t <= fault.to;
      if (hit) delays.push(at - first);
      for (const key of ['all', fault.kind, `of ${series.kind}`]) count(key, hit);
    }
  }
  const { outside, promotions, promotionsHit } = falseAlarms(all, threshold);
  const [hits, of] = found.get('all') ?? [0, 1];
  delays.sort((a, b) => a - b);
  return {
    threshold,
    falseAlarmsPerSeriesWeek: outside / weeks,
    recall: hits / of,
    recallOf: Object.fromEntries([...found].map(([key, [n, all]]) => [key, `${n}/${all}`])),
    medianDelayBuckets: delays[delays.length >> 1] ?? Number.NaN,
    inPromotions: `${promotionsHit}/${promotions}`,
  };
}
