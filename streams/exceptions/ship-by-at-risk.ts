import { defineRule, severityOf } from './rule.ts';

/** Share of customers who cancel an order that is shipped late; to be replaced by what was observed per channel. */
const CANCEL_SHARE = 0.1;

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
    const moneyAtRisk = Math.round(Math.max(0, wave.margin) * CANCEL_SHARE) + wave.penalty;
    const name = wave.node === '' ? 'Unrouted orders' : wave.node;
    const channels = Object.keys(wave.channels);
    return {
      title: wave.late ? `${name} missed its cut-off` : `${name} may miss its cut-off`,
      detail: `${wave.orders} ${wave.orders === 1 ? 'order' : 'orders'} still to ship`,
      severity: wave.late && moneyAtRisk > 0 ? 'critical' : severityOf(moneyAtRisk),
      deadline: wave.shipBy,
      moneyAtRisk,
      formula: `margin of the open units x ${CANCEL_SHARE * 100} % who cancel + penalty per order`,
      inputs: { orders: wave.orders, margin: wave.margin, cancelShare: CANCEL_SHARE, penalty: wave.penalty },
      advice: `Add pickers at ${node?.name ?? name}, reroute what other nodes can ship today, or tell the customers.`,
      node: wave.node,
      ...(channels.length === 1 ? { channel: channels[0]! } : {}),
    };
  },
});
