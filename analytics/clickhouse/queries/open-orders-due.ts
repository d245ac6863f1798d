/** Open orders that may have work at a node, the most urgent first. */
import type { OrderStatus } from '../../../streams/events/order-statuses.ts';
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';
import { PLACED_WITHIN_MS } from './open-backlog.ts';

export type DueOrder = {
  order: string;
  channel: string;
  /** Where most of it ships from. */
  node: string;
  status: OrderStatus;
  lines: number;
  units: number;
  openUnits: number;
  amount: number;
  currency: string;
  placedAt: number;
  shipBy: number | null;
};

export type DueOrdersQuery = {
  node: string;
  statuses: readonly OrderStatus[];
  /** Due by then; epoch ms. */
  until: number;
  now: number;
  /** Also orders of other nodes, of which a part may be here. */
  splits: boolean;
  cursor?: string | undefined;
  limit: number;
};

/** @throws RangeError when the cursor is none of ours */
export async function openOrdersDue(
  history: HistoryClient,
  { node, statuses, until, now, splits, cursor, limit }: DueOrdersQuery,
): Promise<{ items: DueOrder[]; next: string | null }> {
  const after = cursor === undefined ? { shipBy: 0, order: '' } : readCursor(cursor);
  const rows = await queryRows<DueOrder>(history, loadQuery('queries/open-orders-due'), {
    node,
    statuses,
    until,
    since: Math.max(0, now - PLACED_WITHIN_MS),
    splits: splits ? 1 : 0,
    cursorShipBy: after.shipBy,
    cursorOrder: after.order,
    limit,
  });
  const items = rows.map((row) => ({
    ...row,
    placedAt: Number(row.placedAt),
    shipBy: Number(row.shipBy) || null,
    units: Number(row.units),
    openUnits: Number(row.openUnits),
    amount: Number(row.amount),
  }));
  const last = items.at(-1);
  return { items, next: last === undefined || items.length < limit ? null : `${last.shipBy ?? 0}~${last.order}` };
}

function readCursor(cursor: string): { shipBy: number; order: string } {
  const [, shipBy, order] = /^(\d{1,16})~(.+)$/s.exec(cursor) ?? [];
  if (order === undefined) throw new RangeError('the cursor is not one that an earlier page ended with');
  return { shipBy: Number(shipBy), order };
}
