/** Units on hand over time, in total or per node, of one SKU or of all. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';
import { type Change, type LevelSeries, type LevelsQuery, levelParams, levelsOf } from './levels.ts';

const HOUR_MS = 3_600_000;

/** Counted at the end of each step of whole hours. @throws RangeError when the query asks for too many points */
export async function onHandSeries(
  history: HistoryClient,
  { sku = '', ...query }: LevelsQuery & { sku?: string | undefined },
): Promise<LevelSeries[]> {
  if (query.stepMs % HOUR_MS !== 0) throw new RangeError('the steps of stock on hand are whole hours');
  const params = levelParams(query);
  const changes = await queryRows<Change>(history, loadQuery('queries/on-hand-changes'), { ...params, sku });
  return levelsOf(changes, params);
}
