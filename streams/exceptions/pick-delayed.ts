import { policyOf } from '../operations/policy.ts';
import { costOfLateness } from '../policies/lateness.ts';
import { defineRule, severityOf, thresholdOf } from './rule.ts';

/** Help that comes later than this finds the day gone. */
const HELP_WITHIN_MS = 2 * 3_600_000;

export const pickDelayed = defineRule({
  kind: 'pick-delayed',
  question: 'Which orders were given to a node and are not picked in time?',
  area: 'fulfilment',
  owner: 'fulfilment planner',
  playbook: [
    'Ask the node whether it has begun, and what is missing.',
    'Hold back further waves until it has caught up.',
    'Reroute what another node can still ship today.',
  ],
  endsWhen: 'Every released order is picked, held, rerouted or cancelled.',
  thresholds: { ordersFrom: 1 },
  fewerWhen: { ordersFrom: 'higher' },
  watches: 'overdue',
  test(overdue, draft) {
    if (overdue.kind !== 'pick' || overdue.orders < thresholdOf(draft, pickDelayed, 'ordersFrom')) return null;
    const { orders, amount, cost, node, dues } = overdue;
    const { cancelPercent } = policyOf(draft, 'lateness');
    const margin = amount - cost;
    const moneyAtRisk = costOfLateness(margin, 0, cancelPercent);
    const impaired = draft.get('node-load', node)?.impaired;
    return {
      title: `${node} is behind with picking`,
      detail: `${orders} released ${orders === 1 ? 'order is' : 'orders are'} not picked in time`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: dues[0]! + HELP_WITHIN_MS,
      moneyAtRisk,
      formula: 'margin of the orders x % who cancel when late',
      inputs: { orders, margin, cancelPercent },
      advice: `Ask ${node} what it lacks, and hold back its next wave.`,
      node,
      ...(impaired ? { cause: `node-impaired:${impaired.impairment}` } : {}),
    };
  },
});
