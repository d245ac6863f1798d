import { defineRule, severityOf, thresholdOf } from './rule.ts';

/** A customer should hear within a day of the promise that it does not hold. */
const ANSWER_WITHIN_MS = 24 * 3_600_000;

export const deliveryLate = defineRule({
  kind: 'delivery-late',
  question: 'Which dispatched orders have not arrived by the promise?',
  area: 'fulfilment',
  owner: 'customer service',
  playbook: [
    'See whether one carrier or one region is behind it.',
    'Ask the carrier where the parcels are.',
    'Tell the customers before they ask; send again what is lost.',
  ],
  endsWhen: 'Every late order was delivered or came back, or two weeks have passed.',
  thresholds: { ordersFrom: 1, compensatePercent: 5 },
  fewerWhen: { ordersFrom: 'higher' },
  watches: 'overdue',
  test(overdue, draft) {
    if (overdue.kind !== 'delivery' || overdue.orders < thresholdOf(draft, deliveryLate, 'ordersFrom')) return null;
    const { orders, amount, node, dues } = overdue;
    const compensatePercent = thresholdOf(draft, deliveryLate, 'compensatePercent');
    const moneyAtRisk = Math.round((Math.max(0, amount) * compensatePercent) / 100);
    return {
      title: `${orders} ${orders === 1 ? 'order is' : 'orders are'} late to arrive`,
      detail: `Dispatched from ${node} and not delivered by the promise`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: dues[0]! + ANSWER_WITHIN_MS,
      moneyAtRisk,
      formula: 'value of the orders x % that late customers are given back',
      inputs: { orders, amount, compensatePercent },
      advice: 'Ask the carriers, and tell the customers before they ask.',
      node,
    };
  },
});
