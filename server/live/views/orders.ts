import { openUnits } from '../../../streams/operations/orders/order-life.ts';
import { orderStatus } from '../../../streams/operations/orders/order-status.ts';
import type { Item, Order } from '../../../streams/operations/states.ts';
import type { OrderView } from '../../http/contract.ts';
import type { OrderRow } from '../contract.ts';
import { anyOf, type Changed, subjectOf, type View } from './view.ts';

export const ordersView: View = {
  concerns: anyOf('order'),
  everyMs: null,
  entries: ({ orders }) => Object.fromEntries([...orders.values()].map((order) => [order.order, orderRow(order)])),
};

/** One order without its timeline, which is history; empty until the order exists. */
export const orderView: View = {
  concerns: (changed: Changed, topic) => touches(changed, 'order', (id) => id === subjectOf(topic)),
  everyMs: null,
  async entries(mirror, topic) {
    const [order] = await mirror.readStates<Order>('order', [subjectOf(topic)]);
    if (order === undefined) return {};
    const items = await mirror.readStates<Item>('item', [...new Set(order.lines.map((line) => line.sku))]);
    return { order: orderDetail(order, items) };
  },
};

/** @param items the items of its lines, as far as they are defined */
export function orderDetail(order: Order, items: Item[]): Omit<OrderView, 'timeline'> {
  const names = new Map(items.map((item) => [item.sku, item.name]));
  return {
    ...orderRow(order),
    customer: order.customer || null,
    source: order.source,
    holds: order.holds,
    holding: (order.holding?.reasons ?? [])
      .filter(({ ons }) => ons.length > 0)
      .map(({ hold, ons, agesAt }) => ({ hold, since: ons[0]!, agesAt, aged: order.holding!.aged.includes(hold) })),
    gaveStockBack: order.holding?.gaveBack ?? false,
    deliverBy: order.deliverBy > 0 ? order.deliverBy : null,
    releasedAt: order.releasedAt > 0 ? order.releasedAt : null,
    service: order.service,
    carrier: order.carrier,
    extras: order.extras,
    refunded: order.refunded,
    advised: order.advised?.nodes.map(([node, units]) => ({ node, units })) ?? null,
    items: order.lines.map(
      ({ amount: _, unitCost: __, attempted: ___, editedAt: ____, amountMost: _____, ...line }) => ({
        ...line,
        preorder: line.preorder ?? false,
        name: names.get(line.sku) ?? line.sku,
        allocated: line.allocated.map(([node, quantity]) => ({ node, quantity })),
      }),
    ),
  };
}

export function touches(changed: Changed, kind: string, matches: (id: string) => boolean): boolean {
  if (changed === null) return true;
  const ids = changed.get(kind);
  if (ids === undefined) return false;
  return ids === '*' || [...ids].some(matches);
}

export function orderRow(order: Order): OrderRow {
  return {
    order: order.order,
    channel: order.channel,
    node: order.node,
    country: order.country,
    status: orderStatus(order),
    placedAt: order.placedAt,
    shipBy: order.shipBy > 0 ? order.shipBy : null,
    dispatchedAt: order.completedAt > 0 ? order.completedAt : null,
    lines: order.lines.length,
    units: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    openUnits: order.lines.reduce((sum, line) => sum + openUnits(line), 0),
    amount: order.amount,
    currency: order.currency,
  };
}
