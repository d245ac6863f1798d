import { defineRule, severityOf } from './rule.ts';

const RECOUNT_WITHIN_MS = 24 * 3_600_000;
/** Counted quantities may differ by this share of the record, by the item's class. */
const toleranceOf = { A: 0.01, B: 0.03, C: 0.05 } as const;

const atMostHigh = (severity: ReturnType<typeof severityOf>) => (severity === 'critical' ? 'high' : severity);

export const countVariance = defineRule({
  kind: 'count-variance',
  question: 'Where did a count find something else than the record said?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'Count once more.',
    'Look for the movement that explains the difference.',
    'Correct what was wrong at its source.',
  ],
  endsWhen: 'A later count agrees with the record.',
  watches: 'stock',
  test(stock, draft) {
    if (stock.countVariance === 0) return null;
    const item = draft.get('item', stock.sku);
    const tolerance = toleranceOf[item?.abc ?? 'C'];
    const units = Math.abs(stock.countVariance);
    const record = Math.abs(stock.sellable - stock.countVariance);
    if (units <= tolerance * record) return null;
    const unitCost = item?.unitCost ?? 0;
    const found = stock.countVariance > 0;
    return {
      title: `Count ${found ? 'found' : 'missed'} ${units} at ${stock.node}`,
      detail: item?.name ?? stock.sku,
      // The difference is booked already: what is left is to find its cause, which is never critical.
      severity: atMostHigh(severityOf(units * unitCost)),
      deadline: stock.lastCountAt + RECOUNT_WITHIN_MS,
      moneyAtRisk: units * unitCost,
      formula: 'units of difference x unit cost',
      inputs: { units: stock.countVariance, unitCost, tolerance },
      advice: 'Recount, then look at the movements since the last count for the cause.',
      sku: stock.sku,
      node: stock.node,
    };
  },
});
