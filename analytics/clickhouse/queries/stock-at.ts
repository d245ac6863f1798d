/** Stock as the movements in history add up to it, for comparison with the live states. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

/** `node` is empty for the places outside of the company. */
export type StockAt = { sku: string; node: string; place: string; quantity: number };

/** After the event `seq` (the newest when left out); of one SKU or of all. Places that hold nothing are left out. */
export async function stockAt(
  history: HistoryClient,
  { sku = '', seq = Number.MAX_SAFE_INTEGER }: { sku?: string; seq?: number } = {},
): Promise<StockAt[]> {
  const rows = await queryRows<StockAt>(history, loadQuery('queries/stock-at'), { sku, seq });
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity) }));
}
