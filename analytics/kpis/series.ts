/** A KPI over time, from history: rows of its SQL folded into points with the same arithmetic as the live figures. */
import { type BucketGrain, bucketGrains, bucketStart, HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import { distributionQuery, flowQuery, levelQuery } from '../sql/flow.ts';
import type { Dimension, HistoryRow, Kpi } from './definition.ts';
import { ageOf, isFlow, quantileOf, ratioOf } from './evaluate.ts';
import { durationBounds } from './histogram.ts';
import { durationMeasures } from './index.ts';
import { type LevelSpan, MINUTES_KEPT_MS, spansBefore, spansFor } from './roll-up-level.ts';

/** Points of one series; a caller who wants more takes a coarser grain. */
export const SERIES_POINTS_MAX = 50_000;
/** Longer than any local day. */
const DAY_MS_MAX = 25 * HOUR_MS;

/**
 * Runs a named query of analytics/sql (`kpis/on-hand`), or a text that was made from a definition, and gives its rows.
 * @throws when history cannot be asked
 */
export type AskHistory = (
  query: string | { sql: string },
  parameters: Record<string, string | number | readonly number[]>,
) => Promise<Record<string, unknown>[]>;

export type SeriesQuery = {
  /** Epoch ms; widened to whole buckets. */
  from: number;
  /** Epoch ms, not included. */
  to: number;
  grain: BucketGrain;
  by?: Dimension | null;
  timeZone: string;
  currency: string;
  /** The moment the figures speak of: nothing after it is known. */
  now: number;
};

export type Point = [number, number | null];
export type Series = { series: { key: string; points: Point[]; total: number | null }[]; total: number | null };

/** One row of any KPI query: `start` in seconds, 0 for everything before the first bucket; the rest depends on the kind. */
type Row = Record<'start' | 'value' | 'part' | 'whole' | 'bucket' | 'slot' | 'count', number> & {
  key: string;
  /** Every column that is a number, of KPIs that are worked out from history alone. */
  columns: HistoryRow;
};

/**
 * Flows: null in rates without anything to divide by, and in counts before the first order on record; 0 in counts
 * after it. Levels: as of the end of each bucket. Buckets after `now` are null. The total is worked out from all rows,
 * never from the points; of a level it is the last one known. Without `by` there is one series with an empty key.
 * @throws RangeError when there are more buckets than SERIES_POINTS_MAX or the KPI has no such dimension
 */
export async function kpiSeries(ask: AskHistory, kpi: Kpi, query: SeriesQuery): Promise<Series> {
  const { grain, by, now } = query;
  if (by && !kpi.dimensions.includes(by)) throw new RangeError(`${kpi.id} is not measured by ${by}`);
  if (!hasGrain(kpi, grain)) throw new RangeError(`${kpi.id} is worked out by the ${kpi.cadence}, not by the ${grain}`);
  const starts = bucketStarts(query);
  const end = starts.pop()!;
  const [answer, first] = await Promise.all([
    askRows(ask, kpi, query, { from: starts[0] ?? end, to: end }),
    ask(`kpis/first-${kpi.recordedSince ?? 'order'}`, {}).then(([row]) =>
      row === undefined ? Number.POSITIVE_INFINITY : start(row),
    ),
  ]);
  const all = answer;
  const known = starts.map((from, at) => ({ from, to: starts[at + 1] ?? end })).filter(({ from }) => from <= now);
  const recorded = known.filter(({ to }) => to > first);
  const rows =
    kpi.recordedSince === undefined || !isFlow(kpi)
      ? all
      : all.filter((row) => row.start >= (recorded[0]?.from ?? first));
  const keys = by ? [...new Set(rows.map((row) => row.key))].sort() : [''];
  const fold = foldOf(kpi, now);
  const pointsOf = (own: Row[]): Map<number, number | null> => fold(own, known, recorded);
  return {
    series: keys.map((key) => {
      const own = by ? rows.filter((row) => row.key === key) : rows;
      const values = pointsOf(own);
      return {
        key,
        points: starts.map((from): Point => [from, values.get(from) ?? null]),
        total: totalOf(kpi, own, values, known.at(-1), recorded.length > 0),
      };
    }),
    total: totalOf(kpi, rows, pointsOf(rows), known.at(-1), recorded.length > 0),
  };
}

/** Rows of a KPI's query over whole buckets; none of one that waits for its events. */
async function askRows(ask: AskHistory, kpi: Kpi, query: SeriesQuery, { from, to }: Span): Promise<Row[]> {
  const { grain, by, timeZone, currency, now } = query;
  const parameters = {
    from: Math.floor(from / 1000),
    to: Math.floor(to / 1000),
    seconds: { minute: 60, hour: 3600, day: 86_400 }[grain],
    by: by ?? '',
    timeZone,
    currency,
    now,
    ...(kpi.live.kind === 'quantile' ? { bounds: durationBounds } : {}),
    ...kpi.sql?.parameters,
  };
  if (kpi.waitsFor !== undefined) return [];
  return (await ask(queryOf(kpi, spansOf(kpi, query, from, to)), parameters)).map(readRow);
}

/**
 * How often each duration was taken over whole buckets of a time: of a quantile, all cases behind it.
 * @returns counts per bucket of the histogram; null when the KPI is no quantile
 */
export async function kpiDurations(ask: AskHistory, kpi: Kpi, query: SeriesQuery): Promise<Map<number, number> | null> {
  if (kpi.live.kind !== 'quantile') return null;
  const starts = bucketStarts(query);
  const to = starts.pop()!;
  const counts = new Map<number, number>();
  for (const row of await askRows(ask, kpi, query, { from: starts[0] ?? to, to })) {
    if (row.start <= query.now) counts.set(row.bucket, (counts.get(row.bucket) ?? 0) + row.count);
  }
  return counts;
}

/** What is worked out from history has no figure of a shorter time than its cadence. */
export const hasGrain = ({ live, cadence }: Kpi, grain: BucketGrain): boolean =>
  live.kind !== 'history' || bucketGrains.indexOf(grain) >= bucketGrains.indexOf(cadence);

/** What a part of which nothing was ever told stands at: nothing, or at no figure at all. */
export const emptyIsZero = ({ sql, asked }: Kpi): boolean =>
  (sql?.emptyIsZero ?? (asked?.kind === 'level' && asked.emptyIsZero)) === true;

/** KPIs without a query of their own are asked by the terms they are made of. */
function queryOf({ id, live, sql, asked }: Kpi, spans: readonly LevelSpan[]): string | { sql: string } {
  if (sql !== undefined) return `kpis/${sql.file}`;
  if (live.kind === 'count' || live.kind === 'ratio') return { sql: flowQuery(live, spans) };
  const distribution = live.kind === 'quantile' && durationMeasures.find(({ name }) => name === live.of);
  if (distribution) return { sql: distributionQuery(distribution, spans) };
  if (asked?.kind === 'level') return { sql: levelQuery(asked, spans) };
  throw new Error(`${id} is made of no terms and has no query`);
}

/** What is read: of a flow its time, of a level all the past as well; what lies ahead, up to the minute that has begun. */
function spansOf(kpi: Kpi, { grain, timeZone, now }: SeriesQuery, from: number, end: number): LevelSpan[] {
  const to = kpi.ahead ? Math.max(from, Math.min(end, bucketStart('minute', now, timeZone) + MINUTE_MS)) : end;
  const minutesSince = now - MINUTES_KEPT_MS;
  const within = spansFor({ from, to, grain, timeZone, minutesSince });
  return isFlow(kpi) ? within : [...spansBefore(within[0]?.from ?? from), ...within];
}

type Span = { from: number; to: number };
type Fold = (rows: Row[], known: Span[], recorded: Span[]) => Map<number, number | null>;

function foldOf(kpi: Kpi, now: number): Fold {
  const { live } = kpi;
  if (live.kind === 'age') return (rows, known) => running(rows, known, (past, span) => ageAt(kpi, past, span.to, now));
  if (live.kind === 'level') {
    return (rows, known, recorded) => {
      const values = running(rows, known, (past, span) => levelAt(kpi, past, Math.min(span.to, now)));
      if (emptyIsZero(kpi)) for (const { from } of recorded) values.set(from, values.get(from) ?? 0);
      return values;
    };
  }
  if (live.kind === 'history') {
    return (rows, known) => {
      const inBucket = Map.groupBy(rows, (row) => row.start);
      const figureOf = (own: Row[]) => live.figure(columnsOf(own), columnsOf(own));
      return new Map(known.map(({ from }): Point => [from, figureOf(inBucket.get(from) ?? [])]));
    };
  }
  return (rows, known, recorded) => {
    const inBucket = Map.groupBy(rows, (row) => row.start);
    const zero = live.kind === 'count' ? recorded.map(({ from }): Point => [from, 0]) : [];
    const found = known.flatMap(({ from }): Point[] =>
      inBucket.has(from) ? [[from, flowOf(kpi, inBucket.get(from)!)]] : [],
    );
    return new Map([...zero, ...found]);
  };
}

function totalOf(
  kpi: Kpi,
  rows: Row[],
  points: Map<number, number | null>,
  last: Span | undefined,
  recorded: boolean,
): number | null {
  if (last === undefined) return null;
  if (kpi.live.kind === 'level' || kpi.live.kind === 'age') return points.get(last.from) ?? null;
  const known = rows.filter((row) => row.start <= last.from);
  if (kpi.live.kind === 'history') return totalOfHistory(kpi.live, known, points);
  if (known.length === 0) return kpi.live.kind === 'count' && recorded ? 0 : null;
  return flowOf(kpi, known);
}

const columnsOf = (rows: Row[]): HistoryRow[] => rows.map(({ columns }) => columns);

/** Of moments the last one known; of a period all of it at once, never its points. */
function totalOfHistory(
  { of, figure }: Extract<Kpi['live'], { kind: 'history' }>,
  rows: Row[],
  points: Map<number, number | null>,
): number | null {
  if (of === 'moment') return [...points.values()].findLast((value) => value !== null) ?? null;
  const first = Math.min(...rows.map((row) => row.start));
  return figure(columnsOf(rows), columnsOf(rows.filter((row) => row.start === first)));
}

function flowOf({ live }: Kpi, rows: Row[]): number | null {
  if (live.kind === 'count') return sum(rows, 'value');
  if (live.kind === 'ratio') return ratioOf(live, sum(rows, 'part'), sum(rows, 'whole'));
  if (live.kind !== 'quantile') return null;
  return quantileOf(
    live,
    rows.map((row) => [row.bucket, row.count] as const),
  );
}

/** Calls `at` for each bucket in turn with a summary of all rows up to its end. */
function running(
  rows: Row[],
  known: Span[],
  at: (past: Past, span: Span) => number | null,
): Map<number, number | null> {
  const sorted = [...rows].sort((a, b) => a.start - b.start);
  const past: Past = { rows: 0, sum: 0, latest: new Map(), slots: new Map() };
  const values = new Map<number, number | null>();
  let next = 0;
  for (const span of known) {
    for (; next < sorted.length && sorted[next]!.start < span.to; next++) add(past, sorted[next]!);
    values.set(span.from, at(past, span));
  }
  return values;
}

type Past = { rows: number; sum: number; latest: Map<string, number>; slots: Map<number, number> };

function add(past: Past, row: Row): void {
  past.rows += 1;
  past.sum += row.value;
  past.latest.set(row.key, row.value);
  past.slots.set(row.slot, (past.slots.get(row.slot) ?? 0) + row.count);
}

function levelAt({ sql }: Kpi, past: Past, moment: number): number | null {
  if (past.rows === 0) return null;
  if (!sql?.arrivals) return past.sum;
  return Math.max(0, moment - Math.min(...past.latest.values())) / MINUTE_MS;
}

function ageAt({ live }: Kpi, past: Past, end: number, now: number): number | null {
  return live.kind === 'age' ? ageOf(live, past.slots, Math.min(end, now)) : null;
}

/** Starts of all buckets from the one that holds `from`, and the end of the last one. */
function bucketStarts({ from, to, grain, timeZone }: SeriesQuery): number[] {
  const starts = [bucketStart(grain, from, timeZone)];
  while (starts.at(-1)! < to) {
    if (starts.length > SERIES_POINTS_MAX) {
      throw new RangeError(`more than ${SERIES_POINTS_MAX} points; ask for a shorter time or a coarser grain`);
    }
    const last = starts.at(-1)!;
    const step = grain === 'minute' ? MINUTE_MS : grain === 'hour' ? HOUR_MS : DAY_MS_MAX;
    starts.push(grain === 'day' ? bucketStart('day', last + step, timeZone) : last + step);
  }
  return starts;
}

const start = (row: Record<string, unknown>): number => Number(row['start']) * 1000;
const sum = (rows: Row[], column: 'value' | 'part' | 'whole'): number =>
  rows.reduce((total, row) => total + row[column], 0);

/** 64-bit numbers may come as text. */
function readRow(row: Record<string, unknown>): Row {
  const number = (column: string) => Number(row[column] ?? 0);
  return {
    key: String(row['key'] ?? ''),
    start: start(row),
    value: number('value'),
    part: number('part'),
    whole: number('whole'),
    bucket: number('bucket'),
    slot: number('slot'),
    count: number('count'),
    columns: Object.fromEntries(Object.entries(row).map(([column, value]) => [column, Number(value)])),
  };
}
