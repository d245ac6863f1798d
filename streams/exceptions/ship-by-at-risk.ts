import { penaltyOf } from '../operations/nodes/impairment-effect.ts';
import { AT_RISK_BEFORE_MS } from '../operations/nodes/wave.ts';
import { policyOf } from '../operations/policy.ts';
import { cutOffFigures } from '../operations/predictions/cut-off-miss.ts';
import { percentOf } from '../operations/predictions/predicted.ts';
import { cancelPercentOfMix, costOfLateness } from '../policies/lateness.ts';
import { defineRule, severityOf } from './rule.ts';

export const shipByAtRisk = defineRule({
  kind: 'ship-by-at-risk',
  question: 'Which promises to ship are about to be missed, or were?',
  area: 'fulfilment',
  owner: 'fulfilment planner',
  playbook: [
    'Ask the node for its pace and for what it lacks.',
    'Add people or move orders to another node.',
    'Tell customers whose promise will not hold.',
  ],
  endsWhen: 'All orders of the wave are shipped or cancelled.',
  watches: 'wave',
  test(wave, draft) {
    if (!wave.atRisk || wave.orders === 0) return null;
    const node = draft.get('node', wave.node);
    const cancelPercent = cancelPercentOfMix(policyOf(draft, 'lateness'), wave.channels);
    const penalty = penaltyOf(draft, wave.channels);
    const moneyAtRisk = costOfLateness(wave.margin, penalty, cancelPercent);
    const name = wave.node === '' ? 'Unrouted orders' : wave.node;
    const channels = Object.keys(wave.channels);
    const load = draft.get('node-load', wave.node);
    // As of the last check of the node's pace, so that the same events say the same whenever they are read.
    const checkedAt = Math.max(wave.shipBy - AT_RISK_BEFORE_MS, load?.flow?.at ?? 0);
    const figures = wave.late ? null : cutOffFigures(draft, wave, checkedAt);
    const chance: Record<string, number> = figures === null ? {} : { chancePercent: percentOf(figures.probability) };
    const likely = figures === null ? '' : `, ${percentOf(figures.probability)} % likely to miss it`;
    return {
      title: wave.late ? `${name} missed its cut-off` : `${name} may miss its cut-off`,
      detail: `${wave.orders} ${wave.orders === 1 ? 'order' : 'orders'} still to ship${likely}`,
      severity: wave.late && moneyAtRisk > 0 ? 'critical' : severityOf(moneyAtRisk, draft),
      deadline: wave.shipBy,
      moneyAtRisk,
      formula: 'margin of the open units x % who cancel when late + penalty per order',
      inputs: { orders: wave.orders, margin: wave.margin, cancelPercent, penalty, ...chance },
      advice: `Add pickers at ${node?.name ?? name}, reroute what other nodes can ship today, or tell the customers.`,
      node: wave.node,
      ...(load?.impaired ? { cause: `node-impaired:${load.impaired.impairment}` } : {}),
      ...(channels.length === 1 ? { channel: channels[0]! } : {}),
    };
  },
});
