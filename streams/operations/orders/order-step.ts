/** Steps in the life of an order and of its lines, with all that the order says of itself. */
import type { Transition } from '../effects.ts';
import type { Order, OrderLine } from '../states.ts';

type Said = Partial<Transition> & Pick<Transition, 'step' | 'at'>;

/**
 * A step of this order, with everything about the order filled in. Field by field, not by spreading: dozens are made of
 * every order, and so all of them have one shape.
 */
export function stepOf(order: Order, said: Said): Transition {
  return {
    step: said.step,
    sign: said.sign ?? 1,
    at: said.at,
    order: order.order,
    line: said.line ?? '',
    sku: said.sku ?? '',
    channel: said.channel ?? order.channel,
    node: said.node ?? order.node,
    country: said.country ?? order.country,
    currency: order.currency,
    quantity: said.quantity ?? 0,
    amount: said.amount ?? 0,
    cost: said.cost ?? 0,
    short: said.short ?? 0,
    placedAt: said.placedAt ?? order.placedAt,
    shipBy: said.shipBy ?? order.shipBy,
    durationMs: said.durationMs ?? 0,
    cause: said.cause ?? '',
  };
}

/** The same for a line: units, and what they are worth and cost. */
export function lineStepOf(order: Order, line: OrderLine, said: Said & Pick<Transition, 'quantity'>): Transition {
  const { quantity } = said;
  const step = stepOf(order, said);
  step.line = line.line;
  step.sku = line.sku;
  step.amount = said.amount ?? (quantity === line.quantity ? line.amount : quantity * line.unitPrice);
  step.cost = said.cost ?? quantity * line.unitCost;
  return step;
}
