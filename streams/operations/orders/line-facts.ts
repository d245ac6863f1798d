/** What an order line adds to figures that look back: what came back of it, and the carts it came from. */
import type { Draft } from '../draft.ts';
import type { Transition } from '../effects.ts';
import type { Order, OrderLine } from '../states.ts';
import { lineStepOf } from './order-step.ts';
import { retell } from './tell-facts.ts';

const nothing: readonly Transition[] = [];

/** @param before the line as it was; undefined when it is new */
export function tellLineFacts(draft: Draft, order: Order, before: OrderLine | undefined, after: OrderLine): void {
  if (before === after) return;
  const was = before === undefined ? nothing : factsOf(order, before);
  retell(draft, was, factsOf(order, after));
}

/** None of them speaks of the order's promise: whatever becomes of it, they are taken back as they were told. */
function factsOf(order: Order, line: OrderLine): readonly Transition[] {
  if (line.dispatched === 0 || (line.returned === 0 && line.fromCart === undefined)) return nothing;
  const facts: Transition[] = [];
  if (line.returned > 0) facts.push(cameBack(order, line));
  let left = line.dispatched;
  for (const { heldAt, channel, node, quantity } of line.fromCart ?? []) {
    const shipped = Math.min(quantity, left);
    left -= shipped;
    if (shipped === 0) break;
    const step = { step: 'reservation-shipped', at: heldAt, quantity: shipped } as const;
    facts.push(lineStepOf(order, line, { ...step, channel, node, country: '', shipBy: 0, placedAt: heldAt }));
  }
  return facts;
}

/** Counted where and when the line was shipped, so that it stands beside the units that left with it. */
function cameBack(order: Order, line: OrderLine): Transition {
  const quantity = Math.min(line.returned, line.dispatched);
  const at = line.lastDispatchedAt ?? order.lastDispatchedAt;
  return lineStepOf(order, line, {
    step: 'line-came-back',
    at,
    quantity,
    node: line.shippedFrom ?? order.node,
    shipBy: 0,
  });
}
