/** What left, what arrived at the customer, and what came back. */
import type { EventInput } from '../../events/index.ts';
import type { Context, DerivedEvent, Understanding } from '../connector.ts';
import { isPhysical, latest, nodeOf, skuOf, toMinorUnits } from './fields.ts';
import type { Fulfillment, Refund, RefundLine } from './schema.ts';

const statusesWithoutGoods = new Set(['pending', 'open', 'cancelled', 'error', 'failure']);

export function mapFulfillment(fulfillment: Fulfillment, context: Context): Understanding {
  const { id, order_id: order, status } = fulfillment;
  if (status !== 'success') {
    // Reasons are counted by name, so they come from a list of ours.
    const known = statusesWithoutGoods.has(status ?? '');
    return { events: [], ignored: [known ? `fulfillment ${status}` : 'fulfillment with another status'] };
  }
  const physical = fulfillment.line_items.filter((line) => isPhysical(line) && line.quantity > 0);
  if (physical.length === 0) return { events: [], ignored: ['fulfillment with nothing to ship'] };
  const lines = physical.map((line) => ({ line: line.id, quantity: line.quantity }));
  const events: DerivedEvent[] = [
    {
      id: `fulfillment:${id}:dispatched`,
      type: 'fulfilment.dispatched',
      time: fulfillment.created_at,
      data: {
        order,
        node: nodeOf(fulfillment.location_id, context),
        shipment: id,
        carrier: fulfillment.tracking_company ?? undefined,
        tracking: fulfillment.tracking_number ?? undefined,
        lines,
      },
    },
  ];
  if (fulfillment.shipment_status === 'delivered') {
    const time = latest(fulfillment.updated_at, fulfillment.created_at);
    events.push({
      id: `fulfillment:${id}:delivered`,
      type: 'fulfilment.delivered',
      time,
      data: { order, shipment: id, lines },
    });
  }
  return { events, ignored: [] };
}

/**
 * A refund is money first. What it does to stock stands per line: `cancel` gives back what was never sent, `return`
 * brings goods to a location, and `no_restock` on a line that was not fulfilled takes it off the order as well.
 */
export function mapRefund(refund: Refund, context: Context): Understanding {
  const { id, order_id: order } = refund;
  const time = refund.processed_at ?? refund.created_at;
  const refundLines = (refund.refund_line_items ?? []).filter((line) => line.quantity > 0);
  const money = moneyOf(refund, context);
  const lines = refundLines.map((line) => ({ line: line.line_item_id, quantity: line.quantity }));
  const events: DerivedEvent[] = [
    { id: `refund:${id}`, type: 'order.refunded', time, data: { order, ...money, lines } },
  ];
  const ignored: string[] = [];
  const cancelled: { line: string; quantity: number }[] = [];
  const returned = new Map<string, EventInput<'return.received'>['lines']>();
  for (const line of refundLines) {
    const what = effectOn(line, refund);
    if (what === 'none') ignored.push('refund line without goods');
    if (what === 'cancel') cancelled.push({ line: line.line_item_id, quantity: line.quantity });
    if (what !== 'return') continue;
    const node = nodeOf(line.location_id, context);
    const goods = {
      line: line.line_item_id,
      sku: skuOf(line.line_item ?? {}),
      quantity: line.quantity,
      reason: 'refund',
    };
    returned.set(node, [...(returned.get(node) ?? []), goods]);
  }
  if (cancelled.length > 0) {
    const data = { order, reason: 'customer' as const, lines: cancelled };
    events.push({ id: `refund:${id}:cancelled`, type: 'order.cancelled', time, data });
  }
  for (const [node, goods] of returned) {
    const data = { return: `refund-${id}`, node, order, lines: goods };
    events.push({ id: `refund:${id}:returned:${node}`, type: 'return.received', time, data });
  }
  return { events, ignored };
}

function effectOn(line: RefundLine, refund: Refund): 'cancel' | 'return' | 'none' {
  if (line.line_item && !isPhysical(line.line_item)) return 'none';
  const isUnfulfilled = line.line_item !== null && line.line_item !== undefined && !line.line_item.fulfillment_status;
  switch (line.restock_type) {
    case 'cancel':
    case 'return':
      return line.restock_type;
    case null:
    case undefined:
    case 'legacy_restock':
      // Old versions said only whether anything was put back, for the refund as a whole.
      if (isUnfulfilled) return 'cancel';
      return refund.restock === true || line.restock_type === 'legacy_restock' ? 'return' : 'none';
    default:
      return isUnfulfilled ? 'cancel' : 'none';
  }
}

/** What went back by the payments; when none is named, what the lines were worth. */
function moneyOf(refund: Refund, context: Context): { amount: number; currency?: string } {
  const payments = (refund.transactions ?? []).filter(
    (payment) => (payment.kind ?? 'refund') === 'refund' && (payment.status ?? 'success') === 'success',
  );
  const currency = payments.find((payment) => payment.currency)?.currency ?? context.settings.currency;
  const unit = currency ?? 'USD';
  const sum = (amounts: (string | null | undefined)[]) =>
    amounts.reduce((total: number, amount) => total + (toMinorUnits(amount ?? '0', unit) ?? 0), 0);
  const amount =
    payments.length > 0
      ? sum(payments.map((payment) => payment.amount))
      : sum((refund.refund_line_items ?? []).flatMap((line) => [line.subtotal, line.total_tax]));
  return { amount, ...(currency === undefined ? {} : { currency }) };
}
