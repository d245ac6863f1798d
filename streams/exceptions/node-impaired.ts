import type { Suggestion } from '../events/actions.ts';
import type { Draft } from '../operations/draft.ts';
import type { Impairment } from '../operations/nodes/impairment-state.ts';
import { policyOf } from '../operations/policy.ts';
import { cancelPercentOfMix, costOfLateness } from '../policies/lateness.ts';
import { defineRule, severityOf } from './rule.ts';

export const nodeImpaired = defineRule({
  kind: 'node-impaired',
  question: 'Which nodes cannot do what they usually do, and what does that put at risk?',
  area: 'fulfilment',
  owner: 'fulfilment planner',
  playbook: [
    'Ask the node what it can still do and until when, and correct the report.',
    'Ask for a reroute: which orders other nodes can ship in time, and at what cost.',
    'Approve it, and tell the customers of those that stay behind.',
    'Report the recovery.',
  ],
  endsWhen: 'The node has reported that it recovered.',
  watches: 'impairment',
  test(impairment, draft) {
    if (impairment.endedAt > 0) return null;
    const { capacityShare, current, moved, overdue } = impairment;
    const { orders, lines, margin, penalty, possible, until } = current;
    const name = draft.get('node', impairment.node)?.name ?? impairment.node;
    const lateShare = lines === 0 ? 0 : Math.max(0, lines - possible) / lines;
    const cancelPercent = cancelPercentOfMix(policyOf(draft, 'lateness'), current.channels);
    const moneyAtRisk = costOfLateness(margin, penalty, cancelPercent, lateShare);
    const left = Math.round(capacityShare * 100);
    const works = left === 0 ? 'stands still' : `works at ${left} %`;
    return {
      title: overdue ? `${name} still ${works}` : `${name} ${works}`,
      detail:
        `${lines} lines of ${orders} orders are due meanwhile, it can do ${Math.min(lines, possible)}` +
        (moved.orders > 0 ? `; ${moved.orders} orders were moved` : '') +
        (impairment.reason === '' ? '' : `: ${impairment.reason}`),
      severity: overdue && moneyAtRisk > 0 ? 'critical' : severityOf(moneyAtRisk, draft),
      deadline: until,
      moneyAtRisk,
      formula: 'share of the due lines it cannot do x (margin x % who cancel when late + penalty per order)',
      inputs: { lines, possible, orders, margin, penalty, cancelPercent, capacityPercent: left },
      advice: `Ask ${name} how long it lasts, and move what other nodes can ship in time.`,
      node: impairment.node,
      suggests: suggestionsFor(impairment, draft),
    };
  },
});

/** A proposal that waits is decided on; without one, there is one to ask for. */
function suggestionsFor({ impairment, node, proposals }: Impairment, draft: Draft): Suggestion[] {
  const reroute = proposals.at(-1);
  if (reroute === undefined || draft.get('reroute', reroute)?.status !== 'proposed') {
    return [{ action: 'reroute', input: { impairment, node } }];
  }
  return [
    { action: 'approve-reroute', input: { reroute } },
    { action: 'reject-reroute', input: { reroute } },
  ];
}
