/** Which series are watched now, and what one order or unit is worth at each place: worked out anew once a day. */
import { type Chosen, chooseSeries, SKUS_MAX } from '../../analytics/anomalies/watching/choose-series.ts';
import { joined, type PlaceSums, stepCounts, sumsOf } from '../../analytics/anomalies/watching/flow-figures.ts';
import type { Worth } from '../../analytics/anomalies/watching/money.ts';
import { DAY_MS, placeOf, type Series } from '../../analytics/anomalies/watching/series.ts';
import { durationMeasures } from '../../analytics/kpis/index.ts';
import type { Bucket } from '../../streams/operations/states.ts';
import { startOfLocalDay } from '../../streams/operations/time-zone.ts';
import type { FiguresReader } from './read-figures.ts';

const LOOK_BACK_MS = 28 * DAY_MS;

export type Plan = Chosen & {
  /** Nothing happened before, as far as was looked back: there is nothing to learn there. Else 0. */
  since: number;
  worthOf(series: Series): Worth | null;
};

export async function planSeries(
  reader: FiguresReader,
  { now, timeZone, currency, sources }: { now: number; timeZone: string; currency: string; sources: readonly string[] },
): Promise<Plan> {
  const time = { from: startOfLocalDay(timeZone, now - LOOK_BACK_MS), to: Math.floor(now / 60_000) * 60_000 };
  const [rows, units] = [await reader.flowRows(time, DAY_MS), await reader.fastSkus(time, SKUS_MAX)];
  const first = Math.min(...rows.filter(({ clock }) => clock === 'step').map(({ start }) => start * 1_000));
  const days = Math.max(1, (time.to - Math.max(first, time.from)) / DAY_MS);
  const perDay = (counts: ReadonlyMap<string, number>) => new Map([...counts].map(([key, n]) => [key, n / days]));
  const steps = new Map([...stepCounts(rows)].map(([place, counts]) => [place, perDay(counts)]));
  const chosen = chooseSeries({ steps, skus: perDay(units), sources }, durationMeasures);
  const sums = joined(sumsOf(rows).values());
  const since = first > time.from ? first : 0;
  return { ...chosen, since: Number.isFinite(since) ? since : 0, worthOf: (series) => worthAt(series, sums, currency) };
}

const unitOf: Readonly<Record<string, readonly [measure: string, word: string]>> = {
  orders: ['orders', 'order'],
  'order-lines': ['lines', 'line'],
  units: ['units', 'unit'],
  'cancelled-orders': ['orders', 'order'],
  'orders-given-up': ['orders', 'order'],
};

/** What is left of one on average, where costs are known; else what it brings in. Null: nothing was sold there. */
export function worthAt(series: Series, sums: PlaceSums, currency: string): Worth | null {
  const [measure, word] = unitOf[series.kpi] ?? [];
  if (measure === undefined) return null;
  const place = sums.get(series.sku === undefined ? placeOf(series) : '');
  const of = (name: string): number => (place as Bucket | undefined)?.[name] ?? 0;
  const count = of(measure);
  if (count <= 0) return null;
  const [revenue, cost] = [of(`revenue.${currency}`), of(`cost.${currency}`)];
  const margin = revenue - cost;
  if (cost > 0 && margin > 0) return { each: margin / count, words: `mean margin of one ${word} in the last 28 days` };
  return revenue > 0 ? { each: revenue / count, words: `mean value of one ${word} in the last 28 days` } : null;
}
