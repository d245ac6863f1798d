/** What opened and what was put away or over in a shift. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

export type Moved = {
  id: string;
  title: string;
  severity: string;
  moneyAtRisk: number;
  at: number;
  change: 'opened' | 'resolved' | 'dismissed' | 'closed';
  actor: string;
  node: string;
};

/** @param asked.since epoch ms in the time of the business; newest first */
export async function exceptionsMoved(
  history: HistoryClient,
  asked: { since: number; node: string; limit: number },
): Promise<Moved[]> {
  const rows = await queryRows<Moved>(history, loadQuery('queries/exceptions-moved'), asked);
  return rows.map((row) => ({ ...row, moneyAtRisk: Number(row.moneyAtRisk), at: Number(row.at) }));
}
