import { Refused } from '../operations/draft.ts';
import { openUnits } from '../operations/orders/order-life.ts';
import type { Order } from '../operations/states.ts';
import { defineAction, nodesOf, orderOf, step } from './definition.ts';

export const holdOrder = defineAction({
  kind: 'hold-order',
  title: 'Hold order',
  does: 'Keeps an order from being shipped until it is released.',
  words: ({ order, hold, reason }) => `Hold order ${order} (${hold}): ${reason}`,
  about: ({ order }) => ({ order }),
  plan({ draft }, { order: id, hold, reason }) {
    const order = orderOf(draft, id);
    needOpen(order);
    if (order.holds.includes(hold)) throw new Refused(`order ${id} is already held (${hold})`);
    return {
      steps: [step('order.held', { order: id, hold, note: reason })],
      instructions: nodesOf(order).map((to) => ({
        kind: 'hold-order',
        to,
        body: { order: id, hold, reason, worth: openAmount(order) },
      })),
    };
  },
  undo({ draft }, { input: { order: id, hold } }) {
    const order = orderOf(draft, id);
    if (!order.holds.includes(hold)) throw new Refused(`order ${id} is not held (${hold}) any more`);
    return {
      steps: [step('order.released', { order: id, hold })],
      instructions: nodesOf(order).map((to) => ({ kind: 'release-order', to, body: { order: id } })),
    };
  },
});

export const releaseOrder = defineAction({
  kind: 'release-order',
  title: 'Release order',
  does: 'Takes one hold, or all of them, off an order.',
  words: ({ order, hold }) => `Release order ${order}${hold === undefined ? '' : ` (${hold})`}`,
  about: ({ order }) => ({ order }),
  plan({ draft }, { order: id, hold }) {
    const order = orderOf(draft, id);
    const holds = heldBy(order, hold);
    return {
      steps: holds.map((name) => step('order.released', { order: id, hold: name })),
      instructions:
        order.holds.length > holds.length
          ? []
          : nodesOf(order).map((to) => ({
              kind: 'release-order',
              to,
              body: { order: id, worth: openAmount(order) },
            })),
      remember: { holds },
    };
  },
  undo({ draft }, { input: { order: id }, remembered }) {
    const order = orderOf(draft, id);
    needOpen(order);
    const holds = remembered['holds'] as Hold[];
    return {
      steps: holds.map((hold) => step('order.held', { order: id, hold, note: 'release undone' })),
      instructions: nodesOf(order).map((to) => ({ kind: 'hold-order', to, body: { order: id } })),
    };
  },
});

type Hold = 'fraud' | 'payment' | 'address' | 'other';

function heldBy(order: Order, hold: Hold | undefined): Hold[] {
  const held = order.holds as Hold[];
  if (held.length === 0) throw new Refused(`order ${order.order} is not held`);
  if (hold === undefined) return held;
  if (!held.includes(hold)) throw new Refused(`order ${order.order} is held for ${held.join(', ')}, not for ${hold}`);
  return [hold];
}

function needOpen(order: Order): void {
  if (!order.open) throw new Refused(`nothing of order ${order.order} is still to be shipped`);
}

/** Sales value of what is still to be shipped, in minor units. */
export const openAmount = (order: Order): number =>
  order.lines.reduce((sum, line) => sum + openUnits(line) * line.unitPrice, 0);
