/** Points of a question's measures that stood outside of what was expected, as the detector told it then. */
import { queryRows } from '../../analytics/clickhouse/client.ts';
import type { Plan } from '../../analytics/metrics/plan.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { seriesOfSubject } from '../../streams/exceptions/kpi-anomaly.ts';
import type { MetricAnswer } from '../http/contract/questions.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Ops } from './run.ts';

type Row = { moment: number | string; subject: string; words: string };

/** Each in the group it belongs to; one of the whole workspace has empty groups. */
export async function anomaliesOf(
  { ops }: Ops,
  plan: Plan,
  measures: readonly string[],
  signal: AbortSignal | undefined,
): Promise<MetricAnswer['anomalies']> {
  const { from, to } = plan.asked.span;
  const parameters = { from: Math.floor(from / 1_000), to: Math.floor(to / 1_000) };
  const rows = await reachable(
    queryRows<Row>(ops, loadQuery('queries/anomalies-between'), parameters, signal === undefined ? {} : { signal }),
  );
  return rows.flatMap(({ moment, subject, words }) => {
    const { kpi, channel = '', node = '', source, sku } = seriesOfSubject(subject);
    // Questions know no series of a source or of a SKU.
    if (source !== undefined || sku !== undefined) return [];
    if (!measures.includes(kpi) || isFiltered(plan, { channel, node })) return [];
    const group = plan.asking.by.map((dimension) => ({ channel, node })[dimension] || null);
    return [{ measure: kpi, group, at: Number(moment), title: words }];
  });
}

function isFiltered({ asking }: Plan, part: { channel: string; node: string }): boolean {
  return asking.where.some(({ dimension, is, values }) => {
    const value = part[dimension as keyof typeof part] ?? '';
    return value !== '' && values.includes(value) !== (is === 'in');
  });
}
