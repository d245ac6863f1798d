/** Periods and buckets in the workspace's time zone: where they begin, which follow, and what they are compared with. */
import { instantOfLocal, localDayOf, offsetAt } from '../../streams/operations/time-zone.ts';

export const grains = ['none', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Grain = (typeof grains)[number];
type Unit = Exclude<Grain, 'none'>;
export type Span = { from: number; to: number };
export type Period = { last: string } | Span;
export type Comparison = 'previous-period' | 'last-week' | 'last-year' | Span;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** As long as the calendar year is, in whole weeks: the same weekdays. */
const YEAR_OF_WEEKS_DAYS = 364;
const units: Record<string, Unit> = { h: 'hour', d: 'day', w: 'week', M: 'month', q: 'quarter', y: 'year' };
const months: Partial<Record<Unit, number>> = { month: 1, quarter: 3, year: 12 };

/** The bucket that holds an instant. Weeks begin on Monday. */
export function startOf(unit: Unit, at: number, zone: string): number {
  if (unit === 'minute') return floorTo(MINUTE_MS, at);
  if (unit === 'hour') return startOfHour(at, zone);
  const day = localDayOf(zone, at);
  if (unit === 'day') return instantOfLocal(zone, day, 0);
  if (unit === 'week') return instantOfLocal(zone, day - ((day + 3) % 7), 0);
  const date = new Date(day * DAY_MS);
  const month = date.getUTCMonth();
  return instantOfLocal(zone, dayOf(date.getUTCFullYear(), month - (month % months[unit]!)), 0);
}

/** The start of the bucket that lies this many buckets later, or earlier when negative. */
export function shift(unit: Unit, start: number, by: number, zone: string): number {
  if (unit === 'minute') return start + by * MINUTE_MS;
  if (unit === 'hour') return startOf('hour', start + by * HOUR_MS, zone);
  const day = localDayOf(zone, start);
  if (unit === 'day') return instantOfLocal(zone, day + by, 0);
  if (unit === 'week') return instantOfLocal(zone, day + 7 * by, 0);
  const date = new Date(day * DAY_MS);
  return instantOfLocal(zone, dayOf(date.getUTCFullYear(), date.getUTCMonth() + by * months[unit]!), 0);
}

/** The whole buckets that a period is made of; without a grain the whole units it counts by, or the minutes it names. */
export function resolve(period: Period, grain: Grain, now: number, zone: string): Span {
  if ('from' in period) {
    const unit = grain === 'none' ? 'minute' : grain;
    const last = startOf(unit, period.to - 1, zone);
    return { from: startOf(unit, period.from, zone), to: shift(unit, last, 1, zone) };
  }
  const { count, unit } = read(period.last);
  const first = shift(unit, startOf(unit, now, zone), 1 - count, zone);
  const bucket = grain === 'none' ? unit : grain;
  return { from: startOf(bucket, first, zone), to: shift(bucket, startOf(bucket, now, zone), 1, zone) };
}

/** Starts of the buckets; one without a grain. At most `max` + 1 of them. */
export function startsOf({ from, to }: Span, grain: Grain, zone: string, max: number): number[] {
  if (grain === 'none') return [from];
  const starts: number[] = [];
  for (let at = from; at < to && starts.length <= max; at = next(grain, at, zone)) starts.push(at);
  return starts;
}

/**
 * What a period is compared with. The previous one has as many buckets; last week lies seven days back; last year 364 days,
 * which are the same weekdays, or a calendar year where buckets are months or longer.
 */
export function comparedWith(
  comparison: Comparison,
  { from, to }: Span,
  grain: Grain,
  period: Period,
  zone: string,
): Span {
  if (typeof comparison !== 'string') return resolve(comparison, grain, 0, zone);
  if (comparison === 'last-year') {
    const byMonth = grain === 'month' || grain === 'quarter' || grain === 'year';
    const back = (at: number) => (byMonth ? shift('month', at, -12, zone) : daysLater(at, -YEAR_OF_WEEKS_DAYS, zone));
    return { from: back(from), to: back(to) };
  }
  if (comparison === 'last-week') return { from: daysLater(from, -7, zone), to: daysLater(to, -7, zone) };
  const unit = unitOf({ from, to }, grain, period, zone);
  if (unit === null) return { from: from - (to - from), to: from };
  const count = startsOf({ from, to }, unit, zone, Number.POSITIVE_INFINITY).length;
  return { from: shift(unit, from, -count, zone), to: from };
}

/** The unit by which the period before has the same length, which for months is not the same number of days. */
function unitOf({ from, to }: Span, grain: Grain, period: Period, zone: string): Unit | null {
  if ('last' in period && grain === 'none') return read(period.last).unit;
  if (grain !== 'none' && grain !== 'minute' && grain !== 'hour') return grain;
  const isDays = [from, to].every((at) => startOf('day', at, zone) === at);
  return isDays ? 'day' : null;
}

/** The moment in the compared period up to which the asked one has come: a day that is half over meets half a day. */
export function sameElapsed(
  asked: readonly number[],
  askedTo: number,
  compared: readonly number[],
  to: number,
  now: number,
) {
  const at = asked.findLastIndex((start) => start <= now);
  if (now >= askedTo || at < 0 || compared[at] === undefined) return to;
  return Math.min(to, compared[at + 1] ?? to, floorTo(MINUTE_MS, compared[at]! + now - asked[at]!) + MINUTE_MS);
}

/** The same local time on another day. */
function daysLater(at: number, days: number, zone: string): number {
  const day = localDayOf(zone, at);
  const minutes = Math.floor((at + offsetAt(zone, at) - day * DAY_MS) / MINUTE_MS);
  return instantOfLocal(zone, day + days, minutes);
}

function next(unit: Unit, start: number, zone: string): number {
  return shift(unit, start, 1, zone);
}

function startOfHour(at: number, zone: string): number {
  const offset = offsetAt(zone, at);
  return floorTo(HOUR_MS, at + offset) - offset;
}

function read(last: string): { count: number; unit: Unit } {
  return { count: Number(last.slice(0, -1)), unit: units[last.at(-1)!]! };
}

const dayOf = (year: number, month: number): number => Date.UTC(year, month, 1) / DAY_MS;
const floorTo = (step: number, at: number): number => Math.floor(at / step) * step;
