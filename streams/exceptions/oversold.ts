import type { Draft } from '../operations/draft.ts';
import { workspaceOf } from '../operations/master-data.ts';
import { ids, type Ledger } from '../operations/states.ts';
import { defineRule, severityOf } from './rule.ts';

/** Waiting order lines that are looked at one by one for their promise; the others count with the average of these. */
const ORDERS_LOOKED_AT_MAX = 20;
/** Without a promise, a customer should hear within a day. */
const ANSWER_WITHIN_MS = 24 * 3_600_000;

export const oversold = defineRule({
  kind: 'oversold',
  question: 'Which items were sold beyond what exists, and whose orders are affected?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'See which promise comes first.',
    'Move stock from another node, or expedite the next receipt.',
    'Offer a substitute, or cancel before the promise and say why.',
  ],
  endsWhen: 'Every accepted unit is allocated, shipped or cancelled.',
  watches: 'ledger',
  test(ledger, draft) {
    const units = Math.max(0, ledger.waitingUnits - ledger.preorderUnits - freeIfOthersDecide(ledger, draft));
    if (units === 0) return null;
    const item = draft.get('item', ledger.sku);
    const looked = ledger.waiting.slice(0, ORDERS_LOOKED_AT_MAX).map((entry) => draft.get('order', entry.order));
    const lines = ledger.waiting.length;
    const deadlines = looked.map((order) => order?.shipBy ?? 0).filter((shipBy) => shipBy > 0);
    const penalties = looked.map((order) => draft.get('channel', order?.channel ?? '')?.penalty ?? 0);
    const penalty = looked.length === 0 ? 0 : Math.round(penalties.reduce((a, b) => a + b, 0) / looked.length);
    const unitMargin = Math.max(0, (item?.unitPrice ?? 0) - (item?.unitCost ?? 0));
    const moneyAtRisk = units * unitMargin + lines * penalty;
    const oldest = ledger.waiting[0]!;
    const channel = looked[0]?.channel;
    return {
      title: `${units} ${units === 1 ? 'unit' : 'units'} oversold`,
      detail: `${item?.name ?? ledger.sku}: ${lines} ${lines === 1 ? 'order line waits' : 'order lines wait'}`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: deadlines.length === 0 ? oldest.since + ANSWER_WITHIN_MS : Math.min(...deadlines),
      moneyAtRisk,
      formula: 'oversold units x unit margin + waiting order lines x cost of making good',
      inputs: { units, unitMargin, lines, penaltyPerLine: penalty },
      advice:
        'Move stock from another node, expedite the next receipt, offer a substitute, or cancel before the promise.',
      sku: ledger.sku,
      order: oldest.order,
      ...(channel === undefined ? {} : { channel }),
    };
  },
});

/** Where another system allocates, demand waits for its word and not for stock: only what exceeds the stock is oversold. */
function freeIfOthersDecide(ledger: Ledger, draft: Draft): number {
  if (workspaceOf(draft).mode === 'decide') return 0;
  return ledger.nodes.reduce(
    (sum, node) => sum + Math.max(0, draft.get('stock', ids.stock(ledger.sku, node))?.sellable ?? 0),
    0,
  );
}
