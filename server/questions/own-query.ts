/**
 * KPIs that are worked out by a query of their own, such as days of supply: they are answered over time as on their pages, by
 * one dimension at most and without filters.
 */

import type { Dimension, Kpi } from '../../analytics/kpis/index.ts';
import { type AskHistory, hasGrain, kpiSeries, type Series } from '../../analytics/kpis/series.ts';
import type { Fault } from '../../analytics/metrics/check.ts';
import type { Frame, Plan } from '../../analytics/metrics/plan.ts';
import { type BucketGrain, bucketGrains } from '../../streams/operations/buckets.ts';
import type { MetricQuestion, MetricSeries } from '../http/contract/questions.ts';

type Own = { series: MetricSeries[]; total: number | null; compared: number | null };
type Point = [at: number, figure: number | null];

export const grainsOf = (kpi: Kpi): BucketGrain[] => bucketGrains.filter((grain) => hasGrain(kpi, grain));

/** What a question asks of such a KPI that it cannot answer. */
export function faultsOfOwn(
  question: Pick<MetricQuestion, 'measures' | 'by' | 'grain' | 'where'>,
  own: ReadonlyMap<string, Kpi>,
): Fault[] {
  return question.measures.flatMap((id, index): Fault[] => {
    const kpi = own.get(id);
    if (kpi === undefined) return [];
    const grains = grainsOf(kpi);
    const { by, grain, where } = question;
    const can: string[] = [];
    if (!(grains as string[]).includes(grain)) can.push(`per ${grains.join(' or ')}`);
    if (by.length > 1 || by.some((one) => !(kpi.dimensions as readonly string[]).includes(one)))
      can.push(kpi.dimensions.length === 0 ? 'as a whole' : `by one of: ${kpi.dimensions.join(', ')}`);
    if (where.length > 0) can.push('without filters');
    const message = `${id} is worked out by a query of its own. It can be asked ${can.join(', and ')}.`;
    return can.length === 0 ? [] : [{ path: `measures.${index}`, message }];
  });
}

export async function askOwn(history: AskHistory, kpi: Kpi, plan: Plan): Promise<Own> {
  const { by, grain } = plan.asking;
  const { timeZone, currency, now } = plan.situation;
  const over = ({ span }: Frame): Promise<Series> =>
    kpiSeries(history, kpi, {
      from: span.from,
      to: span.to,
      grain: grain as BucketGrain,
      by: (by[0] ?? null) as Dimension | null,
      timeZone,
      currency,
      now,
    });
  const [asked, compared] = await Promise.all([over(plan.asked), plan.compared === null ? null : over(plan.compared)]);
  const keys = [...new Set([...asked.series, ...(compared?.series ?? [])].map(({ key }) => key))];
  return {
    total: asked.total,
    compared: compared?.total ?? null,
    series: keys.map((key) => {
      const mine = asked.series.find((one) => one.key === key);
      const then = compared?.series.find((one) => one.key === key);
      return {
        measure: kpi.id,
        group: by.length === 0 ? [] : [key],
        points: laidOn(plan.asked.starts, plan.asked, mine),
        total: mine?.total ?? null,
        compared:
          plan.compared === null
            ? null
            : { points: laidOn(plan.asked.starts, plan.compared, then), total: then?.total ?? null },
      };
    }),
  };
}

/** Points of a frame on the buckets that were asked for, in their order. */
function laidOn(starts: readonly number[], frame: Frame, series: Series['series'][number] | undefined): Point[] {
  const figures = new Map(series?.points);
  return starts.map((start, at): Point => [start, figures.get(frame.starts[at] ?? Number.NaN) ?? null]);
}
