import { Refused } from '../operations/draft.ts';
import { openUnits } from '../operations/orders/order-life.ts';
import { defineAction, nodesOf, orderOf, step, units } from './definition.ts';
import { openAmount } from './hold-order.ts';

export const cancelLines = defineAction({
  kind: 'cancel-lines',
  title: 'Cancel order lines',
  does: 'Cancels what is open of an order, or some units of some lines. The customer is told by the channel.',
  words: ({ order, lines, reason }) =>
    lines === undefined
      ? `Cancel all that is open of order ${order} (${reason})`
      : `Cancel ${units(lines.reduce((sum, { quantity }) => sum + quantity, 0))} of order ${order} (${reason})`,
  about: ({ order }) => ({ order }),
  plan({ draft }, { order: id, lines, reason }) {
    const order = orderOf(draft, id);
    if (!order.open) throw new Refused(`nothing of order ${id} is still to be shipped`);
    for (const { line, quantity } of lines ?? []) {
      const known = order.lines.find((entry) => entry.line === line);
      if (known === undefined) throw new Refused(`order ${id} has no line ${line}`);
      if (openUnits(known) < quantity)
        throw new Refused(`line ${line} of order ${id} has ${openUnits(known)} open units, not ${quantity}`);
    }
    const body = { order: id, reason, ...(lines === undefined ? {} : { lines }), worth: openAmount(order) };
    return {
      steps: [step('order.cancelled', { order: id, reason, lines })],
      instructions: [order.channel, ...nodesOf(order)].map((to) => ({ kind: 'cancel-lines', to, body })),
    };
  },
  undo: null,
  whyNoUndo:
    'A cancelled order stays cancelled: the customer may have been told, and the stock may be promised to others.',
});
