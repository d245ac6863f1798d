/** What exactly counts as having happened, for each kind of prediction. */
import type { PredictionKind } from '../../streams/events/signals.ts';

export const questionOf: Record<PredictionKind, string> = {
  stockout:
    'Will nothing be left to promise (sellable less safety stock) at some moment before the next receipt comes, within the days of the policy?',
  'cut-off-miss':
    'Will more than a twentieth of the orders promised for this moment at this node leave later, or not at all?',
  'late-receipt':
    'Will the line not be complete a day after the date that the supplier had named last when this was said?',
};
