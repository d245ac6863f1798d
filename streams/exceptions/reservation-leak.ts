import { leakOf } from '../operations/reservations/reserved.ts';
import { defineRule, severityOf } from './rule.ts';

/** Units nobody can buy cost a little every hour; within a shift somebody should have looked. */
const LOOK_WITHIN_MS = 8 * 3_600_000;

export const reservationLeak = defineRule({
  kind: 'reservation-leak',
  question: 'Where are units allocated that no reservation asks for, or reserved that are not there?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'Look at the event that is named: a count, an adjustment or a statement changed the allocated bucket by itself.',
    'If it was right, release the leak: the bucket then equals the reservations again.',
    'If it was wrong, correct that event.',
  ],
  endsWhen: 'The allocated bucket equals the sum of the open reservations again.',
  watches: 'stock',
  test(stock, draft) {
    const leak = leakOf(stock);
    if (leak === 0) return null;
    const item = draft.get('item', stock.sku);
    const units = Math.abs(leak);
    const unitMargin = Math.max(0, (item?.unitPrice ?? 0) - (item?.unitCost ?? 0));
    const by = stock.leakedBy;
    const named = by === null ? 'unknown' : `${by.type} ${by.id} of ${by.source}`;
    return {
      title: leak > 0 ? `${units} allocated to nobody at ${stock.node}` : `${units} reserved but not allocated`,
      detail: `${item?.name ?? stock.sku}: allocated ${stock.allocated}, reservations ${stock.reserved}; by ${named}`,
      severity: severityOf(units * unitMargin, draft),
      deadline: (by?.at ?? stock.lastMovementAt) + LOOK_WITHIN_MS,
      moneyAtRisk: units * unitMargin,
      formula: 'units of difference x unit margin',
      inputs: { units, unitMargin, allocated: stock.allocated, reserved: stock.reserved, event: named },
      advice: `Release the leak of ${stock.sku} at ${stock.node}, or correct ${named}.`,
      suggests: [{ action: 'release-leak', input: { sku: stock.sku, node: stock.node } }],
      sku: stock.sku,
      node: stock.node,
      ...(by === null ? {} : { source: by.source }),
    };
  },
});
