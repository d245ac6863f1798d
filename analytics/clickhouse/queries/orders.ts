/** Orders by filter, the newest first or by another order, and how many of them stand where. */
import {
  type DueWord,
  type OrderSort,
  type OrderStatus,
  openStatuses,
  unpackedStatuses,
} from '../../../streams/events/order-statuses.ts';
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

/** When days end on the clocks of nodes; the first of the ends are those of nodes nobody has defined. Epoch ms. */
export type NodeDays = {
  now: number;
  /** Open work that is due by then is at risk unless it is packed. */
  riskUntil: number;
  nodes: readonly string[];
  todayEnds: readonly number[];
  tomorrowEnds: readonly number[];
};

export type OrdersFilter = {
  status?: readonly OrderStatus[] | undefined;
  channel?: string | undefined;
  node?: string | undefined;
  /** Part of the order's id or of its customer's. */
  q?: string | undefined;
  /** Placed in this time, both ends included; epoch ms. */
  from?: number | undefined;
  to?: number | undefined;
  /** Only these. */
  ids?: readonly string[] | undefined;
  /** Only open ones that are due then; asks for `days`. */
  due?: DueWord | undefined;
  /** Only what is due soon and not packed; asks for `days`. */
  risk?: boolean | undefined;
  days?: NodeDays | undefined;
};
export type OrdersQuery = OrdersFilter & {
  sort?: OrderSort | undefined;
  /** The `next` of the page before. */
  cursor?: string | undefined;
  limit: number;
};
type Page = { items: OrderRow[]; next: string | null };

/** The end of what the engine's times can say. */
const LATEST = Date.UTC(2299, 0, 1);
/** Most filters find a page within the newest rows; only when they do not, the whole time is searched. */
const WINDOW_PAGES = 20;
const noDays: NodeDays = { now: 0, riskUntil: 0, nodes: [], todayEnds: [0], tomorrowEnds: [0] };

const parametersOf = ({
  status = [],
  channel = '',
  node = '',
  q = '',
  from = 0,
  to = LATEST,
  ids = [],
  due,
  risk = false,
  days = noDays,
}: OrdersFilter) => ({
  ...{ statuses: status, channel, node, q, from, to, ids, due: due ?? '' },
  ...{ risk: risk ? 1 : 0, open: openStatuses, unpacked: unpackedStatuses },
  ...days,
});

/** @throws RangeError when the cursor is none of ours */
export async function ordersPage(history: HistoryClient, query: OrdersQuery): Promise<Page> {
  if (query.sort !== undefined && query.sort !== 'newest') return sortedPage(history, query, query.sort);
  const { limit, from = 0, to = LATEST } = query;
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  const until = Math.min(to, after?.key ?? LATEST);
  const params = { ...parametersOf({ ...query, to: until }), limit, cursorOrder: '' };
  // An order placed in the same millisecond as the cursor's comes after it when its id is smaller.
  if (after !== undefined && after.key === until) params.cursorOrder = after.order;
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
  return { items, next: items.length < limit ? null : cursorOf(items.at(-1)!.placedAt, items.at(-1)!.order) };
}

async function sortedPage(history: HistoryClient, query: OrdersQuery, sort: OrderSort): Promise<Page> {
  const after = query.cursor === undefined ? { key: 0, order: '' } : readCursor(query.cursor);
  const rows = await queryRows<OrderRow & { sortKey: number | string }>(history, loadQuery('queries/orders-sorted'), {
    ...parametersOf(query),
    sort,
    cursorKey: after.key,
    cursorOrder: after.order,
    limit: query.limit,
  });
  const last = rows.at(-1);
  const next = last === undefined || rows.length < query.limit ? null : cursorOf(Number(last.sortKey), last.order);
  return { items: rows.map(({ sortKey: _, ...row }) => orderRow(row)), next };
}

/** Of the filter without its statuses. */
export async function ordersByStatus(
  history: HistoryClient,
  filter: OrdersFilter,
): Promise<{ status: OrderStatus; orders: number; openUnits: number }[]> {
  const rows = await queryRows<{ status: OrderStatus; orders: number; openUnits: number }>(
    history,
    loadQuery('queries/orders-by-status'),
    parametersOf({ ...filter, status: [] }),
  );
  return rows.map(({ status, orders, openUnits }) => ({
    status,
    orders: Number(orders),
    openUnits: Number(openUnits),
  }));
}

const cursorOf = (key: number, order: string): string => `${key}~${order}`;

function readCursor(cursor: string): { key: number; order: string } {
  const [, key, order] = /^(-?\d{1,16})~(.+)$/s.exec(cursor) ?? [];
  if (order === undefined) throw new RangeError('the cursor is not one that an earlier page ended with');
  return { key: Number(key), order };
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
