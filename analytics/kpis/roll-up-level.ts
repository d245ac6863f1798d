/**
 * Which sums of the steps answer a question over time: those of minutes, hours or days (`kpi_minutes`, `kpi_hours`,
 * `kpi_days`, all in UTC)? The coarser, the fewer rows are read; but only sums that lie wholly within one bucket of the
 * answer may be taken. A day of Berlin begins at 22:00 or 23:00 UTC, so it is made of hours; a day of Kolkata begins at
 * 18:30, so its first and last half hour are made of minutes; a month of either is days, with hours or minutes at both ends.
 */
import { HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import { instantOfLocal, localDayOf } from '../../streams/operations/time-zone.ts';

export const levels = ['minute', 'hour', 'day'] as const;
export type Level = (typeof levels)[number];
export const tableOfLevel: Record<Level, string> = { minute: 'kpi_minutes', hour: 'kpi_hours', day: 'kpi_days' };

/** `none` is one bucket for all of the time. */
export type LevelGrain = 'none' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

/** A time that is read at one level; both ends are whole buckets of it. Epoch ms, the end not included. */
export type LevelSpan = { level: Level; from: number; to: number };

export type TimeAsked = {
  /** Epoch ms, the end not included; widened to whole minutes. */
  from: number;
  to: number;
  grain: LevelGrain;
  timeZone: string;
  /**
   * Minutes from before this may be gone. There, buckets that begin in the middle of an hour take their hours whole: half
   * an hour in the wrong day, but nothing that is missing. Minutes themselves are asked for as far as they go.
   */
  minutesSince?: number;
};

/** Sums of minutes are dropped this long after they arrived (see analytics/sql/migrations/0011_roll_ups.sql). */
export const MINUTES_KEPT_MS = 400 * 24 * HOUR_MS;

const DAY_MS = 24 * HOUR_MS;
const sizes: Record<Level, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };
/** Each span is a condition in the query; with more of them, reading hours throughout costs less. */
const SPANS_MAX = 64;

/**
 * The time cut into spans of the coarsest level that is exact, in order, without gaps: add up what they hold, and each
 * bucket of the answer is exact.
 */
export function spansFor({ from, to, grain, timeZone, minutesSince = 0 }: TimeAsked): LevelSpan[] {
  const kept = (edge: number) => (edge < minutesSince && grain !== 'minute' ? floorTo(HOUR_MS, edge) : edge);
  const [first, end] = [kept(floorTo(MINUTE_MS, from)), kept(ceilTo(MINUTE_MS, to))];
  if (first >= end) return [];
  if (grain === 'minute') return [{ level: 'minute', from: first, to: end }];
  if (grain === 'hour') return cover(first, end, 'hour');
  const spans: LevelSpan[] = [];
  let bucket = floorTo(MINUTE_MS, from);
  for (let start = first; start < end; ) {
    bucket = grain === 'none' ? end : bucketEnd(grain, bucket, timeZone);
    const next = Math.min(end, kept(bucket));
    for (const span of cover(start, next, 'day')) add(spans, span);
    start = next;
    if (spans.length > SPANS_MAX) return coarsestOfOne({ from: first, to: end, grain, timeZone, minutesSince });
  }
  return spans;
}

/** The coarsest level that is exact for every bucket by itself, without finer ones at the ends. */
export function levelFor(asked: TimeAsked): Level {
  const { from, to, grain, timeZone } = asked;
  if (grain === 'minute') return 'minute';
  let level = (grain === 'hour' ? 'hour' : 'day') as Level;
  const narrow = (edge: number) => {
    while (edge % sizes[level] !== 0 && level !== 'minute') level = level === 'day' ? 'hour' : 'minute';
  };
  narrow(from);
  narrow(to);
  if (grain === 'none' || grain === 'hour') return level;
  for (let start = from; start < to && level !== 'minute'; ) {
    start = bucketEnd(grain, start, timeZone);
    if (start < to) narrow(start);
  }
  return level;
}

/** All the past before a moment: days, then hours, then minutes. What is left of its minute is not in it. */
export const spansBefore = (moment: number): LevelSpan[] => cover(0, floorTo(MINUTE_MS, moment), 'day');

function coarsestOfOne(asked: TimeAsked): LevelSpan[] {
  const { from, to, minutesSince = 0 } = asked;
  const inner = levelFor({ ...asked, from: ceilTo(DAY_MS, from), to: floorTo(DAY_MS, to) });
  if (inner !== 'minute' || from >= minutesSince) return cover(from, to, inner);
  const since = Math.max(from, Math.min(to, ceilTo(HOUR_MS, minutesSince)));
  return [...cover(from, since, 'hour'), ...cover(since, to, inner)];
}

/** Whole buckets of a level in the middle, finer ones at both ends. */
function cover(from: number, to: number, level: Level): LevelSpan[] {
  if (from >= to) return [];
  const [first, last] = [ceilTo(sizes[level], from), floorTo(sizes[level], to)];
  const finer = level === 'day' ? 'hour' : 'minute';
  if (level === 'minute') return [{ level, from, to }];
  if (first >= last) return cover(from, to, finer);
  const spans: LevelSpan[] = [];
  for (const span of [...cover(from, first, finer), { level, from: first, to: last }, ...cover(last, to, finer)])
    add(spans, span);
  return spans;
}

function add(spans: LevelSpan[], span: LevelSpan): void {
  const last = spans.at(-1);
  if (last !== undefined && last.level === span.level && last.to === span.from) last.to = span.to;
  else spans.push({ ...span });
}

/** Where the local bucket ends that holds this moment. */
function bucketEnd(grain: Exclude<LevelGrain, 'none' | 'minute' | 'hour'>, moment: number, timeZone: string): number {
  const day = localDayOf(timeZone, moment);
  const date = new Date(day * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const next = {
    day: () => day + 1,
    // Weeks begin on Monday; 1970 began on a Thursday.
    week: () => day + 7 - ((day + 3) % 7),
    month: () => Date.UTC(year, month + 1) / DAY_MS,
    quarter: () => Date.UTC(year, month - (month % 3) + 3) / DAY_MS,
    year: () => Date.UTC(year + 1, 0) / DAY_MS,
  }[grain]();
  return instantOfLocal(timeZone, next, 0);
}

const floorTo = (size: number, moment: number): number => Math.floor(moment / size) * size;
const ceilTo = (size: number, moment: number): number => Math.ceil(moment / size) * size;
