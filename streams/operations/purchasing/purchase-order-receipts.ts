/** What is still to come of a purchase order, and when somebody has to ask where it is. */
import type { Draft } from '../draft.ts';
import { expectInbound } from './inbound.ts';
import type { PurchaseOrder, PurchaseOrderLine } from './purchase-order-state.ts';

/** What comes within a day of its date has come on time. */
export const GRACE_MS = 86_400_000;
/** A purchase order nobody speaks of any more is forgotten after this time. */
export const PURCHASE_ORDER_KEPT_MS = 180 * 86_400_000;

type Outstanding = { line: PurchaseOrderLine; units: number; came: number };

/** What each line still expects: receipts fill the lines of their SKU and node, soonest first. */
export function outstanding(order: PurchaseOrder): Outstanding[] {
  const left = new Map(order.received.map(([sku, node, units]) => [`${sku}|${node}`, units]));
  return order.lines.map((line) => {
    const place = `${line.sku}|${line.node}`;
    const came = Math.min(line.quantity, left.get(place) ?? 0);
    left.set(place, (left.get(place) ?? 0) - came);
    const cancelled = order.cancelledAt > 0 && order.cancelledAt >= line.statedAt.quantity;
    return { line, came, units: cancelled ? 0 : line.quantity - came };
  });
}

/** Long after the newest event and the last date, whichever is later. */
export const forgetsAt = ({ heardAt, lines }: PurchaseOrder): number =>
  lines.reduce((last, { expectedAt }) => Math.max(last, expectedAt), heardAt) + PURCHASE_ORDER_KEPT_MS;

/** Whether the date that was named last has gone by: until there is a new one, nobody knows when the rest comes. */
export const isOverdue = (line: PurchaseOrderLine): boolean => line.passed === line.expectedAt;

/** Makes what is expected of each SKU say what the purchase order says now. */
export function expectReceipts(draft: Draft, before: PurchaseOrder | undefined, after: PurchaseOrder): void {
  const known = new Map((before === undefined ? [] : outstanding(before)).map((entry) => [entry.line.line, entry]));
  for (const now of outstanding(after)) {
    const { line } = now;
    const was = known.get(line.line);
    const ref = `${after.purchaseOrder}/${line.line}`;
    const entry = { ref, kind: 'purchase-order' as const, confirmed: !isOverdue(line), supplier: after.supplier };
    if (was !== undefined && (was.line.sku !== line.sku || was.line.node !== line.node)) {
      expectInbound(draft, was.line.sku, { ...entry, node: was.line.node, quantity: 0, expectedAt: 0 });
    } else if (was !== undefined && saysTheSame(was, now) && before?.supplier === after.supplier) continue;
    if (line.sku === '' || line.node === '' || line.expectedAt === 0) continue;
    expectInbound(draft, line.sku, { ...entry, node: line.node, quantity: now.units, expectedAt: line.expectedAt });
  }
}

const saysTheSame = (a: Outstanding, b: Outstanding): boolean =>
  a.units === b.units && a.line.expectedAt === b.line.expectedAt && isOverdue(a.line) === isOverdue(b.line);

/** The next date to look at: a first date that has not gone into the supplier's record, or a newest one still to come. */
export function setDue(draft: Draft, order: PurchaseOrder): void {
  const dates = outstanding(order).flatMap(({ line, units }) => [
    ...(line.judged || line.promisedAt === 0 ? [] : [line.promisedAt]),
    ...(units === 0 || line.expectedAt === 0 || isOverdue(line) ? [] : [line.expectedAt]),
  ]);
  if (dates.length === 0) draft.clearDeadline(order.source, 'purchase-order-due', order.purchaseOrder);
  else draft.setDeadline(order.source, 'purchase-order-due', order.purchaseOrder, Math.min(...dates) + GRACE_MS);
}
