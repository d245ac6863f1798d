/** How old an answer of history is: the moment up to which it is complete, and how many events it is behind. */
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { eventsBehind } from '../reading/events-behind.ts';
import type { Runtime } from '../runtime.ts';

export type DataAge = { dataAsOf: number | null; eventsBehind: number };

/** @param now history that is not behind is as new as everything: as of now, in business time */
export async function dataAge(runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>, now: number): Promise<DataAge> {
  const behind = await eventsBehind(runtime);
  if (behind === 0) return { dataAsOf: now, eventsBehind: 0 };
  const [newest] = await queryRows<{ at: number | string }>(runtime.history, loadQuery('queries/newest-received'));
  return { dataAsOf: newest === undefined ? null : Number(newest.at), eventsBehind: behind };
}
