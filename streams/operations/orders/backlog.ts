/** The open work of one channel at one node, as one small state: what levels are read from. */
import type { Draft } from '../draft.ts';
import { type Backlog, ids, type Order } from '../states.ts';

/** Changes the backlog an order is counted in. */
export function changeBacklog(draft: Draft, order: Order, change: (backlog: Backlog) => Backlog): void {
  const id = ids.backlog(order.channel, order.node);
  const known = draft.get('backlog', id);
  const backlog = known ?? { channel: order.channel, node: order.node, orders: 0, heldOrders: 0, lines: {} };
  draft.put('backlog', id, change(backlog));
}
