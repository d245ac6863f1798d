/** From sums to figures: one place for live buckets and for SQL, so that the two cannot drift apart. */
import { AGE_STEP_MS } from '../../streams/operations/orders/order-life.ts';
import type { Backlog, Bucket } from '../../streams/operations/states.ts';
import type { Filter, Gauges, Kpi, Live, Measure } from './definition.ts';
import { durationQuantile, rankedAt } from './histogram.ts';
import { matches } from './levels.ts';

/** Whether it is worked out from history alone, and has neither buckets nor states. */
export const isHistory = (kpi: Kpi): boolean => kpi.live.kind === 'history';

export const isFlow = (kpi: Kpi): boolean =>
  kpi.live.kind === 'count' || kpi.live.kind === 'ratio' || kpi.live.kind === 'quantile';

/** Adds buckets up. No bucket at all gives undefined: that is no data, not zero. */
export function sumBuckets(buckets: Iterable<Bucket | undefined>): Bucket | undefined {
  let sum: Bucket | undefined;
  for (const bucket of buckets) {
    if (bucket === undefined) continue;
    sum ??= {};
    for (const measure in bucket) sum[measure] = (sum[measure] ?? 0) + bucket[measure]!;
  }
  return sum;
}

/**
 * A flow KPI from summed buckets: count, minor units, percent 0..100 or duration in its unit. Null without data.
 * Pass `{}` for a time that is covered by the record and had no events: counts are 0 then, rates are null.
 * @param currency the workspace's; amounts in others are left out
 * @throws when the KPI is no flow
 */
export function flowValue(kpi: Kpi, bucket: Bucket | undefined, currency: string): number | null {
  if (bucket === undefined) return null;
  const { live } = kpi;
  const sum = (measures: readonly Measure[] = []) =>
    measures.reduce((total, measure) => total + (bucket[bucketName(measure, currency)] ?? 0), 0);
  switch (live.kind) {
    case 'count':
      return sum(live.plus) - sum(live.minus);
    case 'ratio':
      return ratioOf(live, sum(live.part), sum(live.whole));
    case 'quantile':
      return quantileOf(live, durationCounts(bucket, live.of));
    default:
      throw new Error(`${kpi.id} is no flow and has no buckets`);
  }
}

export const ratioOf = ({ times = 100 }: Extract<Live, { kind: 'ratio' }>, part: number, whole: number) =>
  whole > 0 ? (times * part) / whole : null;

export function quantileOf(
  { share, unitMs }: Extract<Live, { kind: 'quantile' }>,
  counts: Iterable<readonly [number, number]>,
): number | null {
  const ms = durationQuantile(counts, share);
  return ms === null ? null : ms / unitMs;
}

const bucketName = ({ name, per }: Measure, currency: string): string =>
  per === 'currency' ? `${name}.${currency}` : name;

/** The distribution kept under a name (`cycle-time`, `latency.push`) in a bucket, as histogram index and count. */
export function* durationCounts(bucket: Bucket, name: string): Generator<[number, number]> {
  const prefix = `${name}.`;
  for (const measure in bucket) {
    if (measure.startsWith(prefix)) yield [Number(measure.slice(prefix.length)), bucket[measure]!];
  }
}

/**
 * A level at `gauges.now`, for the whole workspace or within a filter. Null without data.
 * @throws when the KPI is a flow
 */
export function gaugeValue(kpi: Kpi, gauges: Gauges, filter: Filter = {}): number | null {
  const { live } = kpi;
  if (live.kind === 'level') return live.read(gauges, filter);
  if (live.kind === 'age') return ageOf(live, slotCounts(gauges.backlogs, filter), gauges.now);
  throw new Error(`${kpi.id} is no level that states know`);
}

/**
 * Quantile of the age of open work; null when nothing is open.
 * @param slots open lines per quarter of an hour in which they were accepted
 */
export function ageOf(
  { share, unitMs }: Extract<Live, { kind: 'age' }>,
  slots: ReadonlyMap<number, number>,
  now: number,
): number | null {
  // Old slots are small, old ages are great: rank from the youngest.
  const slot = rankedAt(new Map([...slots].map(([key, count]) => [-key, count])), share);
  return slot === null ? null : Math.max(0, now - (-slot + 0.5) * AGE_STEP_MS) / unitMs;
}

function slotCounts(backlogs: readonly Backlog[], filter: Filter): Map<number, number> {
  const slots = new Map<number, number>();
  for (const backlog of backlogs) {
    if (!matches(backlog, filter)) continue;
    for (const slot in backlog.lines) {
      const key = Number(slot);
      slots.set(key, (slots.get(key) ?? 0) + backlog.lines[slot]!);
    }
  }
  return slots;
}
