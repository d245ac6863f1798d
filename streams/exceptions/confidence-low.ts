import { policyOf } from '../operations/policy.ts';
import { recordFacts } from '../operations/record-facts.ts';
import type { Stock } from '../operations/states.ts';
import { logistic, logOddsOf } from '../policies/confidence.ts';
import { countValue } from '../policies/count-list.ts';
import { defineRule, severityOf, within } from './rule.ts';

const COUNT_WITHIN_MS = 24 * 3_600_000;

/**
 * Only for what sells fast, and only where something speaks against the record: that a record merely has not been
 * counted for long is what the count list is for.
 */
export const confidenceLow = defineRule({
  kind: 'confidence-low',
  question: 'Which records of fast movers are probably wrong?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'Ask for a count of the SKU at the node.',
    'Until it is counted, let orders go to another node where one has it.',
    'If the count confirms the record, look for why pickers do not find it.',
  ],
  endsWhen: 'A count has set the record right, or confirmed it.',
  watches: 'stock',
  test(stock, draft, wasOpen) {
    if (!hasEvidence(stock)) return null;
    const item = draft.get('item', stock.sku);
    if (item?.abc !== 'A') return null;
    const policy = policyOf(draft, 'accuracy');
    // As of the newest thing known of this record: the same whenever it is asked.
    const now = Math.max(stock.lastMovementAt, stock.evidence.statedAt, stock.evidence.pickFailures.at(-1) ?? 0);
    const facts = recordFacts(stock, { item, node: draft.get('node', stock.node) }, policy, now);
    if (facts.pickFailures === 0 && !facts.negative) return null;
    const logOdds = logOddsOf(facts);
    const confidence = logistic(logOdds);
    if (confidence >= (wasOpen ? policy.okFrom : policy.lowBelow)) return null;
    const { chance, units, worthPerUnit, value } = countValue(facts, logOdds, item.unitCost ?? 0, item.unitPrice);
    const failed = facts.pickFailures;
    const words = failed > 0 ? `${failed} ${failed === 1 ? 'picker' : 'pickers'} found less` : 'it was below zero';
    return {
      title: `Record of ${stock.sku} at ${stock.node} is doubtful`,
      detail: `${item.name}: ${words} since the last count`,
      severity: within(severityOf(Math.round(value), draft), 'low', 'high'),
      deadline: now + COUNT_WITHIN_MS,
      moneyAtRisk: Math.round(value),
      formula: 'probability that it is wrong x units it is then off by x worth of a unit',
      inputs: {
        probability: Math.round(chance * 100) / 100,
        units: Math.round(units * 10) / 10,
        worthPerUnit,
        onHand: facts.onHand,
        pickFailures: failed,
        daysSinceCount: Math.round(facts.days * 10) / 10,
      },
      advice: `Have ${stock.sku} counted at ${stock.node}.`,
      sku: stock.sku,
      node: stock.node,
      suggests: [{ action: 'request-count', input: { sku: stock.sku, node: stock.node } }],
    };
  },
});

/** Cheap, because it is asked after every movement. */
const hasEvidence = ({ evidence, lastCountAt, sellable }: Stock): boolean =>
  sellable < 0 || (evidence.pickFailures.at(-1) ?? 0) > lastCountAt;
