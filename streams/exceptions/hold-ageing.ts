import { policyOf } from '../operations/policy.ts';
import { cancelPercentOf, costOfLateness } from '../policies/lateness.ts';
import { defineRule, severityOf, thresholdOf } from './rule.ts';

/** A held customer who hears nothing for a day orders elsewhere. */
const DECIDE_WITHIN_MS = 24 * 3_600_000;

const asked = { fraud: 'the fraud desk', payment: 'the payment provider', address: 'the customer', other: 'its owner' };

export const holdAgeing = defineRule({
  kind: 'hold-ageing',
  question: 'Which orders have been held for too long, and why?',
  area: 'fulfilment',
  owner: 'customer service',
  playbook: [
    'Decide the oldest first: release or cancel.',
    'When many wait for one reason, see whether what decides it is down.',
    'Give back the stock of those that will take longer.',
  ],
  endsWhen: 'Every aged hold was released, or its order cancelled or shipped.',
  thresholds: { ordersFrom: 1 },
  fewerWhen: { ordersFrom: 'higher' },
  watches: 'overdue',
  test(overdue, draft) {
    if (overdue.kind !== 'hold' || overdue.orders < thresholdOf(draft, holdAgeing, 'ordersFrom')) return null;
    const { orders, amount, cost, hold, channel, dues } = overdue;
    const cancelPercent = cancelPercentOf(policyOf(draft, 'lateness'), channel);
    const margin = amount - cost;
    const moneyAtRisk = costOfLateness(margin, 0, cancelPercent);
    const words = hold === 'other' ? 'held' : `held for ${hold}`;
    return {
      title: `${orders} ${orders === 1 ? 'order is' : 'orders are'} ${words} too long`,
      detail: `Channel ${channel}, the oldest since before the limit of its reason`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: dues[0]! + DECIDE_WITHIN_MS,
      moneyAtRisk,
      formula: 'margin of the orders x % who cancel when late',
      inputs: { orders, margin, cancelPercent, hold },
      advice: `Ask ${asked[hold as keyof typeof asked]}, then release or cancel.`,
      channel,
      // Which order it is, a person says: they are counted here, not listed.
      suggests: [
        { action: 'release-order', input: { hold: hold as keyof typeof asked } },
        { action: 'cancel-lines', input: { reason: hold === 'fraud' ? 'fraud' : 'other' } },
      ],
    };
  },
});
