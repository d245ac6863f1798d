/** The KPI catalog: one file each. What is listed here is measured, shown, documented and tested. */
import type { Catalog } from '../../streams/processing/process-batch.ts';
import { atpShort } from './atp-short.ts';
import { backlog, backlogChanges } from './backlog.ts';
import { backlogAge } from './backlog-age.ts';
import { cancelledLines } from './cancelled-lines.ts';
import { cycleTime, cycleTimes } from './cycle-time.ts';
import type { Kpi } from './definition.ts';
import { latencies, latency } from './latency.ts';
import { lineFillRate } from './line-fill-rate.ts';
import { margin } from './margin.ts';
import { makeCatalog } from './measure-catalog.ts';
import { merchantCancelRate } from './merchant-cancel-rate.ts';
import { moneyAtRisk } from './money-at-risk.ts';
import { onHand } from './on-hand.ts';
import { onHandValue } from './on-hand-value.ts';
import { onTimeDispatch } from './on-time-dispatch.ts';
import { orderLines } from './order-lines.ts';
import { orders } from './orders.ts';
import { oversellRate } from './oversell-rate.ts';
import { paceMeasures } from './pace.ts';
import { pastPromise } from './past-promise.ts';
import { revenue } from './revenue.ts';
import { sourceFreshness } from './source-freshness.ts';
import { units } from './units.ts';

export type { Dimension, Filter, Gauges, Kpi } from './definition.ts';
export { durationCounts, flowValue, gaugeValue, isFlow, sumBuckets } from './evaluate.ts';

export const kpis: readonly Kpi[] = [
  orders,
  orderLines,
  units,
  revenue,
  margin,
  oversellRate,
  onTimeDispatch,
  lineFillRate,
  merchantCancelRate,
  ...cancelledLines,
  ...cycleTime,
  ...backlog,
  ...backlogAge,
  pastPromise,
  onHand,
  onHandValue,
  atpShort,
  moneyAtRisk,
  sourceFreshness,
  ...latency,
];

const byId = new Map(kpis.map((kpi) => [kpi.id, kpi]));

export const kpiById = (id: string): Kpi | undefined => byId.get(id);

/** What the processor counts for every step and event. */
export const catalog: Catalog = makeCatalog(kpis, [cycleTimes, ...backlogChanges, ...paceMeasures], [latencies]);

/** The words of a KPI, for people and for the API. */
export function describeKpi({ ahead: _, live, sql, ...words }: Kpi) {
  return {
    ...words,
    dimensions: [...words.dimensions],
    sources: [...words.sources],
    changes: [...words.changes],
    waitsFor: words.waitsFor ?? null,
  };
}
