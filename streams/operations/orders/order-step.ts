/** Steps in the life of an order and of its lines, with all that the order says of itself. */
import type { Transition } from '../effects.ts';
import type { Order, OrderLine } from '../states.ts';

/** A step of this order, with everything about the order filled in. */
export function stepOf(order: Order, step: Partial<Transition> & Pick<Transition, 'step' | 'at'>): Transition {
  return {
    sign: 1,
    order: order.order,
    line: '',
    sku: '',
    channel: order.channel,
    node: order.node,
    country: order.country,
    currency: order.currency,
    quantity: 0,
    amount: 0,
    cost: 0,
    short: 0,
    placedAt: order.placedAt,
    shipBy: order.shipBy,
    durationMs: 0,
    cause: '',
    ...step,
  };
}

/** The same for a line: units, and what they are worth and cost. */
export function lineStepOf(
  order: Order,
  line: OrderLine,
  step: Partial<Transition> & Pick<Transition, 'step' | 'at' | 'quantity'>,
): Transition {
  return stepOf(order, {
    line: line.line,
    sku: line.sku,
    amount: step.quantity === line.quantity ? line.amount : step.quantity * line.unitPrice,
    cost: step.quantity * line.unitCost,
    ...step,
  });
}
