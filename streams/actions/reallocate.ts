import { Refused } from '../operations/draft.ts';
import { workspaceOf } from '../operations/master-data.ts';
import type { Order } from '../operations/states.ts';
import { type Context, defineAction, orderOf, type Plan, step, units } from './definition.ts';

type Input = { sku: string; node: string; fromOrder: string; toOrder: string; quantity: number };

export const reallocate = defineAction({
  kind: 'reallocate',
  title: 'Reallocate',
  does: 'Gives units that one order has reserved to another order that waits for them.',
  words: ({ sku, node, fromOrder, toOrder, quantity }) =>
    `Give ${units(quantity)} of ${sku} at ${node} from order ${fromOrder} to order ${toOrder}`,
  about: ({ sku, toOrder }) => ({ sku, order: toOrder }),
  plan: (context, input) => handOver(context, input),
  undo: (context, { input }) => handOver(context, { ...input, fromOrder: input.toOrder, toOrder: input.fromOrder }),
});

/** In advise mode reservations are another system's: it is asked, and ours follow when it says so. */
function handOver({ draft }: Context, { sku, node, fromOrder, toOrder, quantity }: Input): Plan {
  const from = orderOf(draft, fromOrder);
  const to = orderOf(draft, toOrder);
  if (fromOrder === toOrder) throw new Refused('an order cannot give units to itself');
  const held = unitsHeld(from, sku, node);
  if (held < quantity) throw new Refused(`order ${fromOrder} holds ${held} of ${sku} at ${node}, not ${quantity}`);
  const wanted = to.lines.reduce((sum, line) => (line.sku === sku ? sum + line.waiting : sum), 0);
  if (wanted < quantity) throw new Refused(`order ${toOrder} waits for ${wanted} of ${sku}, not ${quantity}`);
  const body = { sku, fromOrder, toOrder, quantity };
  return {
    steps:
      workspaceOf(draft).mode === 'advise'
        ? []
        : [step('order.reallocated', { fromOrder, order: toOrder, sku, node, quantity })],
    instructions: [{ kind: 'reallocate', to: node, body }],
  };
}

export const unitsHeld = (order: Order, sku: string, node: string): number =>
  order.lines.reduce(
    (sum, line) => (line.sku === sku ? sum + (line.allocated.find(([known]) => known === node)?.[1] ?? 0) : sum),
    0,
  );
