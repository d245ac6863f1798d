import { unitCostOf } from '../operations/stock/costing.ts';
import { unjudged } from '../operations/stock/return-state.ts';
import { defineRule, severityOf } from './rule.ts';

/** After this, what came back in season is sold out of season. */
const SOLD_LATE_AFTER_MS = 5 * 86_400_000;

export const returnNotJudged = defineRule({
  kind: 'return-not-judged',
  question: 'Which returns have waited too long for somebody to look at them?',
  area: 'inventory',
  owner: 'warehouse lead',
  playbook: [
    'Look at the goods and judge them: back on sale, damaged, quarantined or lost.',
    'Where a reason is always judged the same way, let the disposition policy do it.',
  ],
  endsWhen: 'All units of the return are judged.',
  watches: 'return',
  test(state, draft) {
    if (!state.overdue) return null;
    const waiting = new Map<string, number>();
    for (const { sku } of state.lines) waiting.set(sku, unjudged(state, sku));
    let [units, amount] = [0, 0];
    for (const [sku, count] of waiting) {
      if (count <= 0) continue;
      units += count;
      amount += count * unitCostOf(draft, sku);
    }
    if (units === 0) return null;
    const proposed = [...new Set(state.lines.map((line) => line.to))].join(' or ');
    const input = { return: state.return, node: state.node };
    const [first] = waiting.keys();
    return {
      title: `${units} returned ${units === 1 ? 'unit waits' : 'units wait'} at ${state.node}`,
      detail: `Return ${state.return}${state.order === '' ? '' : ` of order ${state.order}`}; the policy says ${proposed}`,
      severity: severityOf(amount, draft),
      deadline: state.due + SOLD_LATE_AFTER_MS,
      moneyAtRisk: amount,
      formula: 'units not judged x unit cost: what cannot be sold meanwhile',
      inputs: { units, return: state.return, receivedAt: state.receivedAt },
      advice: 'Inspect the goods and judge them.',
      suggests: [{ action: 'judge-return', input }],
      ...(waiting.size === 1 && first !== undefined ? { sku: first } : {}),
      node: state.node,
      order: state.order,
    };
  },
});
