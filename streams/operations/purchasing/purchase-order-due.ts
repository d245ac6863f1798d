/** Dates of purchase orders that go by: they make the supplier's record, and what has not come is counted on no more. */
import type { EventOf } from '../../events/index.ts';
import type { Draft } from '../draft.ts';
import { expectReceipts, forgetsAt, GRACE_MS, outstanding, setDue } from './purchase-order-receipts.ts';
import type { SupplierRecord } from './purchase-order-state.ts';
import { noteJudged } from './supplier-lateness.ts';
import { tellSupply } from './supply-steps.ts';

/** Deadline `purchase-order-due`: lines whose first date has passed go into the supplier's record, come or not. */
export function purchaseOrderDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('purchase-order', event.data.subject);
  if (known === undefined) return;
  const isPast = (date: number) => date > 0 && date + GRACE_MS <= event.data.due;
  let record = draft.get('supplier-record', known.supplier) ?? noRecord(known.supplier);
  const lines = outstanding(known).map(({ line, came, units }) => {
    const judges = !line.judged && isPast(line.promisedAt);
    // What we have cancelled ourselves was never due.
    if (judges) {
      record = { ...record, dueUnits: record.dueUnits + came + units, onTimeUnits: record.onTimeUnits + came };
    }
    const passed = isPast(line.expectedAt) ? line.expectedAt : line.passed;
    const due = judges && came + units > 0 ? { units: came + units, came } : line.due;
    return { ...line, judged: line.judged || judges, passed, due };
  });
  if (known.supplier !== '') draft.put('supplier-record', known.supplier, record);
  const after = { ...known, lines };
  noteJudged(draft, known, after);
  draft.put('purchase-order', known.purchaseOrder, after);
  tellSupply(draft, known, after, event.data.due);
  expectReceipts(draft, known, after);
  setDue(draft, after);
}

const noRecord = (supplier: string): SupplierRecord => ({ supplier, dueUnits: 0, onTimeUnits: 0 });

/** Deadline `purchase-order-forget`: nobody has spoken of it for long, and nothing more is expected. */
export function purchaseOrderForgotten(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('purchase-order', event.data.subject);
  if (known === undefined) return;
  if (forgetsAt(known) > event.data.due) {
    draft.setDeadline(known.source, 'purchase-order-forget', known.purchaseOrder, forgetsAt(known));
    return;
  }
  expectReceipts(draft, known, { ...known, cancelledAt: event.occurredAt });
  draft.remove('purchase-order', known.purchaseOrder);
}
