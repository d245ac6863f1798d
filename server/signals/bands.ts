/** What was and is expected of a series, at the steps of a chart: the past as it was judged then, the rest as it is known now. */
import type { Band } from '../../analytics/anomalies/detector/detection.ts';
import { bandOver, bandWithin } from '../../analytics/anomalies/watching/band.ts';
import { scoreOf } from '../../analytics/anomalies/watching/incident.ts';
import { type PlannedEntry, plannedAt } from '../../analytics/anomalies/watching/planned.ts';
import { addsUp, DAY_MS, HOUR_MS, type Series, seriesOf } from '../../analytics/anomalies/watching/series.ts';
import { restored } from '../../analytics/anomalies/watching/watch.ts';
import type { Bucket, Watched } from '../../analytics/anomalies/watching/watched.ts';
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { kpiById } from '../../analytics/kpis/index.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { subjectOf } from '../../streams/exceptions/kpi-anomaly.ts';
import {
  BAND_POINTS_MAX,
  type BandAnswer,
  type BandPoint,
  type BandQuery,
  seriesName,
} from '../http/contract/signals.ts';
import { Refusal } from '../http/problems.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { loadSignals, readStatusOf } from './kept-signals.ts';
import { bucketsOf, startOf } from './rounds.ts';
import { type KeptPoint, readPoints } from './signal-points.ts';
import type { SeriesStatus } from './status.ts';

const BACK_BY_DEFAULT_MS = 2 * DAY_MS;
const AHEAD_BY_DEFAULT_MS = 6 * HOUR_MS;
const AHEAD_MS_MAX = 7 * DAY_MS;
/** What was learned is read again after so long; it is saved once an hour. */
const LEARNED_FOR_MS = 60_000;
const LEARNED_MAX = 200;

type Around = {
  now: number;
  timeZone: string;
  planned: readonly PlannedEntry[];
  categoryOf(sku: string): string | undefined;
};
/** One bucket of the series. */
type Seen = Bucket & { band: Band | null; value: number | null; score: number | null };

export function createBands(runtime: Runtime, around: () => Promise<Around>) {
  const learned = new Map<string, { at: number; watched: Watched | null }>();

  /** The detector as it was saved last; null while it has learned nothing. */
  async function learnedOf(series: Series, { now, timeZone }: Around): Promise<Watched | null> {
    const known = learned.get(series.name);
    if (known !== undefined && now - known.at < LEARNED_FOR_MS) return known.watched;
    const saved = await (await loadSignals(runtime, timeZone))?.series(series.name);
    const watched = saved === undefined ? null : restored(series, timeZone, saved);
    if (learned.size >= LEARNED_MAX) learned.delete(learned.keys().next().value!);
    learned.set(series.name, { at: now, watched });
    return watched;
  }

  /** @returns null when there is no such KPI */
  return async function bandOf(query: BandQuery): Promise<BandAnswer | null> {
    const kpi = kpiById(query.kpi);
    if (kpi === undefined) return null;
    const { channel, node, source, sku } = query;
    const of = { kpi: kpi.id, channel, node, source, sku };
    const name = seriesName(kpi.id, of);
    const [status, where] = [await readStatusOf(runtime, name), await around()];
    const to = Math.min(query.to ?? where.now + AHEAD_BY_DEFAULT_MS, where.now + AHEAD_MS_MAX);
    const from = query.from ?? to - BACK_BY_DEFAULT_MS - AHEAD_BY_DEFAULT_MS;
    if (from >= to) throw refused('from must lie before to, and to at most a week ahead.');
    const about = { kpi: kpi.id, channel, node, source, sku, name: kpi.name, unit: kpi.unit };
    if (status === null) return { ...about, ...unwatched(from, to, query.step), why: whyUnwatched(kpi.waitsFor) };
    const { grainMs } = status;
    const stepMs = query.step ?? grainMs;
    if ((to - from) / Math.max(stepMs, 1) > BAND_POINTS_MAX) {
      throw refused(`These are more than ${BAND_POINTS_MAX} points: ask for a longer step or a shorter time.`);
    }
    const series = seriesOf(of, grainMs);
    const steps = stepsOf({ from, to }, stepMs, where.timeZone);
    // Whole steps: half a day would look like a fall.
    const span = { from: startOf(grainMs, steps[0]!.from, where.timeZone), to: steps.at(-1)!.to };
    const [kept, watched, anomalies] = await Promise.all([
      reachable(readPoints(runtime.history, name, span)),
      learnedOf(series, where),
      toldOf(runtime, series, status, span),
    ]);
    const seen = seenOf({ kept, watched, series, span, where });
    const points = atSteps(seen, steps, series);
    return {
      ...about,
      from,
      to,
      stepMs,
      grainMs,
      knownUntil: status.last === null ? from : status.last.at + grainMs,
      warm: status.warm,
      points: points.some(({ mid }) => mid !== null) ? points : [],
      anomalies,
      planned: plannedAt(where.planned, series, { from, to }, where.categoryOf).entries.map(
        ({ entry, kind, name, from, to }) => ({ entry, kind, name, from, to }),
      ),
      why: watched === null && kept.length === 0 ? 'nothing was learned of it yet' : null,
    };
  };
}

const refused = (detail: string) => new Refusal(400, { title: 'This cannot be asked', detail });

const unwatched = (from: number, to: number, step: number | undefined) => ({
  from,
  to,
  stepMs: step ?? HOUR_MS,
  grainMs: HOUR_MS,
  knownUntil: from,
  warm: 0,
  points: [],
  anomalies: [],
  planned: [],
});

const whyUnwatched = (waitsFor: string | undefined): string =>
  waitsFor === undefined
    ? 'too little happens in it to say what is usual, or nobody measures it by the hour'
    : `it waits for ${waitsFor}`;

type Span = { from: number; to: number };

/** Every bucket of the time: as it was judged where it was, else as it is expected by what is known now. */
function seenOf(given: {
  kept: readonly KeptPoint[];
  watched: Watched | null;
  series: Series;
  span: Span;
  where: Around;
}): Seen[] {
  const { kept, watched, series, span, where } = given;
  const byStart = new Map(kept.filter(({ seconds }) => isWidth(seconds, series)).map((point) => [point.start, point]));
  return bucketsOf(series.grainMs, span, where.timeZone).map((bucket) => {
    const point = byStart.get(bucket.from);
    if (point !== undefined) {
      const { low, mid, high, value, score } = point;
      return { ...bucket, band: { low, mid, high }, value, score };
    }
    const planned = plannedAt(where.planned, series, bucket, where.categoryOf);
    return { ...bucket, band: watched?.expect(bucket.from, planned) ?? null, value: null, score: null };
  });
}

/** Days are not all of one length; other buckets of an earlier grain must not be mixed in. */
const isWidth = (seconds: number, { grainMs }: Series): boolean =>
  Math.abs(seconds * 1_000 - grainMs) <= HOUR_MS / 12 || (grainMs === DAY_MS && seconds * 1_000 > grainMs / 2);

/** Days are those of the workspace; other steps are counted from 1970. */
function stepsOf({ from, to }: Span, stepMs: number, timeZone: string): Bucket[] {
  if (stepMs === DAY_MS) return bucketsOf(DAY_MS, { from: startOf(DAY_MS, from, timeZone), to }, timeZone);
  return bucketsOf(stepMs, { from: Math.floor(from / stepMs) * stepMs, to }, timeZone);
}

function atSteps(seen: readonly Seen[], steps: readonly Bucket[], { kind, grainMs }: Series): BandPoint[] {
  let next = 0;
  return steps.map(({ from, to }) => {
    while (next < seen.length && seen[next]!.to <= from) next += 1;
    const within: Seen[] = [];
    for (let index = next; index < seen.length && seen[index]!.from < to; index++) within.push(seen[index]!);
    return pointOf(from, to, within, kind, grainMs);
  });
}

function pointOf(at: number, end: number, within: readonly Seen[], kind: Series['kind'], grainMs: number): BandPoint {
  const bands = within.flatMap(({ band }) => (band === null ? [] : [band]));
  const scores = within.flatMap(({ score }) => (score === null ? [] : [score]));
  const score = scores.length === 0 ? null : Math.max(...scores);
  if (within.length === 0 || bands.length < within.length)
    return { at, low: null, mid: null, high: null, value: null, score };
  const share = within.length === 1 ? Math.min(1, (end - at) / Math.max(grainMs, within[0]!.to - within[0]!.from)) : 1;
  const band = bandWithin(bandOver(bands, kind), share, kind);
  return {
    at,
    low: six(band.low),
    mid: six(band.mid),
    high: six(band.high),
    value: valueOver(within, kind, share),
    score,
  };
}

/** Null when a part of it is not known: a sum of the rest would look like a fall. */
function valueOver(within: readonly Seen[], kind: Series['kind'], share: number): number | null {
  const values = within.map(({ value }) => value);
  if (values.includes(null)) return null;
  const sum = (values as number[]).reduce((total, value) => total + value, 0);
  if (addsUp(kind)) return six(sum * share);
  return kind === 'gauge' ? (values.at(-1) ?? null) : six(sum / values.length);
}

const six = (value: number): number => Number(value.toPrecision(6));

/** When people were told of it, and what stands open now in the name of another. */
async function toldOf({ history }: Runtime, series: Series, status: SeriesStatus, { from, to }: Span) {
  const subject = subjectOf(series);
  const rows = await reachable(
    queryRows<{ began: number; ended: number }>(history, loadQuery('signals/told-of'), { subject, from, to }),
  );
  const { out } = status;
  const anomalies: BandAnswer['anomalies'] = rows.map(({ began, ended }) => ({
    from: Number(began),
    to: Number(ended) || null,
    what: out !== null && Number(ended) === 0 ? out.what : 'normal',
    score: out !== null && Number(ended) === 0 ? out.score : scoreOf(0),
    exception: `kpi-anomaly:${subject}`,
  }));
  if (out !== null && !anomalies.some((one) => one.to === null)) {
    const [kpi = '', place = ''] = out.toldBy.split(/\/(.*)/s);
    const [part = '', value = ''] = place.split(/=(.*)/s);
    const teller = subjectOf({ kpi, ...(place === '' ? {} : { [part]: value }) });
    anomalies.push({ from: out.since, to: null, what: out.what, score: out.score, exception: `kpi-anomaly:${teller}` });
  }
  return anomalies;
}
