/** What one buyer may take of a SKU at a node: the node's ATP less what is kept for others. */
import { nodeAtp } from '../policies/available-to-promise.ts';
import type { Draft } from './draft.ts';
import { ids, type Order, type OrderLine } from './states.ts';

/** Who asks, as far as policies look at it. */
export type Buyer = {
  channel: string;
  segment: string;
  service: string;
  /** Of the whole order; undefined for a cart. */
  lines?: readonly OrderLine[];
  /** Business time of the asking. */
  at: number;
};

export const buyerOf = (order: Order): Buyer => ({
  channel: order.channel,
  segment: order.segment,
  service: '',
  lines: order.lines,
  at: order.placedAt,
});

/**
 * Units this buyer may take of a SKU at a node now; negative when the node owes.
 * @param ask the order, or the buyer when there is no order yet
 */
export function availableFor(
  draft: Draft,
  ask: { sku: string; node: string } & ({ order: Order } | { buyer: Buyer }),
): number {
  const stock = draft.get('stock', ids.stock(ask.sku, ask.node));
  if (stock === undefined) return -(draft.get('item', ask.sku)?.safetyStock ?? 0);
  return nodeAtp(stock, draft.get('item', ask.sku));
}
