/** What a KPI stands at now, a week ago and in between, by its kind: counts, rates and quantiles, levels. */
import { flowValue, gaugeValue, isFlow, isHistory, type Kpi } from '../../analytics/kpis/index.ts';
import { HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import { startOfLocalDay } from '../../streams/operations/time-zone.ts';
import type { HistoryFigures } from '../kpis/history-figures.ts';
import type { KpiTile } from '../live/contract.ts';
import { gaugesOf, measuredFor, measuredPerStep } from '../live/figures.ts';
import type { Mirror } from '../live/mirror.ts';
import { judgeByBand, tenths } from './judge-figure.ts';
import { CannotShow, type Part } from './part.ts';
import type { PastLevels } from './past-levels.ts';
import type { QuestionTiles } from './question-tiles.ts';
import { sameTimeLastWeek } from './same-time-last-week.ts';

const DAY_MS = 24 * HOUR_MS;
/** Counts per minute are averaged over this time, so that a quiet shop shows more than 0 and 1. */
const RATE_OVER_MS = 10 * MINUTE_MS;
/** A week ago, over the hour around the same time: ten minutes of one day are chance. */
const RATE_LAST_WEEK_AROUND_MS = 30 * MINUTE_MS;
const RATE_MINUTES = 60;
const SPARK_HOURS = 24;
/** Rates and durations look back one day, or further when nothing was counted in it (a weekend). */
const BACK_DAYS = [1, 3, 7];
/** What Tideline measures of itself is judged by the last hour. */
const OWN_BACK_MS = HOUR_MS;

/** Expected per step, when the detector has learned it; null otherwise. */
export type BandAt = (
  kpi: string,
  part: Part,
  shape: { from: number; stepMs: number; steps: number },
) => { low: number[]; high: number[] } | null;

export type Sight = {
  mirror: Mirror;
  band: BandAt;
  past: PastLevels;
  history: HistoryFigures;
  questions: QuestionTiles;
};

type Figure = Pick<KpiTile, 'value' | 'period' | 'spark'> &
  Partial<Pick<KpiTile, 'unit' | 'status' | 'target'>> & { lastWeek: number | null };

/** @throws CannotShow when it has no such figure */
export function figureOf(sight: Sight, kpi: Kpi, part: Part, per: 'day' | 'minute'): Figure {
  if (isHistory(kpi)) {
    if (per === 'minute') throw new CannotShow(`${kpi.name} has no figure per minute.`);
    return historyFigure(sight, kpi, part);
  }
  if (!isFlow(kpi)) {
    if (per === 'minute') throw new CannotShow(`${kpi.name} is a level: it has no figure per minute.`);
    return levelFigure(sight, kpi, part);
  }
  const isKeptByMinute = kpi.cadence === 'minute' && kpi.live.kind === 'count';
  if (per === 'minute' && isKeptByMinute) return rateFigure(sight, kpi, part);
  if (per === 'day' && kpi.live.kind === 'count') return countFigure(sight, kpi, part);
  if (per === 'minute') throw new CannotShow(`${kpi.name} has no figure per minute.`);
  return windowFigure(sight, kpi, part);
}

/** What is worked out from history at its cadence, and kept until then. */
function historyFigure({ history, mirror }: Sight, { live, ...kpi }: Kpi, part: Part): Figure {
  const known = history.of({ ...kpi, live }, part);
  const period = live.kind === 'history' && live.of === 'period' ? `last ${live.days} days` : 'now';
  return { period, ...(known ?? { value: null, lastWeek: null, spark: emptySpark(mirror.businessNow()) }) };
}

/** Counts and sums since the local day began. */
function countFigure({ mirror, band }: Sight, kpi: Kpi, part: Part): Figure {
  const now = mirror.businessNow();
  const { timeZone } = mirror.workspace();
  const minute = floorTo(MINUTE_MS, now);
  const lastWeek = floorTo(MINUTE_MS, sameTimeLastWeek(timeZone, now));
  const over = counter(mirror, kpi, part);
  const began = recordBegan(mirror);
  const whole = (from: number, to: number) => (began <= from ? over(from, to) : null);
  const from = floorTo(HOUR_MS, now) - SPARK_HOURS * HOUR_MS;
  const hours = Array.from({ length: SPARK_HOURS }, (_, hour) =>
    over(from + hour * HOUR_MS, from + (hour + 1) * HOUR_MS),
  );
  // The running hour would look like a drop: the last point is the last sixty minutes, where they are kept.
  const latest = kpi.cadence === 'hour' ? [] : [over(minute + MINUTE_MS - HOUR_MS, minute + MINUTE_MS)];
  const values = [...hours, ...latest];
  const learned = band(kpi.id, part, { from, stepMs: HOUR_MS, steps: values.length });
  return {
    period: 'today',
    value: over(startOfLocalDay(timeZone, now), minute + MINUTE_MS),
    lastWeek: whole(startOfLocalDay(timeZone, lastWeek), lastWeek),
    spark: { from, stepMs: HOUR_MS, values, ...learned },
  };
}

/** How many a minute, lately. */
function rateFigure({ mirror, band }: Sight, kpi: Kpi, part: Part): Figure {
  const now = mirror.businessNow();
  const minute = floorTo(MINUTE_MS, now);
  const over = counter(mirror, kpi, part);
  const rate = (from: number, to: number) => {
    const counted = over(from, to);
    return counted === null ? null : counted / ((to - from) / MINUTE_MS);
  };
  const value = rate(minute - RATE_OVER_MS + MINUTE_MS, minute + MINUTE_MS);
  const lastWeek = floorTo(MINUTE_MS, sameTimeLastWeek(mirror.workspace().timeZone, now));
  const from = minute - (RATE_MINUTES - 1) * MINUTE_MS;
  const perMinute = Array.from({ length: RATE_MINUTES }, (_, step) =>
    over(from + step * MINUTE_MS, from + (step + 1) * MINUTE_MS),
  );
  const shape = { from, stepMs: MINUTE_MS, steps: RATE_MINUTES };
  const learned = band(kpi.id, part, shape);
  const latest = learned === null ? null : { low: learned.low.at(-1)!, high: learned.high.at(-1)! };
  return {
    period: 'per minute, last 10 minutes',
    unit: 'perMinute',
    target: null,
    value,
    status: judgeByBand(value, latest, kpi.direction),
    lastWeek:
      recordBegan(mirror) <= lastWeek - RATE_LAST_WEEK_AROUND_MS
        ? rate(lastWeek - RATE_LAST_WEEK_AROUND_MS, lastWeek + RATE_LAST_WEEK_AROUND_MS)
        : null,
    spark: { from, stepMs: MINUTE_MS, values: smoothed(perMinute), ...learned },
  };
}

/** Rates and quantiles over the last day, or longer where nothing was counted in it. */
function windowFigure({ mirror, band }: Sight, kpi: Kpi, part: Part): Figure {
  const now = mirror.businessNow();
  const { currency, timeZone } = mirror.workspace();
  const over = (from: number, to: number) => flowValue(kpi, measuredFor(mirror, kpi, from, to, part), currency);
  const lengths = kpi.group === 'data' ? [OWN_BACK_MS] : BACK_DAYS.map((days) => days * DAY_MS);
  const length = lengths.find((back) => over(now - back, now) !== null) ?? lengths[0]!;
  const lastWeek = sameTimeLastWeek(timeZone, now);
  // Beyond a day the week before is no longer in memory.
  const isRecorded = length <= DAY_MS && recordBegan(mirror) <= lastWeek - length;
  const from = floorTo(HOUR_MS, now - Math.max(length, SPARK_HOURS * HOUR_MS));
  const until = kpi.cadence === 'hour' && kpi.ahead ? floorTo(HOUR_MS, now) : now;
  const values = measuredPerStep(mirror, from, until, HOUR_MS, part).map((bucket) => flowValue(kpi, bucket, currency));
  return {
    period: length === HOUR_MS ? 'last hour' : length === DAY_MS ? 'last 24 hours' : `last ${length / DAY_MS} days`,
    value: over(now - length, now),
    lastWeek: isRecorded ? over(lastWeek - length, lastWeek) : null,
    spark: {
      from,
      stepMs: HOUR_MS,
      values: held(values).map((value) => (value === null ? null : tenths(value))),
      ...band(kpi.id, part, { from, stepMs: HOUR_MS, steps: values.length }),
    },
  };
}

/** Levels as they stand; what they were is asked of history and kept, because a level has no bucket. */
function levelFigure({ mirror, past, band }: Sight, kpi: Kpi, part: Part): Figure {
  const now = mirror.businessNow();
  const value = gaugeValue(kpi, gaugesOf(mirror), part);
  const known = past.of(kpi, part, sameTimeLastWeek(mirror.workspace().timeZone, now));
  const values = [...(known?.hours ?? []), value];
  return {
    period: 'now',
    value,
    lastWeek: known?.lastWeek ?? null,
    spark:
      known === null
        ? emptySpark(now)
        : {
            from: known.from,
            stepMs: HOUR_MS,
            values,
            ...band(kpi.id, part, { from: known.from, stepMs: HOUR_MS, steps: values.length }),
          },
  };
}

const emptySpark = (now: number): KpiTile['spark'] => ({ from: floorTo(HOUR_MS, now), stepMs: HOUR_MS, values: [] });

/** Counts between two moments: 0 where nothing happened, null before the record began. */
function counter(mirror: Mirror, kpi: Kpi, part: Part): (from: number, to: number) => number | null {
  const { currency } = mirror.workspace();
  const hadOrders = [...mirror.states.backlog.values()].some(
    ({ node, channel }) => (part.node ?? node) === node && (part.channel ?? channel) === channel,
  );
  const began = recordBegan(mirror);
  return (from, to) =>
    hadOrders && to > began ? flowValue(kpi, measuredFor(mirror, kpi, from, to, part) ?? {}, currency) : null;
}

/** The first moment on record, as far as screens look back. */
function recordBegan({ buckets, workspace }: Mirror): number {
  const [hour, day] = [buckets.earliest('hour'), buckets.earliest('day')];
  if (!Number.isFinite(hour)) return day;
  // Within a day, days say nothing about its hours.
  return day < startOfLocalDay(workspace().timeZone, hour) ? day : hour;
}

/** The mean with the minutes around it: single orders would make a comb of a quiet shop's line. */
function smoothed(values: (number | null)[]): (number | null)[] {
  const reach = 2;
  return values.map((_, index) => {
    const near = values.slice(Math.max(0, index - reach), index + reach + 1).filter((value) => value !== null);
    return near.length === 0 ? null : tenths(near.reduce((sum, value) => sum + value, 0) / near.length);
  });
}

const floorTo = (step: number, at: number): number => Math.floor(at / step) * step;

/** Between two promises nothing is due: the line keeps its last figure instead of breaking into dots. */
function held(values: (number | null)[]): (number | null)[] {
  let last: number | null = null;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}
