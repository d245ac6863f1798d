/** Purchase orders: what suppliers confirm, change and send. What follows from it is in purchase-order-receipts.ts. */
import type { EventOf } from '../../events/index.ts';
import { LINES_PER_PURCHASE_ORDER_MAX } from '../../events/purchase-orders.ts';
import { type Draft, Refused } from '../draft.ts';
import { expectReceipts, forgetsAt, setDue } from './purchase-order-receipts.ts';
import type { PurchaseOrder, PurchaseOrderLine } from './purchase-order-state.ts';
import { noteCame } from './supplier-lateness.ts';
import { tellSupply, withCompleted } from './supply-steps.ts';

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
  const [, , units, cameAt] = known.received.find((entry) => entry[0] === sku && entry[1] === node) ?? [
    sku,
    node,
    0,
    0,
  ];
  const others = known.received.filter((entry) => entry[0] !== sku || entry[1] !== node);
  // The goods are there whether or not the list of what came is full.
  if (others.length >= LINES_PER_PURCHASE_ORDER_MAX) return;
  const now: Received = [sku, node, units + quantity, Math.max(cameAt, event.occurredAt)];
  const received = [...others, now].sort(byPlace);
  settle(draft, before, { ...known, received }, event.occurredAt);
}

type Received = PurchaseOrder['received'][number];
const byPlace = (a: Received, b: Received): number => (a[0] !== b[0] ? (a[0] < b[0] ? -1 : 1) : a[1] < b[1] ? -1 : 1);

const unheard = (purchaseOrder: string, source: string): PurchaseOrder => ({
  purchaseOrder,
  supplier: '',
  source,
  lines: [],
  received: [],
  heardAt: 0,
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
  passed: 0,
  completedAt: 0,
  due: null,
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

function settle(draft: Draft, before: PurchaseOrder | undefined, changed: PurchaseOrder, when: number): void {
  const after = withCompleted({ ...changed, heardAt: Math.max(changed.heardAt, when) });
  draft.put('purchase-order', after.purchaseOrder, after, before);
  if (before !== undefined) noteCame(draft, before, after);
  tellSupply(draft, before, after, when);
  expectReceipts(draft, before, after);
  setDue(draft, after);
  draft.setDeadline(after.source, 'purchase-order-forget', after.purchaseOrder, forgetsAt(after));
}
