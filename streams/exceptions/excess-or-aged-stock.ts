import { policyOf } from '../operations/policy.ts';
import { unitCostOf } from '../operations/stock/costing.ts';
import { defineRule, severityOf, within } from './rule.ts';

const DECIDE_WITHIN_MS = 30 * 86_400_000;
/** It lets go only when the amount has fallen clearly below where it took hold. */
const LETS_GO_AT_SHARE = 0.8;

export const excessOrAgedStock = defineRule({
  kind: 'excess-or-aged-stock',
  question: 'Of which items do we hold more than will sell, stock that came long ago, or lots close to their date?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'Stop what is on order of it, or ask the supplier to take it back.',
    'Sell lots close to their date first, at a lower price where that pays.',
    'Move it to where it sells, or write it off.',
  ],
  endsWhen: 'A weekly look finds less than the amount of the policy in excess, aged or close to its date.',
  watches: 'ledger',
  test({ sku, review }, draft, wasOpen) {
    if (review === null || review.at === 0) return null;
    const { excess, aged, expiring, onHand, soldPerDayHundredths, firstExpiresAt } = review;
    const units = Math.max(excess, aged, expiring);
    const unitCost = unitCostOf(draft, sku);
    const policy = policyOf(draft, 'excess');
    const amount = units * unitCost;
    if (amount === 0 || amount < policy.amountFrom * (wasOpen ? LETS_GO_AT_SHARE : 1)) return null;
    const parts = [
      ...(excess > 0 ? [`${excess} beyond ${policy.horizonDays} days of sales`] : []),
      ...(aged > 0 ? [`${aged} older than ${policy.agedAfterDays} days`] : []),
      ...(expiring > 0 ? [`${expiring} will expire unsold within ${policy.nearExpiryDays} days`] : []),
    ];
    const item = draft.get('item', sku);
    return {
      title: `${units} of ${onHand} units are too much, too old or near their date`,
      detail: `${item?.name ?? sku}: ${parts.join('; ')}`,
      severity: within(severityOf(amount, draft), 'low', expiring > 0 ? 'critical' : 'high'),
      deadline: expiring > 0 ? firstExpiresAt : review.at + DECIDE_WITHIN_MS,
      moneyAtRisk: amount,
      formula: 'units at risk x unit cost, where units at risk are the most of excess, aged and expiring: they overlap',
      inputs: { excess, aged, expiring, onHand, soldPerDay: (soldPerDayHundredths ?? 0) / 100, unitCost },
      advice:
        expiring > 0
          ? 'Sell the lots that expire first, or move them to where they sell.'
          : 'Stop buying it, then find where it sells.',
      sku,
    };
  },
});
