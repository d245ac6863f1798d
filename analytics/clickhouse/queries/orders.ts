/** Orders by filter, the newest first. */
import type { OrderStatus } from '../../../streams/events/order-statuses.ts';
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

export type OrderRow = {
  order: string;
  channel: string;
  node: string;
  country: string;
  status: OrderStatus;
  placedAt: number;
  shipBy: number | null;
  dispatchedAt: number | null;
  lines: number;
  units: number;
  openUnits: number;
  amount: number;
  currency: string;
};

export type OrdersQuery = {
  status?: string | undefined;
  channel?: string | undefined;
  node?: string | undefined;
  /** Part of the order's id or of its customer's. */
  q?: string | undefined;
  /** Placed in this time, both ends included; epoch ms. */
  from?: number | undefined;
  to?: number | undefined;
  /** The `next` of the page before. */
  cursor?: string | undefined;
  limit: number;
};

/** The end of what the engine's times can say. */
const LATEST = Date.UTC(2299, 0, 1);
/** Most filters find a page within the newest rows; only when they do not, the whole time is searched. */
const WINDOW_PAGES = 20;

/** @throws RangeError when the cursor is none of ours */
export async function ordersPage(
  history: HistoryClient,
  { status = '', channel = '', node = '', q = '', from = 0, to = LATEST, cursor, limit }: OrdersQuery,
): Promise<{ items: OrderRow[]; next: string | null }> {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const until = Math.min(to, after?.placedAt ?? LATEST);
  const params = { status, channel, node, q, from, to: until, limit, cursorOrder: '' };
  // An order placed in the same millisecond as the cursor's comes after it when its id is smaller.
  if (after !== undefined && after.placedAt === until) params.cursorOrder = after.order;
  const window = { from, to: until, rows: limit * WINDOW_PAGES };
  const [start] = await queryRows<{ since: number | string }>(history, loadQuery('queries/orders-window'), window);
  let rows: OrderRow[] = [];
  if (start !== undefined) {
    rows = await queryRows<OrderRow>(history, loadQuery('queries/orders-page'), {
      ...params,
      from: Number(start.since),
    });
  }
  if (rows.length < limit) rows = await queryRows<OrderRow>(history, loadQuery('queries/orders-page'), params);
  const items = rows.map(orderRow);
  return { items, next: items.length < limit ? null : cursorOf(items.at(-1)!) };
}

const cursorOf = ({ placedAt, order }: OrderRow): string => `${placedAt}~${order}`;

function readCursor(cursor: string): { placedAt: number; order: string } {
  const [, placedAt, order] = /^(\d{1,16})~(.+)$/s.exec(cursor) ?? [];
  if (order === undefined) throw new RangeError('the cursor is not one that an earlier page ended with');
  return { placedAt: Number(placedAt), order };
}

const orderRow = (row: OrderRow): OrderRow => ({
  ...row,
  placedAt: Number(row.placedAt),
  shipBy: Number(row.shipBy) || null,
  dispatchedAt: Number(row.dispatchedAt) || null,
  units: Number(row.units),
  openUnits: Number(row.openUnits),
  amount: Number(row.amount),
});
