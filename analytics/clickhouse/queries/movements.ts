/** "Why is this number 37?": the movements of a SKU, with the balance they add up to. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

export type MovementRow = {
  seq: number;
  occurredAt: number;
  receivedAt: number;
  source: string;
  eventId: string;
  eventType: string;
  fromNode: string;
  fromPlace: string;
  toNode: string;
  toPlace: string;
  quantity: number;
  reason: string;
  order: string;
  /** What it did to the asked node and bucket, and the balance after it; null when no node was asked for. */
  change: number | null;
  balance: number | null;
};

export type MovementsQuery = {
  sku: string;
  node?: string | undefined;
  /** Without one: all that is on hand at the node, which leaves out what is on its way. */
  bucket?: string | undefined;
  /** Only movements of events before this sequence: the `next` of the page before. */
  before?: number | undefined;
  limit: number;
};

/** Newest first. A page may be a little longer than its limit: movements of one event stay together. */
export async function movementsOf(
  history: HistoryClient,
  { sku, node = '', bucket = '', before = Number.MAX_SAFE_INTEGER, limit }: MovementsQuery,
): Promise<{ items: MovementRow[]; next: number | null }> {
  const params = { sku, node, bucket, before, limit };
  const rows = await queryRows<MovementRow>(history, loadQuery('queries/movements-of-sku'), params);
  const items = rows.map((row) => ({
    ...row,
    seq: Number(row.seq),
    occurredAt: Number(row.occurredAt),
    receivedAt: Number(row.receivedAt),
    quantity: Number(row.quantity),
    change: node === '' ? null : Number(row.change),
    balance: node === '' ? null : Number(row.balance),
  }));
  return { items, next: items.length < limit ? null : items.at(-1)!.seq };
}
