/** A flow KPI as counts per minute, for detectors. */
import type { Kpi } from './definition.ts';
import { type AskHistory, kpiSeries, type SeriesQuery } from './series.ts';

/** Counts of consecutive minutes from `from` on, per channel; the empty name is the whole workspace. */
export type MinutesByChannel = Map<string, (number | null)[]>;

/**
 * From history. Null where nothing is known: before the first order at all, before the first count of a channel, and
 * after `now`, which must not be later than what history has been told.
 */
export async function kpiMinutes(
  ask: AskHistory,
  kpi: Kpi,
  query: Pick<SeriesQuery, 'from' | 'to' | 'timeZone' | 'currency' | 'now'>,
): Promise<MinutesByChannel> {
  const [whole, channels] = await Promise.all([
    kpiSeries(ask, kpi, { ...query, grain: 'minute' }),
    kpiSeries(ask, kpi, { ...query, grain: 'minute', by: 'channel' }),
  ]);
  const minutes: MinutesByChannel = new Map();
  for (const { key, points } of [...whole.series, ...channels.series.filter((series) => series.key !== '')]) {
    const counts = points.map(([, count]) => count);
    const first = counts.findIndex((count) => count !== null && count !== 0);
    minutes.set(key, key === '' || first < 0 ? counts : counts.fill(null, 0, first));
  }
  return minutes;
}
