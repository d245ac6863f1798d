/** Orders by number: the whole number from live state, a part of it from history, within a moment. */
import { ordersNamed } from '../../../analytics/clickhouse/queries/orders-named.ts';
import { orderStatus } from '../../../streams/operations/orders/order-status.ts';
import type { Order } from '../../../streams/operations/states.ts';
import type { Runtime } from '../../runtime.ts';

/** Shorter parts stand in too many numbers to mean one. */
const PART_LETTERS_MIN = 3;
/** Whoever types waits for every answer. */
const HISTORY_MS_MAX = 1_500;
const AWAY = 'History does not answer right now: orders are found by their whole number only.';

type OrderFound = { code: string; words: string; over: boolean; hit: () => Hit };
type Hit = { title: string; detail: string; address: string };

export async function findOrders(
  { redis, keys, history }: Runtime,
  q: string,
  limit: number,
): Promise<{ orders: OrderFound[]; incomplete?: string }> {
  // Numbers of orders have no spaces, and whoever types one types a part of it.
  const asksHistory = q.length >= PART_LETTERS_MIN && !/\s/.test(q);
  let [named, incomplete]: [string[], string | undefined] = [[], undefined];
  if (asksHistory) {
    try {
      named = await ordersNamed(history, { q, limit }, AbortSignal.timeout(HISTORY_MS_MAX));
    } catch {
      incomplete = AWAY;
    }
  }
  const wanted = [...new Set([q, q.toUpperCase(), ...named])];
  const texts = await redis.hmGet(keys.state('order'), wanted);
  const orders = texts.flatMap((text) => (text ? [asFound(JSON.parse(text) as Order)] : []));
  return incomplete === undefined ? { orders } : { orders, incomplete };
}

function asFound(order: Order): OrderFound {
  const units = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const detail = [
    order.channel,
    order.node,
    orderStatus(order).replace('-', ' '),
    `${units} ${units === 1 ? 'unit' : 'units'}`,
  ];
  return {
    code: order.order,
    words: '',
    over: !order.open,
    hit: () => ({
      title: order.order,
      detail: detail.filter(Boolean).join(' · '),
      address: `/orders/${encodeURIComponent(order.order)}`,
    }),
  };
}
