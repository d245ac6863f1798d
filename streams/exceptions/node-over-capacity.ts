import { policyOf } from '../operations/policy.ts';
import { cancelPercentOfMix, costOfLateness } from '../policies/lateness.ts';
import { defineRule, type Finding, severityOf, thresholdOf } from './rule.ts';

export const nodeOverCapacity = defineRule({
  kind: 'node-over-capacity',
  question: 'Which nodes have more work due today than they can do?',
  area: 'fulfilment',
  owner: 'fulfilment planner',
  playbook: [
    'Ask the node for its pace: is it what master data says?',
    'Add people or hours.',
    'Move orders to nodes with room, or stop sourcing new ones there.',
  ],
  endsWhen: 'What is due by the end of the day fits into what the node can still do.',
  /** It takes hold only well above what is possible and lets go when all fits: a pace is an estimate. */
  thresholds: { overPercent: 10 },
  fewerWhen: { overPercent: 'higher' },
  watches: 'node-load',
  test({ node, pace, impaired }, draft, wasOpen): Finding | null {
    if (pace === null) return null;
    const { lines, possible, orders, margin, penalty, by } = pace;
    const over = wasOpen ? 0 : thresholdOf(draft, nodeOverCapacity, 'overPercent');
    if (lines * 100 <= possible * (100 + over)) return null;
    const name = draft.get('node', node)?.name ?? node;
    const late = lines - possible;
    const cancelPercent = cancelPercentOfMix(policyOf(draft, 'lateness'), pace.channels);
    const moneyAtRisk = costOfLateness(margin, penalty, cancelPercent, late / lines);
    return {
      title: `${name} has more to do than it can`,
      detail: `${lines} lines are due by the end of its day, it can do ${possible}`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: by,
      moneyAtRisk,
      formula: 'share of the due lines it cannot do x (margin x % who cancel when late + penalty per order)',
      inputs: { lines, possible, orders, margin, penalty, cancelPercent },
      advice: `Add people at ${name}, or move ${late} lines to nodes with room.`,
      node,
      ...(impaired === null ? {} : { cause: `node-impaired:${impaired.impairment}` }),
    };
  },
});
