/** Orders by a part of their number. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

/** @param signal gives up waiting */
export async function ordersNamed(
  history: HistoryClient,
  { q, limit }: { q: string; limit: number },
  signal: AbortSignal,
): Promise<string[]> {
  const rows = await queryRows<{ order: string }>(history, loadQuery('queries/orders-named'), { q, limit }, { signal });
  return rows.map(({ order }) => order);
}
