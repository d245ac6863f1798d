import { defineRule, severityOf, thresholdOf } from './rule.ts';

/** A carrier takes claims for parcels it never scanned for about this long. */
const CLAIM_WITHIN_MS = 3 * 24 * 3_600_000;

export const dispatchUnconfirmed = defineRule({
  kind: 'dispatch-unconfirmed',
  question: 'Which packed orders has nobody shown to have left?',
  area: 'fulfilment',
  owner: 'fulfilment planner',
  playbook: [
    'Look whether the parcels still stand at the dock.',
    'Ask the carrier for the manifest of the truck that should have taken them.',
    'Have what left reported, send again what is lost, and claim it.',
  ],
  endsWhen: 'Every packed order was dispatched, scanned or cancelled.',
  thresholds: { ordersFrom: 1, lostPercent: 5 },
  fewerWhen: { ordersFrom: 'higher' },
  watches: 'overdue',
  test(overdue, draft) {
    if (overdue.kind !== 'proof' || overdue.orders < thresholdOf(draft, dispatchUnconfirmed, 'ordersFrom')) return null;
    const { orders, amount, node, dues } = overdue;
    const lostPercent = thresholdOf(draft, dispatchUnconfirmed, 'lostPercent');
    const moneyAtRisk = Math.round((Math.max(0, amount) * lostPercent) / 100);
    return {
      title: `${orders} packed ${orders === 1 ? 'order has' : 'orders have'} no proof of dispatch`,
      detail: `${node}: packed, and past the ship-by neither dispatched nor scanned`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: dues[0]! + CLAIM_WITHIN_MS,
      moneyAtRisk,
      formula: 'value of the orders x % that are lost without proof',
      inputs: { orders, amount, lostPercent },
      advice: `Look at the dock of ${node} and ask the carrier for its manifest.`,
      node,
    };
  },
});
