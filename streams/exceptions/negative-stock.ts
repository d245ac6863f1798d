import { buckets } from '../events/fields.ts';
import { defineRule, severityOf } from './rule.ts';

const HOUR_MS = 3_600_000;
/** A negative record is wrong by itself; it should be counted within a shift. */
const COUNT_WITHIN_MS = 8 * HOUR_MS;

export const negativeStock = defineRule({
  kind: 'negative-stock',
  question: 'Which records say that less than nothing is there?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'Stop promising the item at this node until it is counted.',
    'Ask for a count of the SKU at the node.',
    'Look at the latest movements for one that came twice or with a wrong unit.',
  ],
  endsWhen: 'The bucket is at or above zero again.',
  watches: 'stock',
  test(stock, draft) {
    const bucket = buckets.find((name) => name !== 'in-transit' && stock[name] < 0);
    if (bucket === undefined) return null;
    const item = draft.get('item', stock.sku);
    const units = -stock[bucket];
    const unitValue = item?.unitPrice ?? item?.unitCost ?? 0;
    return {
      title: `${units} below zero at ${stock.node}`,
      detail: `${item?.name ?? stock.sku}: ${bucket} is ${stock[bucket]}`,
      severity: severityOf(units * unitValue, draft),
      deadline: stock.lastMovementAt + COUNT_WITHIN_MS,
      moneyAtRisk: units * unitValue,
      formula: 'units below zero x sales price of one unit',
      inputs: { units, unitValue, bucket },
      advice: `Count ${stock.sku} at ${stock.node}; until then keep it from being promised.`,
      suggests: [
        { action: 'request-count', input: { sku: stock.sku, node: stock.node } },
        { action: 'adjust-stock', input: { sku: stock.sku, node: stock.node, bucket, quantity: units } },
      ],
      sku: stock.sku,
      node: stock.node,
    };
  },
});
