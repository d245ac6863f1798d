/** What an anomaly costs: what did not come, or came too much, since it began and in the hour to come. Pure. */
import { kpiById } from '../../kpis/index.ts';
import type { Direction } from './incident.ts';
import { addsUp, HOUR_MS, type Series } from './series.ts';

/** What one of a KPI is worth where the series is: an order its margin. Minor units. */
export type Worth = { each: number; words: string };
export type Priced = { moneyAtRisk: number; formula: string };

const AHEAD_MS = HOUR_MS;

/** KPIs of demand: what is missing of them is missing in the till. Of the others, more than expected may be the loss. */
const demand = new Set(['orders', 'order-lines', 'units', 'revenue', 'margin']);
const losses = new Set(['cancelled-value', 'refunds', 'cancelled-orders', 'orders-given-up']);

export type Away = {
  /** Value less expected, summed since it began. */
  away: number;
  /** The same of the newest bucket, for each ms. */
  perMs: number;
  direction: Direction;
};

/**
 * @param worth null: not known
 * @returns null when no money follows from the figure
 */
export function price(series: Series, { away, perMs, direction }: Away, worth: Worth | null): Priced | null {
  const kpi = kpiById(series.kpi);
  if (kpi === undefined || !addsUp(series.kind)) return null;
  const isLoss = losses.has(series.kpi);
  if (!isLoss && !demand.has(series.kpi)) return null;
  if (direction !== (isLoss ? 'up' : 'down')) return null;
  const sign = isLoss ? 1 : -1;
  const sofar = Math.max(0, sign * away);
  const ahead = Math.max(0, sign * perMs * AHEAD_MS);
  if (sofar + ahead === 0) return null;
  const each = kpi.unit === 'money' ? { each: 1, words: '' } : worth;
  if (each === null) return null;
  const amount = Math.round((sofar + ahead) * each.each);
  if (amount <= 0) return null;
  const figure = kpi.name.toLowerCase();
  const what = isLoss
    ? `${figure} above what was expected since it began, and in the next hour at this rate`
    : `${figure} missing since it began, and in the next hour at this rate`;
  return { moneyAtRisk: amount, formula: each.words === '' ? what : `(${what}) x ${each.words}` };
}
