/** What one buyer may take of a SKU at a node: the node's ATP less what is kept for others. */
import { nodeAtp } from '../../policies/available-to-promise.ts';
import { nextCutOff } from '../../policies/node-calendar.ts';
import {
  type Asked,
  type Asker,
  type Kept,
  keepsNothing,
  keptFrom,
  mayWait,
  nextLapse,
  type Protection,
  rankOf,
} from '../../policies/protection.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { type Item, ids, type Order, type OrderLine, type Stock } from '../states.ts';

/** Who asks, and when. */
export type Buyer = Asker & { at: number };
type Ask = { sku: string; node: string } & ({ order: Order } | { buyer: Buyer });

/** An order as policies see it. */
export function buyerOf(order: Order): Buyer {
  const { channel, segment, placedAt } = order;
  return { channel, segment, service: order.service, marginShare: marginShareOf(order.lines), at: placedAt };
}

/** Margin of all lines as a share of what they are worth; null when they are worth nothing. */
export function marginShareOf(lines: readonly Pick<OrderLine, 'amount' | 'quantity' | 'unitCost'>[]): number | null {
  let [amount, cost] = [0, 0];
  for (const line of lines) {
    amount += line.amount;
    cost += line.quantity * line.unitCost;
  }
  return amount > 0 ? (amount - cost) / amount : null;
}

/**
 * Units this buyer may take of a SKU at a node now; negative when the node owes, 0 when it never had any. Makes no record.
 * @param ask the order, or the buyer when there is no order yet
 */
export function availableFor(draft: Draft, ask: Ask): number {
  const stock = draft.get('stock', ids.stock(ask.sku, ask.node));
  if (stock === undefined) return 0;
  const item = draft.get('item', ask.sku);
  const atp = nodeAtp(stock, item);
  const protection = policyOf(draft, 'protection');
  const allocation = policyOf(draft, 'allocation');
  if (atp <= 0 || keepsNothing(protection, allocation)) return atp;
  const buyer =
    'order' in ask ? { ...buyerOf(ask.order), at: draft.event?.occurredAt ?? ask.order.placedAt } : ask.buyer;
  const kept = keptAt(draft, buyer, stock, item);
  return kept.reduce((left, { quantity }) => left - quantity, atp);
}

/** What a node keeps of a SKU from this buyer, rule by rule. */
export function keptAt(draft: Draft, buyer: Buyer, stock: Stock, item: Item | undefined): Kept[] {
  const protection = policyOf(draft, 'protection');
  const allocation = policyOf(draft, 'allocation');
  if (keepsNothing(protection, allocation)) return [];
  return keptFrom(protection, allocation, buyer, askedOf(draft, protection, stock, item, buyer.at));
}

function askedOf(draft: Draft, protection: Protection, stock: Stock, item: Item | undefined, at: number): Asked {
  const byCutOff = protection.rules.some((rule) => rule.lapsesHoursBeforeCutOff !== undefined);
  const node = byCutOff ? draft.get('node', stock.node) : undefined;
  return {
    sku: stock.sku,
    category: item?.category ?? '',
    node: stock.node,
    base: stock.sellable + stock.allocated,
    at,
    cutOff: node === undefined ? null : nextCutOff(node, at),
  };
}

/**
 * What a protection keeps from an order is given to it when the protection lapses: deadline `protection-lapse`. Its
 * moment stands in the subject, because one SKU at one node may have several.
 */
export function watchLapse(draft: Draft, order: Order, sku: string, node: string, when: number): void {
  const protection = policyOf(draft, 'protection');
  const stock = draft.get('stock', ids.stock(sku, node));
  if (protection.rules.length === 0 || stock === undefined) return;
  const asked = askedOf(draft, protection, stock, draft.get('item', sku), when);
  const lapse = nextLapse(protection, buyerOf(order), asked);
  if (lapse !== null) draft.setDeadline(order.source, 'protection-lapse', `${ids.stock(sku, node)}|${lapse}`, lapse);
}

/** Whether what nobody can give to this order waits for stock. Otherwise it is cancelled at once. */
export const backorderAllowed = (draft: Draft, order: Order): boolean => {
  const policy = policyOf(draft, 'allocation');
  if (policy.ranks.length === 0) return policy.shortage === 'backorder';
  return mayWait(policy, buyerOf(order));
};

/** Where the order stands in a queue: 1 is served first. */
export const queueRankOf = (draft: Draft, order: Order): number => {
  const policy = policyOf(draft, 'allocation');
  return policy.ranks.length === 0 ? rankOf(policy, nobody) : rankOf(policy, buyerOf(order));
};
const nobody: Asker = { channel: '', segment: '', service: '', marginShare: null };
