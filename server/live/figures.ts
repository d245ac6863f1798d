/** Figures over the windows that screens show, from the mirrored buckets and states. */
import {
  type Filter,
  flowValue,
  type Gauges,
  gaugeValue,
  isFlow,
  type Kpi,
  sumBuckets,
} from '../../analytics/kpis/index.ts';
import { bucketStart, HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import type { Bucket } from '../../streams/operations/states.ts';
import type { Mirror } from './mirror.ts';

/** What was measured in [from, to): whole hours where they fit, minutes at the edges. Undefined when nothing was. */
export function measuredBetween(mirror: Mirror, from: number, to: number, filter: Filter = {}): Bucket | undefined {
  const firstHour = Math.min(to, Math.ceil(from / HOUR_MS) * HOUR_MS);
  const lastHour = Math.max(firstHour, Math.floor(to / HOUR_MS) * HOUR_MS);
  return sumBuckets([
    ...sums(mirror, 'minute', from, firstHour, filter),
    ...sums(mirror, 'hour', firstHour, lastHour, filter),
    ...sums(mirror, 'minute', lastHour, to, filter),
  ]);
}

/**
 * What a KPI counted in [from, to). One that is kept by the hour is told of whole hours: the running one as far as it has
 * come, unless its sums may lie ahead of now; then of the hours that are over.
 */
export function measuredFor(
  mirror: Mirror,
  { cadence, ahead }: Pick<Kpi, 'cadence' | 'ahead'>,
  from: number,
  to: number,
  filter: Filter = {},
): Bucket | undefined {
  if (cadence !== 'hour') return measuredBetween(mirror, from, to, filter);
  const ends = ahead ? Math.floor(to / HOUR_MS) : Math.ceil(to / HOUR_MS);
  return sumBuckets(sums(mirror, 'hour', Math.floor(from / HOUR_MS) * HOUR_MS, ends * HOUR_MS, filter));
}

function sums(mirror: Mirror, grain: 'minute' | 'hour', from: number, to: number, filter: Filter) {
  const step = grain === 'hour' ? HOUR_MS : MINUTE_MS;
  const found: (Bucket | undefined)[] = [];
  for (let start = Math.ceil(from / step) * step; start < to; start += step) {
    found.push(mirror.buckets.sum(grain, start, filter));
  }
  return found;
}

/** Sums per step, oldest first; undefined for a step in which nothing was measured. Steps are whole minutes or hours. */
export function measuredPerStep(mirror: Mirror, from: number, to: number, stepMs: number, filter: Filter = {}) {
  const count = Math.max(0, Math.ceil((to - from) / stepMs));
  const grain = stepMs >= HOUR_MS ? 'hour' : 'minute';
  return Array.from({ length: count }, (_, index) => {
    const start = from + index * stepMs;
    return sumBuckets(sums(mirror, grain, start, Math.min(to, start + stepMs), filter));
  });
}

export function gaugesOf(mirror: Mirror): Gauges {
  const { states } = mirror;
  return {
    totals: [...states.totals.values()],
    backlogs: [...states.backlog.values()],
    waves: [...states.wave.values()],
    exceptions: [...states.exception.values()],
    sources: [...states.source.values()],
    now: mirror.businessNow(),
    currency: mirror.workspace().currency,
  };
}

/** A KPI as it stands: levels now, flows since the local day began. */
export function currentValue(mirror: Mirror, kpi: Kpi): number | null {
  if (!isFlow(kpi)) return gaugeValue(kpi, gaugesOf(mirror));
  const { timeZone, currency } = mirror.workspace();
  const now = mirror.businessNow();
  return flowValue(kpi, measuredFor(mirror, kpi, bucketStart('day', now, timeZone), now + MINUTE_MS), currency);
}

/** A named sum, 0 when it was not measured. */
export const sumIn = (bucket: Bucket | undefined, measure: string): number => bucket?.[measure] ?? 0;
