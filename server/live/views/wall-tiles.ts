/** The four tiles of the wall, each answering one question in a second. */
import { flowValue, gaugeValue, type Kpi, kpiById } from '../../../analytics/kpis/index.ts';
import { isAtRisk } from '../../../streams/exceptions/work-machine.ts';
import { HOUR_MS, MINUTE_MS } from '../../../streams/operations/buckets.ts';
import { offsetAt } from '../../../streams/operations/time-zone.ts';
import type { KpiTile } from '../contract.ts';
import { gaugesOf, measuredBetween, measuredPerStep, sumIn } from '../figures.ts';
import type { Mirror } from '../mirror.ts';
import { feedState } from './sources.ts';

const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Orders per minute are averaged over this time, so that a quiet shop shows more than 0 and 1. */
const RATE_OVER_MS = 10 * MINUTE_MS;
const SPARK_MINUTES = 60;
/** On-time dispatch looks back one day, or further when nothing was due in it (a weekend). */
const DUE_WITHIN_MS = [DAY_MS, 3 * DAY_MS, WEEK_MS];
/** Percentage points below target from which a tile is critical. */
const CRITICAL_BELOW_TARGET = 5;
/** Share of open orders past their promise from which the tile is critical. */
const CRITICAL_LATE_SHARE = 0.05;

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** Expected band of orders per minute, when the detector has learned one. */
export type BandAt = (kpi: string, from: number, steps: number) => { low: number[]; high: number[] } | null;

export function wallTiles(mirror: Mirror, band: BandAt): Record<string, KpiTile> {
  const tiles = [ordersPerMinute(mirror, band), onTime(mirror), pastPromise(mirror), atRisk(mirror)];
  return Object.fromEntries(tiles.map((tile) => [`tile:${tile.id}`, tile]));
}

function tileOf(mirror: Mirror, kpi: Kpi, tile: Partial<KpiTile> & Pick<KpiTile, 'value' | 'spark'>): KpiTile {
  const feeds = [...mirror.states.source.values()].map((source) => feedState(mirror, source));
  const { watermark } = mirror.workspace();
  return {
    id: kpi.id,
    name: kpi.name,
    question: kpi.question,
    unit: kpi.unit,
    target: kpi.target,
    direction: kpi.direction,
    status: 'none',
    comparison: null,
    asOf: watermark > 0 ? watermark : null,
    staleSources: feeds.filter((feed) => feed.status === 'stale').map((feed) => feed.name),
    ...tile,
  };
}

function ordersPerMinute(mirror: Mirror, band: BandAt): KpiTile {
  const now = mirror.businessNow();
  const rate = (from: number, to: number) => {
    const measured = measuredBetween(mirror, from, to);
    return measured === undefined ? null : sumIn(measured, 'orders') / ((to - from) / MINUTE_MS);
  };
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const hasOrders = mirror.states.backlog.size > 0;
  const value = rate(minute - RATE_OVER_MS + MINUTE_MS, minute + MINUTE_MS) ?? (hasOrders ? 0 : null);
  // A week ago only hours are kept in memory: the hour around the same time.
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const lastWeek = rate(hour - WEEK_MS, hour - WEEK_MS + HOUR_MS);
  const from = minute - (SPARK_MINUTES - 1) * MINUTE_MS;
  const perMinute = measuredPerStep(mirror, from, minute + MINUTE_MS, MINUTE_MS);
  const values = smoothed(perMinute.map((bucket) => (hasOrders ? sumIn(bucket, 'orders') : null)));
  const learned = band('orders', from, SPARK_MINUTES);
  const off = learned !== null && value !== null && value < learned.low.at(-1)!;
  return tileOf(mirror, kpiById('orders')!, {
    name: 'Orders per minute',
    unit: 'perMinute',
    value: value === null ? null : round(value),
    target: null,
    direction: 'none',
    status: off ? 'high' : 'none',
    comparison: comparisonWith(value, lastWeek, `vs last ${weekdayOf(mirror, now)}`),
    spark: { from, stepMs: MINUTE_MS, values, ...learned },
  });
}

/** The mean with the minutes around it: single orders would make a comb of a quiet shop's line. */
function smoothed(values: (number | null)[]): (number | null)[] {
  const reach = 2;
  return values.map((_, index) => {
    const near = values.slice(Math.max(0, index - reach), index + reach + 1).filter((value) => value !== null);
    return near.length === 0 ? null : round(near.reduce((sum, value) => sum + value, 0) / near.length);
  });
}

function onTime(mirror: Mirror): KpiTile {
  const kpi = kpiById('on-time-dispatch')!;
  const now = mirror.businessNow();
  const { currency } = mirror.workspace();
  const over = (from: number, to: number) => flowValue(kpi, measuredBetween(mirror, from, to), currency);
  const within = DUE_WITHIN_MS.find((length) => over(now - length, now) !== null) ?? DAY_MS;
  const value = over(now - within, now);
  const before = over(now - within - HOUR_MS, now - HOUR_MS);
  const from = Math.floor((now - within) / HOUR_MS) * HOUR_MS;
  const values = measuredPerStep(mirror, from, now, HOUR_MS).map((bucket) => flowValue(kpi, bucket, currency));
  const short = value === null || kpi.target === null ? 0 : kpi.target - value;
  return tileOf(mirror, kpi, {
    name: within === DAY_MS ? 'Dispatched on time' : `On time, ${within / DAY_MS} days`,
    value: value === null ? null : Math.round(value * 10) / 10,
    status: short <= 0 ? (value === null ? 'none' : 'ok') : short > CRITICAL_BELOW_TARGET ? 'critical' : 'high',
    comparison:
      before === null || value === null
        ? null
        : { label: 'in 1h', value: before, change: round(value - before), relative: false },
    spark: { from, stepMs: HOUR_MS, values: held(values) },
  });
}

/** Between two promises nothing is due: the line keeps its last figure instead of breaking into dots. */
function held(values: (number | null)[]): (number | null)[] {
  let last: number | null = null;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

function pastPromise(mirror: Mirror): KpiTile {
  const kpi = kpiById('past-promise')!;
  const open = gaugeValue(kpiById('open-orders')!, gaugesOf(mirror)) ?? 0;
  return level(mirror, kpi, 'Past promise date', (value) => {
    if (value === 0) return 'ok';
    return value > open * CRITICAL_LATE_SHARE ? 'critical' : 'high';
  });
}

function atRisk(mirror: Mirror): KpiTile {
  const worst = [...mirror.states.exception.values()].some((one) => isAtRisk(one) && one.severity === 'critical');
  const tile = level(mirror, kpiById('money-at-risk')!, 'Revenue at risk', (value) =>
    value === 0 ? 'ok' : worst ? 'critical' : 'high',
  );
  return { ...tile, currency: mirror.workspace().currency };
}

function level(mirror: Mirror, kpi: Kpi, name: string, judge: (value: number) => KpiTile['status']): KpiTile {
  const now = mirror.businessNow();
  const value = gaugeValue(kpi, gaugesOf(mirror));
  mirror.levels.note(kpi.id, now, value);
  const values = mirror.levels.last(kpi.id, now, SPARK_MINUTES);
  const before = values.find((earlier) => earlier !== null) ?? null;
  const minutes = SPARK_MINUTES - values.findIndex((earlier) => earlier !== null);
  const change = before === null || value === null ? null : value - before;
  return tileOf(mirror, kpi, {
    name,
    value,
    status: value === null ? 'none' : judge(value),
    comparison:
      change === null
        ? null
        : { label: minutes >= 60 ? 'in 1h' : `in ${minutes}m`, value: before, change, relative: false },
    spark: { from: now - (SPARK_MINUTES - 1) * MINUTE_MS, stepMs: MINUTE_MS, values },
  });
}

/** `change` is in percent of the earlier figure. */
function comparisonWith(value: number | null, earlier: number | null, label: string): KpiTile['comparison'] {
  if (value === null || earlier === null || earlier === 0) return null;
  return { label, value: round(earlier), change: round((100 * (value - earlier)) / earlier), relative: true };
}

function weekdayOf(mirror: Mirror, at: number): string {
  const { timeZone } = mirror.workspace();
  return weekdays[new Date(at + offsetAt(timeZone, at)).getUTCDay()]!;
}

const round = (value: number): number => Math.round(value * 10) / 10;
