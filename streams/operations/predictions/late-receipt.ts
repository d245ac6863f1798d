/** Whether the rest of a purchase order line comes a day or more after the date that was named last. */
import { comesBy, outstandingBy, stillOutstanding } from '../../policies/chances/arrival.ts';
import type { Draft } from '../draft.ts';
import { GRACE_MS, isOverdue, outstanding } from '../purchasing/purchase-order-receipts.ts';
import { ALL_SUPPLIERS, type PurchaseOrder } from '../purchasing/purchase-order-state.ts';
import { type Predicted, tenths, thousandths } from './predicted.ts';
import { correctedBy } from './prediction-record.ts';

/** How lines of this supplier come, by its record and by that of all. */
export const arrivalsOf = (draft: Draft, supplier: string): number[] =>
  outstandingBy(
    supplier === '' ? undefined : draft.get('supplier-record', supplier)?.lateness,
    draft.get('supplier-record', ALL_SUPPLIERS)?.lateness,
  );

/** Of each line that is still to come and has a date ahead. */
export function lateReceipts(draft: Draft, order: PurchaseOrder, at: number): Predicted[] {
  const { supplier, purchaseOrder } = order;
  const waiting = outstanding(order).filter(
    ({ line, units }) => units > 0 && line.sku !== '' && line.expectedAt > 0 && !isOverdue(line),
  );
  if (waiting.length === 0) return [];
  const shares = arrivalsOf(draft, supplier);
  const known = (supplier === '' ? undefined : draft.get('supplier-record', supplier)?.lateness)?.judged ?? 0;
  return waiting.flatMap(({ line, units }) => {
    const horizon = line.expectedAt + GRACE_MS;
    if (horizon <= at) return [];
    const uncorrected = stillOutstanding(shares, line.expectedAt, at, horizon);
    const by = (probability: number) => comesBy(shares, line.expectedAt, at, probability);
    return [
      {
        prediction: 'late-receipt' as const,
        subject: `${purchaseOrder}/${line.line}`,
        title: `${units} of ${line.sku} from ${supplier === '' ? 'an unnamed supplier' : supplier} come late`,
        at,
        horizon,
        uncorrected,
        probability: correctedBy(draft, 'late-receipt', uncorrected),
        among: supplier,
        sku: line.sku,
        node: line.node,
        purchaseOrder,
        supplier,
        when: { p10: by(0.1), p50: by(0.5), p90: by(0.9) },
        inputs: {
          units,
          expectedAt: new Date(line.expectedAt).toISOString(),
          judgedOrders: tenths(known / 1_000),
          usuallyLateShare: thousandths(stillOutstanding(shares, line.expectedAt, 0, horizon)),
        },
        formula:
          'share of the lines of the supplier that had not come a day after their date / share that had not come at this point, drawn towards all suppliers',
      },
    ];
  });
}
