/** The KPI catalog: one file each, listed by its group. What is listed is measured, shown, documented and tested. */
import type { Catalog } from '../../streams/processing/process-batch.ts';
import { dataKpis } from './data/index.ts';
import { latencies } from './data/latency.ts';
import type { Kpi, Measure } from './definition.ts';
import { exceptionsKpis } from './exceptions/index.ts';
import { timesToAcknowledge } from './exceptions/time-to-acknowledge.ts';
import { timesToResolve } from './exceptions/time-to-resolve.ts';
import { backlogChanges } from './fulfilment/backlog.ts';
import { cycleTimes } from './fulfilment/cycle-time.ts';
import { deliveryTimes } from './fulfilment/delivery-time.ts';
import { holdTimes, workingTimes } from './fulfilment/hold-time.ts';
import { fulfilmentKpis } from './fulfilment/index.ts';
import { paceMeasures } from './fulfilment/pace.ts';
import { makeCatalog } from './measure-catalog.ts';
import { moneyKpis } from './money/index.ts';
import { procurementKpis } from './procurement/index.ts';
import { leadTimes } from './procurement/lead-time.ts';
import { promisesKpis } from './promises/index.ts';
import { reservationsKpis } from './reservations/index.ts';
import { returnsKpis } from './returns/index.ts';
import { returnToStockTimes } from './returns/return-to-stock.ts';
import { salesKpis } from './sales/index.ts';
import { stockKpis } from './stock/index.ts';

export type { Dimension, Filter, Gauges, Kpi } from './definition.ts';
export { durationCounts, flowValue, gaugeValue, isFlow, isHistory, sumBuckets } from './evaluate.ts';

export const kpis: readonly Kpi[] = [
  ...salesKpis,
  ...moneyKpis,
  ...promisesKpis,
  ...fulfilmentKpis,
  ...reservationsKpis,
  ...returnsKpis,
  ...stockKpis,
  ...procurementKpis,
  ...exceptionsKpis,
  ...dataKpis,
];

const byId = new Map(kpis.map((kpi) => [kpi.id, kpi]));

export const kpiById = (id: string): Kpi | undefined => byId.get(id);

/** Distributions of how long steps took, which quantiles are read from by their names. */
export const durationMeasures: readonly Measure[] = [
  cycleTimes,
  leadTimes,
  timesToAcknowledge,
  timesToResolve,
  deliveryTimes,
  holdTimes,
  workingTimes,
  returnToStockTimes,
];

/** What the processor counts for every step and event. */
export const catalog: Catalog = makeCatalog(
  kpis,
  [...durationMeasures, ...backlogChanges, ...paceMeasures],
  [latencies],
);

/** The words of a KPI, for people and for the API. */
export function describeKpi({ ahead: _, recordedSince: __, live, sql, asked, ...words }: Kpi) {
  return {
    ...words,
    dimensions: [...words.dimensions],
    sources: [...words.sources],
    changes: [...words.changes],
    exceptions: [...(words.exceptions ?? [])],
    waitsFor: words.waitsFor ?? null,
  };
}
