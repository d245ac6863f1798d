/** Open orders or open lines over time, in total or per node. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';
import { type Change, type LevelSeries, type LevelsQuery, levelParams, levelsOf } from './levels.ts';

/** Counted at the end of each step. @throws RangeError when the query asks for too many points */
export async function backlogSeries(
  history: HistoryClient,
  { what, ...query }: LevelsQuery & { what: 'order' | 'line' },
): Promise<LevelSeries[]> {
  const params = levelParams(query);
  const changes = await queryRows<Change>(history, loadQuery('queries/backlog-changes'), { ...params, what });
  return levelsOf(changes, params);
}
