/** Rows of steps folded into figures per bucket and place, with the arithmetic of the live figures. Pure. */
import type { Bucket } from '../../../streams/operations/states.ts';
import type { Measure } from '../../kpis/definition.ts';
import { durationCounts, flowValue } from '../../kpis/evaluate.ts';
import { durationBounds } from '../../kpis/histogram.ts';
import { durationMeasures, type Kpi, kpiById } from '../../kpis/index.ts';
import type { Column, Term } from '../../kpis/terms.ts';
import { stepFlows } from './choose-series.ts';
import { placeOf, type SeriesOf } from './series.ts';

/** One row as it is read; `longer` holds counts by the ms at which their bucket of the histogram begins. */
export type FlowRow = {
  start: number;
  step: string;
  clock: string;
  channel: string;
  node: string;
  currency: string;
  why: string;
  longer: Record<string, number>;
} & { [C in Column as `${C}_sum`]: number };

/** Sums of measures by place; the empty place is the whole workspace. */
export type PlaceSums = Map<string, Bucket>;

type Entry = { measure: Measure; terms: readonly Term[]; clock: string };

const measures: readonly Measure[] = [...new Set([...stepFlows.flatMap(measuresOf), ...durationMeasures])];
const byStep = entriesByStep();
const indexOfBound = new Map(durationBounds.map((bound, index) => [String(bound), index]));

/** What has to be asked for. */
export const flowsAsked = {
  steps: [...byStep.keys()].sort(),
  clocks: [...new Set(measures.map(({ clock = 'step' }) => clock))].sort(),
  withCauses: stepsWhere(({ causes }) => causes !== undefined),
  withDurations: [...new Set(measures.filter(({ per }) => per === 'duration').flatMap(stepNames))].sort(),
};

/** Sums by the start of the bucket, ms, and the place. */
export function sumsOf(rows: Iterable<FlowRow>): Map<number, PlaceSums> {
  const buckets = new Map<number, PlaceSums>();
  for (const row of rows) {
    const start = row.start * 1_000;
    let places = buckets.get(start);
    if (places === undefined) {
      places = new Map();
      buckets.set(start, places);
    }
    for (const place of placesOf(row)) addRow(bucketAt(places, place), row);
  }
  return buckets;
}

/** Buckets of a longer time: sums add up. */
export function joined(parts: Iterable<PlaceSums | undefined>): PlaceSums {
  const sum: PlaceSums = new Map();
  for (const places of parts) {
    for (const [place, bucket] of places ?? []) {
      const own = bucketAt(sum, place);
      for (const name in bucket) own[name] = (own[name] ?? 0) + bucket[name]!;
    }
  }
  return sum;
}

/** A rate or a quantile of fewer cases is chance, and not judged. */
const CASES_MIN = 5;

/** A flow at a place in a bucket: 0 where nothing happened, null for a rate of nothing or of next to nothing. */
export function figureAt(of: SeriesOf, sums: PlaceSums, currency: string): number | null {
  const kpi = kpiById(of.kpi)!;
  const bucket = sums.get(placeOf(of)) ?? {};
  return casesIn(kpi, bucket) < CASES_MIN ? null : flowValue(kpi, bucket, currency);
}

/** Infinite where they are not counted: a count has none, and amounts of money are no cases. */
function casesIn({ live }: Kpi, bucket: Bucket): number {
  if (live.kind === 'quantile') {
    let cases = 0;
    for (const [, count] of durationCounts(bucket, live.of)) cases += count;
    return cases;
  }
  if (live.kind !== 'ratio' || live.whole.some(({ per }) => per === 'currency')) return Number.POSITIVE_INFINITY;
  return live.whole.reduce((cases, { name }) => cases + (bucket[name] ?? 0), 0);
}

/** Steps in a time by place and name, for choosing what is watched. */
export function stepCounts(rows: Iterable<FlowRow>): Map<string, Map<string, number>> {
  const places = new Map<string, Map<string, number>>();
  for (const row of rows) {
    for (const place of placesOf(row)) {
      const steps = places.get(place) ?? new Map<string, number>();
      places.set(place, steps.set(row.step, (steps.get(row.step) ?? 0) + row.steps_sum));
    }
  }
  return places;
}

/** The whole, and where it names one its channel and its node. */
function placesOf({ channel, node }: Pick<FlowRow, 'channel' | 'node'>): string[] {
  const places = [''];
  if (channel !== '') places.push(`channel=${channel}`);
  if (node !== '') places.push(`node=${node}`);
  return places;
}

function addRow(bucket: Bucket, row: FlowRow): void {
  for (const { measure, terms, clock } of byStep.get(row.step) ?? []) {
    if (clock !== row.clock) continue;
    if (measure.per === 'duration') addDurations(bucket, measure.name, terms, row);
    else {
      const added = addedBy(terms, row);
      if (added === 0) continue;
      const name = measure.per === 'currency' ? `${measure.name}.${row.currency}` : measure.name;
      bucket[name] = (bucket[name] ?? 0) + added;
    }
  }
}

function addedBy(terms: readonly Term[], row: FlowRow): number {
  let sum = 0;
  for (const { column, sign = 1, causes } of terms) {
    if (causes === undefined || causes.includes(row.why)) sum += sign * Number(row[`${column}_sum`]);
  }
  return sum;
}

/** What the others leave of the steps is in the first bucket of the histogram. */
function addDurations(bucket: Bucket, name: string, terms: readonly Term[], row: FlowRow): void {
  for (const { sign = 1, causes } of terms) {
    if (causes !== undefined && !causes.includes(row.why)) continue;
    let first = Number(row.steps_sum);
    for (const bound in row.longer) {
      const count = Number(row.longer[bound]);
      first -= count;
      const key = `${name}.${indexOfBound.get(bound)!}`;
      bucket[key] = (bucket[key] ?? 0) + sign * count;
    }
    if (first !== 0) bucket[`${name}.0`] = (bucket[`${name}.0`] ?? 0) + sign * first;
  }
}

function bucketAt(places: PlaceSums, place: string): Bucket {
  const known = places.get(place);
  if (known !== undefined) return known;
  const bucket: Bucket = {};
  places.set(place, bucket);
  return bucket;
}

function measuresOf({ live }: Kpi): readonly Measure[] {
  if (live.kind === 'count') return [...live.plus, ...(live.minus ?? [])];
  return live.kind === 'ratio' ? [...live.part, ...live.whole] : [];
}

function stepNames({ terms }: Measure): string[] {
  return terms.map(({ step }) => step);
}

function stepsWhere(holds: (term: Term) => boolean): string[] {
  return [...new Set(measures.flatMap(({ terms }) => terms.filter(holds).map(({ step }) => step)))].sort();
}

function entriesByStep(): Map<string, Entry[]> {
  const table = new Map<string, Entry[]>();
  for (const measure of measures) {
    for (const step of new Set(stepNames(measure))) {
      const terms = measure.terms.filter((term) => term.step === step);
      table.set(step, [...(table.get(step) ?? []), { measure, terms, clock: measure.clock ?? 'step' }]);
    }
  }
  return table;
}
