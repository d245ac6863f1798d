/** KPIs as the API tells them: the catalog with what they stand at, and one of them over time. */
import type { z } from 'zod';
import { describeKpi, isHistory, kpiById, kpis } from '../../analytics/kpis/index.ts';
import { hasGrain, kpiSeries, SERIES_POINTS_MAX } from '../../analytics/kpis/series.ts';
import { HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import type { kpiQuery, kpiSeries as kpiSeriesAnswer, kpisAnswer } from '../http/contract.ts';
import { Refusal } from '../http/problems.ts';
import { governed } from '../kpis/governed.ts';
import type { HistoryFigures } from '../kpis/history-figures.ts';
import { currentValue } from '../live/figures.ts';
import type { Mirror } from '../live/mirror.ts';
import type { Runtime } from '../runtime.ts';
import { askHistory } from './ask-history.ts';
import { eventsBehind } from './events-behind.ts';

const grainMs = { minute: MINUTE_MS, hour: HOUR_MS, day: 24 * HOUR_MS };
/** Without `from`, this many buckets up to `to`. */
const BUCKETS_BY_DEFAULT = { minute: 180, hour: 72, day: 60 };

/** As they stand, under the terms in force. What is worked out from history is told as far as it is known. */
export function readKpis(mirror: Mirror, history: HistoryFigures): z.output<typeof kpisAnswer> {
  const { watermark } = mirror.workspace();
  const asOf = watermark > 0 ? watermark : null;
  return {
    items: kpis.map((kpi) => ({
      ...describeKpi(governed(mirror, kpi)),
      value: isHistory(kpi) ? (history.of(kpi, {})?.value ?? null) : currentValue(mirror, kpi),
      asOf,
    })),
  };
}

export async function readKpiSeries(
  runtime: Runtime,
  mirror: Mirror,
  id: string,
  query: z.output<typeof kpiQuery>,
): Promise<z.output<typeof kpiSeriesAnswer> | null> {
  const kpi = kpiById(id);
  if (kpi === undefined) return null;
  const { timeZone, currency } = mirror.workspace();
  const now = mirror.businessNow();
  const { grain, by, to = now } = query;
  const from = query.from ?? to - BUCKETS_BY_DEFAULT[grain] * grainMs[grain];
  if (from >= to) throw refused('from must lie before to.');
  if ((to - from) / grainMs[grain] > SERIES_POINTS_MAX) {
    throw refused(`This is more than ${SERIES_POINTS_MAX} points: ask for a coarser grain or a shorter time.`);
  }
  if (by !== undefined && !kpi.dimensions.includes(by)) throw refused(`${id} is not measured by ${by}.`);
  if (!hasGrain(kpi, grain)) throw refused(`${kpi.name} is worked out by the ${kpi.cadence}, not by the ${grain}.`);
  const [answer, behind] = await Promise.all([
    kpiSeries(askHistory(runtime), kpi, { from, to, grain, by, timeZone, currency, now }),
    eventsBehind(runtime),
  ]);
  return { kpi: describeKpi(governed(mirror, kpi)), from, to, grain, by: by ?? null, ...answer, eventsBehind: behind };
}

const refused = (detail: string) => new Refusal(400, { title: 'This cannot be asked', detail });
