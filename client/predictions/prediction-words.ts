/** What predictions are called. */
import type { PredictionView } from '../../server/http/contract/predictions.ts';

export type PredictionKind = PredictionView['prediction'];

export const predictionWords: Record<PredictionKind, string> = {
  stockout: 'Stockout before the next receipt',
  'cut-off-miss': 'Cut-off missed',
  'late-receipt': 'Receipt late',
};

/** Where what it is about can be looked at. */
export function pageOf({ sku, node, purchaseOrder }: PredictionView): string | null {
  if (purchaseOrder !== null) return `/purchase-orders/${encodeURIComponent(purchaseOrder)}`;
  if (sku !== null) return `/stock/${encodeURIComponent(sku)}`;
  return node === null ? null : `/nodes/${encodeURIComponent(node)}`;
}

export const chance = (probability: number): string =>
  probability > 0 && probability < 0.01
    ? '<1%'
    : probability < 1 && probability > 0.99
      ? '>99%'
      : `${Math.round(probability * 100)}%`;
