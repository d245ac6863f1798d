/** Asks history by the name of a query; what keeps it from answering is told as "not available right now". */
import { queryRows } from '../../analytics/clickhouse/client.ts';
import type { AskHistory } from '../../analytics/kpis/series.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { Unavailable } from '../http/unavailable.ts';
import type { Runtime } from '../runtime.ts';

export const askHistory =
  ({ history }: Pick<Runtime, 'history'>): AskHistory =>
  (query, parameters) => {
    const sql = typeof query === 'string' ? loadQuery(query) : query.sql;
    return reachable(queryRows<Record<string, unknown>>(history, sql, parameters));
  };

/** ClickHouse being away is no fault of the question. */
export async function reachable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (/^E[A-Z]+$|^202$/.test(code) || /timeout|socket/i.test((error as Error).message)) {
      throw new Unavailable('History does not answer right now; live figures are not affected.');
    }
    throw error;
  }
}
