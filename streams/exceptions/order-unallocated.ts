import type { Draft } from '../operations/draft.ts';
import { ids, type Ledger } from '../operations/states.ts';
import { nodeAtp } from '../policies/available-to-promise.ts';
import { defineRule, severityOf } from './rule.ts';

/** Waiting lines that are looked at one by one for their promise. */
const ORDERS_LOOKED_AT_MAX = 20;
const ANSWER_WITHIN_MS = 24 * 3_600_000;

export const orderUnallocated = defineRule({
  kind: 'order-unallocated',
  question: 'Which orders have waited for stock for too long, and is there any?',
  area: 'fulfilment',
  owner: 'inventory planner',
  playbook: [
    'If there is stock, see what keeps it from these orders: a protection, a node that is not eligible, an allocation nobody made.',
    'If there is none, expedite the next receipt or move stock from another node.',
    'Promise a new date, offer a substitute, or cancel.',
  ],
  endsWhen: 'Every line that waited too long is reserved, shipped or cancelled.',
  watches: 'ledger',
  test(ledger, draft) {
    if (ledger.overdueUpTo === 0) return null;
    const late = ledger.waiting.filter(({ since, preorder }) => preorder !== true && since <= ledger.overdueUpTo);
    if (late.length === 0) return null;
    const item = draft.get('item', ledger.sku);
    const units = late.reduce((sum, { quantity }) => sum + quantity, 0);
    // What does not exist is priced by the oversold exception of the SKU: nothing counts twice.
    const free = Math.min(units, freeUnits(ledger, draft));
    const unitMargin = Math.max(0, (item?.unitPrice ?? 0) - (item?.unitCost ?? 0));
    const moneyAtRisk = free * unitMargin;
    const oldest = late.reduce((a, b) => (b.since < a.since ? b : a));
    const promises = late
      .slice(0, ORDERS_LOOKED_AT_MAX)
      .map(({ order }) => draft.get('order', order)?.shipBy ?? 0)
      .filter((shipBy) => shipBy > 0);
    const lines = late.length;
    return {
      title: `${lines} order ${lines === 1 ? 'line waits' : 'lines wait'} for ${item?.name ?? ledger.sku}`,
      detail:
        free > 0 ? `${units} units, of which ${free} exist and are not allocated` : `${units} units; none are free`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: promises.length === 0 ? oldest.since + ANSWER_WITHIN_MS : Math.min(...promises),
      moneyAtRisk,
      formula: 'waiting units that exist and are not allocated x unit margin',
      inputs: { lines, units, free, unitMargin },
      advice:
        free > 0
          ? 'See what keeps the free stock from these orders, and allocate it.'
          : 'Expedite the next receipt, move stock, promise a new date, or cancel.',
      sku: ledger.sku,
      order: oldest.order,
      ...(free === 0 ? { cause: `oversold:${ledger.sku}` } : {}),
    };
  },
});

function freeUnits(ledger: Ledger, draft: Draft): number {
  const item = draft.get('item', ledger.sku);
  return ledger.nodes.reduce((sum, node) => {
    const stock = draft.get('stock', ids.stock(ledger.sku, node));
    return stock === undefined ? sum : sum + Math.max(0, nodeAtp(stock, item));
  }, 0);
}
