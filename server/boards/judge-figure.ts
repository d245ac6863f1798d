/** Whether a figure is good: against its target, and against the band that was learned of it. */
import type { Kpi } from '../../analytics/kpis/index.ts';
import type { KpiTile } from '../live/contract.ts';

/** Percentage points on the wrong side of a target from which it is critical. */
const CRITICAL_POINTS = 5;
/** Times a limit from which whatever has no percent is critical. */
const CRITICAL_TIMES = 2;
/** Share of open orders past their promise from which that is critical. */
const CRITICAL_LATE_SHARE = 0.05;

export type Circumstances = {
  /** Open orders in the same part of the operation. */
  openOrders: number;
  /** Whether a critical exception puts money at risk there. */
  hasCriticalException: boolean;
};

/** No value and no target: nothing to judge by. */
export function judgeByTarget(
  { id, target, thresholds, direction, unit }: Pick<Kpi, 'id' | 'target' | 'thresholds' | 'direction' | 'unit'>,
  value: number | null,
  { openOrders, hasCriticalException }: Circumstances,
): KpiTile['status'] {
  if (value === null || direction === 'none') return 'none';
  if (thresholds !== null) return judgeByThresholds(thresholds, direction, value);
  if (target === null) return 'none';
  const beyond = direction === 'up' ? target - value : value - target;
  if (beyond <= 0) return 'ok';
  // A target of 0 has no multiple: what a little of it means depends on what it is.
  if (id === 'past-promise') return value > openOrders * CRITICAL_LATE_SHARE ? 'critical' : 'high';
  if (id === 'money-at-risk') return hasCriticalException ? 'critical' : 'high';
  if (direction === 'up') return beyond > CRITICAL_POINTS ? 'critical' : 'high';
  const limit =
    unit === 'percent' ? Math.min(target + CRITICAL_POINTS, target * CRITICAL_TIMES) : target * CRITICAL_TIMES;
  return value > limit ? 'critical' : 'high';
}

/** Thresholds are somebody's own words: they go before what is made of a target. */
function judgeByThresholds(
  { look, act }: NonNullable<Kpi['thresholds']>,
  direction: 'up' | 'down',
  value: number,
): KpiTile['status'] {
  const isBeyond = (limit: number) => (direction === 'up' ? value < limit : value > limit);
  if (isBeyond(act)) return 'critical';
  return isBeyond(look) ? 'high' : 'ok';
}

/** What was learned says what is usual, not what is good: only too little of something wanted is a warning. */
export function judgeByBand(
  value: number | null,
  band: { low: number; high: number } | null,
  direction: Kpi['direction'],
): KpiTile['status'] {
  if (value === null || band === null) return 'none';
  if (direction === 'down') return value > band.high ? 'high' : 'ok';
  return value < band.low ? 'high' : 'ok';
}

/** @param unit percentages differ by points; small counts and whatever began at nothing by the number itself */
export function differenceOf(
  unit: KpiTile['unit'],
  value: number | null,
  earlier: number | null,
): { change: number; relative: boolean } | null {
  if (value === null || earlier === null) return null;
  const percent = earlier === 0 ? Number.POSITIVE_INFINITY : (100 * (value - earlier)) / Math.abs(earlier);
  const isSmall = unit === 'count' && Math.abs(earlier) < SMALL_COUNT;
  const relative = unit !== 'percent' && !isSmall && Math.abs(percent) <= PERCENT_MAX;
  return { change: tenths(relative ? percent : value - earlier), relative };
}

/** From 3 to 6 is "3 more", not "100 %"; and nobody can read "10,701 %". */
const SMALL_COUNT = 20;
const PERCENT_MAX = 999;

export const tenths = (value: number): number => Math.round(value * 10) / 10;
