/** Orders as the API tells them: pages from history, one order from live state with its timeline from history. */
import type { z } from 'zod';
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { ordersOfWave } from '../../analytics/clickhouse/queries/open-backlog.ts';
import { orderTimeline } from '../../analytics/clickhouse/queries/order-timeline.ts';
import { type OrdersFilter, ordersPage } from '../../analytics/clickhouse/queries/orders.ts';
import type { Item, Order } from '../../streams/operations/states.ts';
import type { ordersFilter, ordersQuery } from '../http/contract/orders.ts';
import type { OrderView, ordersPage as ordersAnswer } from '../http/contract.ts';
import { Refusal } from '../http/problems.ts';
import { Unavailable } from '../http/read-model.ts';
import { type Mirror, NEWEST_ORDERS } from '../live/mirror.ts';
import { orderDetail } from '../live/views/orders.ts';
import type { Runtime } from '../runtime.ts';
import { reachable } from './ask-history.ts';
import { nodeDays } from './node-days.ts';

/** A wave that was released longer ago is looked for no more. */
const WAVE_WITHIN_MS = 30 * 86_400_000;

export async function readOrdersPage(
  runtime: Runtime,
  mirror: Mirror,
  query: z.output<typeof ordersQuery>,
): Promise<z.output<typeof ordersAnswer>> {
  const filter = await filterOf(runtime, mirror, query);
  if (filter === null) return { items: [], next: null };
  try {
    return await reachable(ordersPage(runtime.history, { ...query, ...filter }));
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(400, { title: 'This cannot be asked', detail: error.message });
    throw error;
  }
}

/** The filter as history takes it; null when nothing can fit, because nobody knows the wave. */
export async function filterOf(
  { history }: Pick<Runtime, 'history'>,
  mirror: Mirror,
  { wave, ...asked }: z.output<typeof ordersFilter>,
): Promise<OrdersFilter | null> {
  const filter = { ...asked, days: nodeDays(mirror) };
  if (wave === undefined) return filter;
  const ids = await reachable(ordersOfWave(history, wave, Math.max(0, mirror.businessNow() - WAVE_WITHIN_MS)));
  return ids.length === 0 ? null : { ...filter, ids };
}

/** The live list begins with what history knows; while history is away it begins empty and fills by itself. */
export async function newestOrders(history: HistoryClient): Promise<string[]> {
  const page = await ordersPage(history, { limit: NEWEST_ORDERS }).catch(() => ({ items: [] }));
  return page.items.map((row) => row.order);
}

export async function readOrder({ history }: Runtime, mirror: Mirror, id: string): Promise<OrderView | null> {
  const [order] = await mirror.readStates<Order>('order', [id]);
  if (order === undefined) return null;
  const [items, timeline] = await Promise.all([
    mirror.readStates<Item>('item', [...new Set(order.lines.map((line) => line.sku))]),
    reachable(orderTimeline(history, id)).catch((error: unknown) => {
      if (error instanceof Unavailable) return [];
      throw error;
    }),
  ]);
  return { ...orderDetail(order, items), timeline };
}
