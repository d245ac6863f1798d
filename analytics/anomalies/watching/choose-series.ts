/** Which series are watched, and by how wide buckets: by what happens in them. Pure. */

import type { Measure } from '../../kpis/definition.ts';
import { isFlow, type Kpi, kpiById, kpis } from '../../kpis/index.ts';
import { stepsOf } from '../../kpis/terms.ts';
import { DAY_MS, HOUR_MS, nameOf, rankOf, type Series, type SeriesOf, seriesOf, TEN_MINUTES_MS } from './series.ts';

export const SERIES_MAX = 1_000;
export const SKUS_MAX = 100;
/** Below a mean of so many a bucket, chance hides what happens: the bucket is made wider. */
const COUNTS_PER_BUCKET = 3;
/** A rate or a quantile of few cases says little. */
const CASES_PER_BUCKET = 10;
/** Rarer than this, a count is not a series but a list. */
const EVENTS_PER_DAY_MIN = 1;
const SKU_UNITS_PER_DAY_MIN = 12;

/** How many steps of a name there are in a day, at a place; the empty place is the whole workspace. */
export type StepsPerDay = ReadonlyMap<string, ReadonlyMap<string, number>>;

export type Chosen = { series: Series[]; leftOut: number };

export type Known = {
  /** By place, such as `channel=web`. */
  steps: StepsPerDay;
  /** Units a day. */
  skus: ReadonlyMap<string, number>;
  sources: readonly string[];
};

/** Flows that are made of steps: all but those that are worked out in another way. */
export const stepFlows: readonly Kpi[] = kpis.filter(
  (kpi) => isFlow(kpi) && kpi.sql === undefined && kpi.waitsFor === undefined,
);
/** Levels that stand at any hour, and what is measured every hour. */
export const hourlyLevels: readonly Kpi[] = kpis.filter(
  ({ id, live, waitsFor, sql, group }) =>
    waitsFor === undefined &&
    (id === 'source-events' ||
      (live.kind === 'level' && sql?.arrivals !== true) ||
      live.kind === 'age' ||
      (live.kind === 'history' && sql?.file === 'measured' && group !== 'money')),
);

const placesOfFlows = ['channel', 'node'] as const;

/** What a flow is counted from: of rates what they are rates of. */
export function measuresBehind({ live }: Kpi, durations: readonly Measure[]): readonly Measure[] {
  if (live.kind === 'count') return live.plus;
  if (live.kind === 'ratio') return live.whole;
  if (live.kind === 'quantile') return durations.filter(({ name }) => name === live.of);
  return [];
}

/** @returns null: too rare to be watched */
export function grainFor(kpi: Kpi, eventsPerDay: number): number | null {
  const perBucket = (grainMs: number) => (eventsPerDay * grainMs) / DAY_MS;
  if (kpi.live.kind === 'count') {
    if (kpi.cadence === 'minute' && perBucket(TEN_MINUTES_MS) >= COUNTS_PER_BUCKET) return TEN_MINUTES_MS;
    return eventsPerDay >= EVENTS_PER_DAY_MIN ? HOUR_MS : null;
  }
  if (perBucket(HOUR_MS) >= CASES_PER_BUCKET) return HOUR_MS;
  return perBucket(DAY_MS) >= CASES_PER_BUCKET ? DAY_MS : null;
}

/** The whole before its parts, the busy ones before the quiet ones. */
export function chooseSeries({ steps, skus, sources }: Known, durations: readonly Measure[], max = SERIES_MAX): Chosen {
  const found: { of: SeriesOf; grainMs: number; weight: number }[] = [];
  const places = [...steps.keys()];
  for (const kpi of stepFlows) {
    for (const place of places) {
      const of = seriesAt(kpi, place);
      if (of === null) continue;
      const weight = eventsOf(kpi, durations, steps.get(place)!);
      const grainMs = grainFor(kpi, weight);
      if (grainMs !== null) found.push({ of, grainMs, weight });
    }
  }
  for (const kpi of hourlyLevels) {
    for (const of of levelsOf(kpi, places, sources)) found.push({ of, grainMs: HOUR_MS, weight: 0 });
  }
  const fast = [...skus].filter(([, units]) => units >= SKU_UNITS_PER_DAY_MIN).sort(([, a], [, b]) => b - a);
  for (const [sku, weight] of fast.slice(0, SKUS_MAX)) {
    found.push({ of: { kpi: 'units', sku }, grainMs: HOUR_MS, weight });
  }
  const isPart = ({ of }: { of: SeriesOf }): number => (nameOf(of) === of.kpi ? 0 : 1);
  found.sort(
    (a, b) =>
      isPart(a) - isPart(b) ||
      b.weight - a.weight ||
      rankOf(a.of.kpi) - rankOf(b.of.kpi) ||
      (nameOf(a.of) < nameOf(b.of) ? -1 : 1),
  );
  const series = found.slice(0, max).map(({ of, grainMs }) => seriesOf(of, grainMs));
  return { series, leftOut: Math.max(0, found.length - max) };
}

/** @returns null when the KPI is not measured there */
function seriesAt(kpi: Kpi, place: string): SeriesOf | null {
  if (place === '') return { kpi: kpi.id };
  const [part = '', value = ''] = splitPlace(place);
  const isMeasured = placesOfFlows.some((one) => one === part && kpi.dimensions.includes(one));
  return isMeasured ? { kpi: kpi.id, [part]: value } : null;
}

const splitPlace = (place: string): [string, string] => {
  const at = place.indexOf('=');
  return [place.slice(0, at), place.slice(at + 1)];
};

function levelsOf(kpi: Kpi, places: readonly string[], sources: readonly string[]): SeriesOf[] {
  const parts = places.flatMap((place) => (place === '' ? [] : (seriesAt(kpi, place) ?? [])));
  const ofSources = kpi.dimensions.includes('source') ? sources.map((source) => ({ kpi: kpi.id, source })) : [];
  // What is only measured per source has no sum that would mean anything.
  const whole = ofSources.length > 0 ? [] : [{ kpi: kpi.id }];
  return [...whole, ...parts, ...ofSources];
}

function eventsOf(kpi: Kpi, durations: readonly Measure[], perStep: ReadonlyMap<string, number>): number {
  const steps = new Set(measuresBehind(kpi, durations).flatMap(({ terms }) => stepsOf(terms)));
  return [...steps].reduce((sum, step) => sum + Math.max(0, perStep.get(step) ?? 0), 0);
}

export const isStepFlow = (kpi: string): boolean => stepFlows.includes(kpiById(kpi)!);
