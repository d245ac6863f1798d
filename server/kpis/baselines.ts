/** Figures of a period, to be frozen: as a whole, and by ISO week of the company's own days. */
import { isFlow, type Kpi } from '../../analytics/kpis/index.ts';
import { type AskHistory, kpiSeries, type Series } from '../../analytics/kpis/series.ts';
import type { KpiBaseline } from '../../streams/operations/kpis/kpi-state.ts';
import { instantOfLocal, localDayOf } from '../../streams/operations/time-zone.ts';

export type Situation = { timeZone: string; currency: string; now: number };
type Span = { from: number; to: number };
type Figure = { value: number | null; n: number };

/** Whole local days; never beyond the running one. */
export function wholeDays({ from, to }: Span, { timeZone, now }: Situation): Span {
  const start = (day: number) => instantOfLocal(timeZone, day, 0);
  const last = localDayOf(timeZone, Math.min(to, now) - 1);
  return { from: start(localDayOf(timeZone, from)), to: start(last + 1) };
}

/** Weeks begin on Monday; those at the ends are as long as the period leaves them. */
export function weeksOf({ from, to }: Span, timeZone: string): (Span & { week: number })[] {
  const weeks: (Span & { week: number })[] = [];
  for (let day = localDayOf(timeZone, from); instantOfLocal(timeZone, day, 0) < to; ) {
    const next = day - weekdayOf(day) + 7;
    const end = Math.min(to, instantOfLocal(timeZone, next, 0));
    weeks.push({ week: isoWeekOf(day), from: instantOfLocal(timeZone, day, 0), to: end });
    day = next;
  }
  return weeks;
}

/** 0 is Monday. The first day of all, 1970-01-01, was a Thursday. */
const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** The week of the year that has its Thursday (ISO 8601). */
export function isoWeekOf(day: number): number {
  const thursday = day - weekdayOf(day) + 3;
  const year = new Date(thursday * 86_400_000).getUTCFullYear();
  return Math.floor((thursday - Date.UTC(year, 0, 1) / 86_400_000) / 7) + 1;
}

/** Of flows and periods the ratio of sums over all of it; of levels the mean of its days. */
export async function figureOf(ask: AskHistory, kpi: Kpi, span: Span, situation: Situation): Promise<Figure> {
  const { points, total } = await daysOf(ask, kpi, span, situation);
  const known = points.flatMap(([, value]) => (value === null ? [] : [value]));
  const isPeriod = isFlow(kpi) || (kpi.live.kind === 'history' && kpi.live.of === 'period');
  if (isPeriod) return { value: total, n: known.length };
  return {
    value: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
    n: known.length,
  };
}

async function daysOf(ask: AskHistory, kpi: Kpi, span: Span, { timeZone, currency, now }: Situation) {
  const { series, total }: Series = await kpiSeries(ask, kpi, { ...span, grain: 'day', timeZone, currency, now });
  return { points: series[0]?.points ?? [], total };
}

/** One question per week, one after the other: a baseline is frozen a few times a year. */
export async function frozen(
  ask: AskHistory,
  kpi: Kpi,
  asked: Span,
  situation: Situation,
): Promise<Pick<KpiBaseline, 'from' | 'to' | 'value' | 'n' | 'weeks'>> {
  const span = wholeDays(asked, situation);
  const whole = await figureOf(ask, kpi, span, situation);
  const weeks: KpiBaseline['weeks'] = [];
  for (const week of weeksOf(span, situation.timeZone)) {
    weeks.push({ ...week, ...(await figureOf(ask, kpi, week, situation)) });
  }
  return { ...span, ...whole, weeks };
}

/**
 * What a baseline says of the same weeks of the year as a later period, each weighed by its days: a December is held
 * against a December. Its whole figure where it has none of these weeks.
 */
export function seasonallyMatched(
  { weeks, value }: Pick<KpiBaseline, 'weeks' | 'value'>,
  span: Span,
  timeZone: string,
) {
  const asked = new Set(weeksOf(span, timeZone).map(({ week }) => week));
  let [sum, days] = [0, 0];
  for (const week of weeks) {
    if (week.value === null || !asked.has(week.week)) continue;
    sum += week.value * week.n;
    days += week.n;
  }
  return days === 0 ? { value, matchedDays: 0 } : { value: sum / days, matchedDays: days };
}
