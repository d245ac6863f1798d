import type { Count } from '../operations/accuracy/accuracy-state.ts';
import type { Draft } from '../operations/draft.ts';
import { policyOf } from '../operations/policy.ts';
import { toleranceOf } from '../operations/record-facts.ts';
import type { Stock } from '../operations/states.ts';
import { defineRule, severityOf, within } from './rule.ts';

const RECOUNT_WITHIN_MS = 24 * 3_600_000;

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
  endsWhen: 'A later count agrees with the record, or movements became known that explain it.',
  watches: 'stock',
  test(stock, draft) {
    if (stock.countVariance === 0) return null;
    const count = worstOf(stock, draft);
    if (count === undefined) return null;
    const item = draft.get('item', stock.sku);
    const units = Math.abs(count.variance);
    const unitCost = item?.unitCost ?? 0;
    const moneyAtRisk = units * unitCost;
    const where = count.measure === 'sellable' ? '' : ` of ${count.measure}`;
    return {
      title: `Count ${count.variance > 0 ? 'found' : 'missed'} ${units}${where} at ${stock.node}`,
      detail: item?.name ?? stock.sku,
      // The difference is booked already: what is left is to find its cause, which is never critical.
      severity: within(severityOf(moneyAtRisk, draft), 'low', 'high'),
      deadline: count.at + RECOUNT_WITHIN_MS,
      moneyAtRisk,
      formula: 'units of difference x unit cost',
      inputs: { units: count.variance, unitCost, counted: count.quantity, record: count.quantity - count.variance },
      advice: 'Recount, then look at the movements since the last count for the cause.',
      sku: stock.sku,
      node: stock.node,
      suggests: [{ action: 'request-count', input: { sku: stock.sku, node: stock.node } }],
    };
  },
});

/** The count that found the largest difference beyond the tolerance. */
function worstOf({ sku, evidence }: Stock, draft: Draft): Count | undefined {
  const abc = draft.get('item', sku)?.abc;
  const policy = policyOf(draft, 'accuracy');
  let worst: Count | undefined;
  for (const count of evidence.counts) {
    if (Math.abs(count.variance) <= toleranceOf(count.quantity - count.variance, abc, policy)) continue;
    if (worst === undefined || Math.abs(count.variance) > Math.abs(worst.variance)) worst = count;
  }
  return worst;
}
