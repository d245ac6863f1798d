/**
 * How late suppliers are, line by line, against the first date they named: a line counts from the day after that date on,
 * and is moved to its day when it is complete. What was cancelled whole was never due.
 */
import { latenessBin, noLateness, weightOfLine } from '../../policies/chances/arrival.ts';
import type { Draft } from '../draft.ts';
import {
  ALL_SUPPLIERS,
  type Lateness,
  type PurchaseOrder,
  type PurchaseOrderLine,
  type SupplierRecord,
} from './purchase-order-state.ts';

const DAY_MS = 86_400_000;

/** Lines whose first date has just been judged. */
export function noteJudged(draft: Draft, before: PurchaseOrder, after: PurchaseOrder): void {
  const was = new Map(before.lines.map((line) => [line.line, line]));
  const weight = weightOfLine(after.lines.length);
  for (const line of after.lines) {
    if (line.due === null || was.get(line.line)?.due != null) continue;
    change(draft, after.supplier, (lateness) => {
      lateness.judged += weight;
      lateness.entered[latenessBin((line.firstStatedAt - line.promisedAt) / DAY_MS)]! += weight;
      if (line.completedAt > 0) lateness.came[binOf(line)]! += weight;
    });
  }
}

/** Lines judged before that were completed only now, or are not complete any more. */
export function noteCame(draft: Draft, before: PurchaseOrder, after: PurchaseOrder): void {
  const was = new Map(before.lines.map((line) => [line.line, line]));
  const weight = weightOfLine(after.lines.length);
  for (const line of after.lines) {
    const known = was.get(line.line);
    if (known === undefined || known.due === null || known.completedAt === line.completedAt) continue;
    change(draft, after.supplier, (lateness) => {
      if (known.completedAt > 0) lateness.came[binOf(known)]! -= weight;
      if (line.completedAt > 0) lateness.came[binOf(line)]! += weight;
    });
  }
}

const binOf = ({ completedAt, promisedAt }: PurchaseOrderLine): number =>
  latenessBin((completedAt - promisedAt) / DAY_MS);

function change(draft: Draft, supplier: string, by: (lateness: Lateness) => void): void {
  for (const id of supplier === '' ? [ALL_SUPPLIERS] : [supplier, ALL_SUPPLIERS]) {
    const record: SupplierRecord = draft.get('supplier-record', id) ?? { supplier: id, dueUnits: 0, onTimeUnits: 0 };
    const known = record.lateness ?? noLateness();
    const lateness = { judged: known.judged, entered: [...known.entered], came: [...known.came] };
    by(lateness);
    draft.put('supplier-record', id, { ...record, lateness });
  }
}
