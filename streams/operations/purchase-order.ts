/** Purchase orders: confirmed lines become expected receipts, receipts take them away, passed dates make the supplier's record. */
import type { EventOf } from '../events/index.ts';
import { LINES_PER_PURCHASE_ORDER_MAX } from '../events/purchase-orders.ts';
import { type Draft, Refused } from './draft.ts';
import { expectInbound } from './inbound.ts';
import type { PurchaseOrder, PurchaseOrderLine } from './purchase-order-state.ts';

const DAY_MS = 86_400_000;
/** What comes within a day of its date has come on time. */
export const GRACE_MS = DAY_MS;
/** A purchase order nobody speaks of any more is forgotten after this time. */
export const PURCHASE_ORDER_KEPT_MS = 180 * DAY_MS;

type Stated = { line: string } & Partial<Pick<PurchaseOrderLine, 'sku' | 'node' | 'quantity' | 'expectedAt'>>;

export function purchaseOrderConfirmed(draft: Draft, event: EventOf<'purchase-order.confirmed'>): void {
  const { purchaseOrder, supplier, lines } = event.data;
  if (new Set(lines.map(({ line }) => line)).size < lines.length) throw new Refused('two lines have the same id');
  const before = draft.get('purchase-order', purchaseOrder);
  const known = before ?? unheard(purchaseOrder, event.source);
  settle(draft, before, { ...known, supplier, lines: stated(known, lines, event.occurredAt) }, event.occurredAt);
}

export function purchaseOrderChanged(draft: Draft, event: EventOf<'purchase-order.changed'>): void {
  const { purchaseOrder, lines } = event.data;
  const before = draft.get('purchase-order', purchaseOrder);
  const known = before ?? unheard(purchaseOrder, event.source);
  settle(draft, before, { ...known, lines: stated(known, lines, event.occurredAt) }, event.occurredAt);
}

export function purchaseOrderCancelled(draft: Draft, event: EventOf<'purchase-order.cancelled'>): void {
  const { purchaseOrder, lines } = event.data;
  const before = draft.get('purchase-order', purchaseOrder);
  const known = before ?? unheard(purchaseOrder, event.source);
  if (lines === undefined) {
    const cancelledAt = Math.max(known.cancelledAt, event.occurredAt);
    settle(draft, before, { ...known, cancelledAt }, event.occurredAt);
    return;
  }
  const gone = lines.map((line) => ({ line, quantity: 0 }));
  settle(draft, before, { ...known, lines: stated(known, gone, event.occurredAt) }, event.occurredAt);
}

/** Units of a purchase order have arrived; its expected receipts shrink, soonest first. */
export function receivedOnPurchaseOrder(draft: Draft, event: EventOf<'stock.received'>): void {
  const { purchaseOrder, sku, node, quantity } = event.data;
  if (purchaseOrder === undefined) return;
  const before = draft.get('purchase-order', purchaseOrder);
  const known = before ?? unheard(purchaseOrder, event.source);
  const units = known.received.find((entry) => entry[0] === sku && entry[1] === node)?.[2] ?? 0;
  const others = known.received.filter((entry) => entry[0] !== sku || entry[1] !== node);
  // The goods are there whether or not the list of what came is full.
  if (others.length >= LINES_PER_PURCHASE_ORDER_MAX) return;
  const received = [...others, [sku, node, units + quantity] as [string, string, number]].sort(byPlace);
  settle(draft, before, { ...known, received }, event.occurredAt);
}

const byPlace = (a: [string, string, number], b: [string, string, number]): number =>
  a[0] !== b[0] ? (a[0] < b[0] ? -1 : 1) : a[1] < b[1] ? -1 : 1;

const unheard = (purchaseOrder: string, source: string): PurchaseOrder => ({
  purchaseOrder,
  supplier: '',
  source,
  lines: [],
  received: [],
  cancelledAt: 0,
});

const fields = ['sku', 'node', 'quantity', 'expectedAt'] as const;

/** Of several statements about a field the newest holds, in whatever order they arrive; the first date named is kept. */
function stated(known: PurchaseOrder, lines: readonly Stated[], at: number): PurchaseOrderLine[] {
  const merged = new Map(known.lines.map((line) => [line.line, line]));
  for (const said of lines) merged.set(said.line, merge(merged.get(said.line) ?? unsaid(said.line), said, at));
  if (merged.size > LINES_PER_PURCHASE_ORDER_MAX) {
    throw new Refused(`purchase order ${known.purchaseOrder} has more than ${LINES_PER_PURCHASE_ORDER_MAX} lines`);
  }
  return [...merged.values()].sort((a, b) => a.expectedAt - b.expectedAt || (a.line < b.line ? -1 : 1));
}

const unsaid = (line: string): PurchaseOrderLine => ({
  line,
  sku: '',
  node: '',
  quantity: 0,
  expectedAt: 0,
  statedAt: { sku: 0, node: 0, quantity: 0, expectedAt: 0 },
  promisedAt: 0,
  firstStatedAt: 0,
  judged: false,
});

function merge(line: PurchaseOrderLine, said: Stated, at: number): PurchaseOrderLine {
  const merged = { ...line, statedAt: { ...line.statedAt } };
  for (const field of fields) {
    if (said[field] === undefined || at < line.statedAt[field]) continue;
    Object.assign(merged, { [field]: said[field] });
    merged.statedAt[field] = at;
  }
  const first = said.expectedAt !== undefined && (line.promisedAt === 0 || at < line.firstStatedAt);
  return first && !line.judged ? { ...merged, promisedAt: said.expectedAt!, firstStatedAt: at } : merged;
}

/** What each line still expects: receipts fill the lines of their SKU and node, soonest first. */
export function outstanding(order: PurchaseOrder): { line: PurchaseOrderLine; units: number; came: number }[] {
  const left = new Map(order.received.map(([sku, node, units]) => [`${sku}|${node}`, units]));
  return order.lines.map((line) => {
    const place = `${line.sku}|${line.node}`;
    const came = Math.min(line.quantity, left.get(place) ?? 0);
    left.set(place, (left.get(place) ?? 0) - came);
    const cancelled = order.cancelledAt > 0 && order.cancelledAt >= line.statedAt.quantity;
    return { line, came, units: cancelled ? 0 : line.quantity - came };
  });
}

function settle(draft: Draft, before: PurchaseOrder | undefined, after: PurchaseOrder, when: number): void {
  draft.put('purchase-order', after.purchaseOrder, after, before);
  const known = new Map((before === undefined ? [] : outstanding(before)).map((entry) => [entry.line.line, entry]));
  for (const { line, units } of outstanding(after)) {
    const was = known.get(line.line);
    const entry = {
      ref: `${after.purchaseOrder}/${line.line}`,
      kind: 'purchase-order' as const,
      confirmed: true,
      supplier: after.supplier,
    };
    const moved = was !== undefined && (was.line.sku !== line.sku || was.line.node !== line.node);
    if (moved) expectInbound(draft, was.line.sku, { ...entry, node: was.line.node, quantity: 0, expectedAt: 0 });
    if (line.sku === '' || line.node === '' || line.expectedAt === 0) continue;
    const same =
      !moved && was?.units === units && was.line.expectedAt === line.expectedAt && before?.supplier === after.supplier;
    if (same) continue;
    expectInbound(draft, line.sku, { ...entry, node: line.node, quantity: units, expectedAt: line.expectedAt });
  }
  setDue(draft, after);
  draft.setDeadline(
    after.source,
    'purchase-order-forget',
    after.purchaseOrder,
    lastOf(after, when) + PURCHASE_ORDER_KEPT_MS,
  );
}

const lastOf = (order: PurchaseOrder, when: number): number =>
  order.lines.reduce((last, line) => Math.max(last, line.expectedAt), when);

/** The next date that has not gone into the supplier's record. */
function setDue(draft: Draft, order: PurchaseOrder): void {
  const dates = order.lines.filter((line) => !line.judged && line.promisedAt > 0).map((line) => line.promisedAt);
  if (dates.length === 0) draft.clearDeadline(order.source, 'purchase-order-due', order.purchaseOrder);
  else draft.setDeadline(order.source, 'purchase-order-due', order.purchaseOrder, Math.min(...dates) + GRACE_MS);
}

/** Deadline `purchase-order-due`: lines whose first date has passed go into the supplier's record, come or not. */
export function purchaseOrderDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('purchase-order', event.data.subject);
  if (known === undefined) return;
  const { due } = event.data;
  let record = draft.get('supplier-record', known.supplier) ?? {
    supplier: known.supplier,
    dueUnits: 0,
    onTimeUnits: 0,
  };
  const lines = outstanding(known).map(({ line, came, units }) => {
    if (line.judged || line.promisedAt === 0 || line.promisedAt + GRACE_MS > due) return line;
    // What we have cancelled ourselves was never due.
    const dueUnits = came + units;
    record = { ...record, dueUnits: record.dueUnits + dueUnits, onTimeUnits: record.onTimeUnits + came };
    return { ...line, judged: true };
  });
  if (known.supplier !== '') draft.put('supplier-record', known.supplier, record);
  const after = { ...known, lines };
  draft.put('purchase-order', known.purchaseOrder, after);
  setDue(draft, after);
}

/** Deadline `purchase-order-forget`. */
export function purchaseOrderForgotten(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('purchase-order', event.data.subject);
  if (known === undefined) return;
  for (const { line } of outstanding(known)) {
    if (line.sku === '' || line.node === '' || line.expectedAt === 0) continue;
    const ref = `${known.purchaseOrder}/${line.line}`;
    expectInbound(draft, line.sku, {
      ref,
      kind: 'purchase-order',
      node: line.node,
      quantity: 0,
      expectedAt: 0,
      confirmed: true,
      supplier: '',
    });
  }
  draft.remove('purchase-order', known.purchaseOrder);
}
