/** What people and systems report of stock: receipts, adjustments, changes of condition, lots that expire. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { receivedOnPurchaseOrder } from '../purchasing/purchase-order.ts';
import { ids } from '../states.ts';
import { lotsIn, splitByLot } from './lots.ts';
import { at, move, outside } from './stock.ts';
import { armReview } from './stock-review.ts';
import { factorOf } from './units.ts';

const DAY_MS = 86_400_000;

/** Goods arrive. A lot that is past its date already goes into quarantine, and what cost something moves the average. */
export function received(draft: Draft, event: EventOf<'stock.received'>): void {
  const { sku, node, quantity, from, into, lot, expiresAt } = event.data;
  const item = draft.get('item', sku);
  const tracked = item?.lotTracked === true;
  if (tracked && lot === undefined) throw new Refused(`${sku} is tracked by lot: a receipt has to name its lot`);
  const expired = tracked && expiresAt !== undefined && expiresAt <= event.occurredAt;
  const value = costOfAll(draft, event.data);
  move(draft, {
    sku,
    from: from === 'supplier' ? outside('supplier') : at(node, 'in-transit'),
    to: at(node, expired ? 'quarantined' : into),
    quantity,
    reason: event.data.purchaseOrder === undefined ? 'receipt' : `receipt of ${event.data.purchaseOrder}`,
    at: event.occurredAt,
    ...(tracked ? { lot, expiresAt } : {}),
    ...(value === undefined ? {} : { value }),
  });
  receivedOnPurchaseOrder(draft, event);
  armReview(draft, sku, event);
}

/** What the units of an event cost together. The cost is of the unit that was stated, so nothing is rounded. */
function costOfAll(
  draft: Draft,
  {
    sku,
    quantity,
    unit,
    unitCost,
  }: { sku: string; quantity: number; unit?: string | undefined; unitCost?: number | undefined },
): number | undefined {
  if (unitCost === undefined || quantity < 0) return undefined;
  const value = (quantity / factorOf(draft.get('item', sku), unit)) * unitCost;
  if (!Number.isSafeInteger(value))
    throw new Refused(`${quantity} of ${sku} at ${unitCost} cost more than can be reckoned`);
  return value;
}

export function adjusted(draft: Draft, event: EventOf<'stock.adjusted'>): void {
  const { sku, node, bucket, quantity, reason, against, lot, by = event.source } = event.data;
  if (reason.trim() === '') throw new Refused(`${sku} at ${node} cannot be adjusted without a reason`);
  const [here, there] = [at(node, bucket), outside(against)];
  const [from, to] = quantity > 0 ? [there, here] : [here, there];
  const value = costOfAll(draft, event.data);
  const movement = { sku, from, to, quantity: Math.abs(quantity), reason, at: event.occurredAt, by, lot };
  for (const part of splitByLot(draft, { ...movement, ...(value === undefined ? {} : { value }) })) move(draft, part);
  if (quantity > 0) armReview(draft, sku, event);
}

export function conditionChanged(draft: Draft, event: EventOf<'stock.condition-changed'>): void {
  const { sku, node, quantity, from, to, reason, lot, by = event.source } = event.data;
  if (from === to) throw new Refused(`${sku} at ${node} is ${from} already: the condition does not change`);
  if (reason.trim() === '') throw new Refused(`${sku} at ${node} cannot become ${to} without a reason`);
  const target = to === 'loss' ? outside('loss') : at(node, to);
  const movement = { sku, from: at(node, from), to: target, quantity, reason, at: event.occurredAt, by, lot };
  for (const part of splitByLot(draft, movement)) move(draft, part);
}

/**
 * A lot is past its date: what of it is on sale is set aside. What orders have reserved stays reserved, and other lots
 * serve it; while units of the lot are left among them, it is looked at again every day.
 */
export function lotExpired(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { subject, due, clock } = event.data;
  const [sku = '', node = '', name = ''] = subject.split('|');
  const id = ids.stock(sku, node);
  const stock = draft.get('stock', id);
  const lots = draft.get('lots', id)?.lots ?? [];
  const lot = lots.find((known) => known.lot === name);
  if (stock === undefined || lot === undefined || lot.expiresAt === 0 || lot.expiresAt > due) return;
  const balance = lotsIn(lots, stock).find((known) => known.lot === name);
  const units = (balance?.sellable ?? 0) + (balance?.allocated ?? 0);
  const quantity = Math.min(units, Math.max(0, stock.sellable));
  const when = event.occurredAt;
  const reason = `lot ${name} expired`;
  move(draft, { sku, from: at(node, 'sellable'), to: at(node, 'quarantined'), quantity, reason, at: when, lot: name });
  if (units > quantity) draft.setDeadline(clock, 'lot-expiry', subject, due + DAY_MS);
}
