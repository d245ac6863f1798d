/** Cancelling and refunding: what is still open is taken off, and money goes back within what was paid. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { tellNodes } from '../nodes/tell-nodes.ts';
import { policyOf } from '../policy.ts';
import { giveBack, queue } from '../reservations/reservation.ts';
import type { Order, OrderLine } from '../states.ts';
import { isOurs } from './order-facts.ts';
import { openUnits, settle } from './order-life.ts';
import { lineStepOf, stepOf } from './order-step.ts';
import { noteGivenUp } from './pick-failure.ts';

/**
 * Named units are cancelled as far as they have not left; what left in the meantime is told in the decision, because the
 * sender has to know that it is on its way.
 */
export function cancelled(draft: Draft, event: EventOf<'order.cancelled'>, order: Order): void {
  const { data, occurredAt } = event;
  const asked = askedUnits(order, data.lines);
  const gone: { line: string; asked: number; cancelled: number }[] = [];
  const lines = order.lines.map((line) => {
    const wanted = asked === undefined ? openUnits(line) : (asked.get(line.line) ?? 0);
    const units = Math.min(wanted, openUnits(line));
    if (units < wanted) gone.push({ line: line.line, asked: wanted, cancelled: units });
    return units === 0 ? line : cancelUnits(draft, order, line, units, data.reason, occurredAt);
  });
  if (gone.length > 0) tellGone(draft, order, gone, occurredAt);
  const taken = lines.flatMap(({ line, cancelled: now }, index) => {
    const units = now - order.lines[index]!.cancelled;
    return units > 0 ? [{ line, quantity: units }] : [];
  });
  if (taken.length > 0) tellNodes(draft, order, 'cancel-lines', { reason: data.reason, lines: taken }, occurredAt);
  settle(draft, order, { ...order, lines }, occurredAt);
}

/** @throws Refused when a line is unknown, or when nothing of all that was named is left to cancel */
function askedUnits(order: Order, named: EventOf<'order.cancelled'>['data']['lines']): Map<string, number> | undefined {
  if (named === undefined) return undefined;
  const asked = new Map<string, number>();
  let open = 0;
  for (const { line: id, quantity } of named) {
    const line = order.lines.find((known) => known.line === id);
    if (line === undefined) throw new Refused(`order ${order.order} has no line ${id}`);
    asked.set(id, (asked.get(id) ?? 0) + quantity);
    open += openUnits(line);
  }
  if (open === 0) throw new Refused(`nothing of lines ${[...asked.keys()].join(', ')} of order ${order.order} is open`);
  return asked;
}

function tellGone(draft: Draft, order: Order, gone: { line: string; asked: number; cancelled: number }[], at: number) {
  const units = gone.reduce((sum, one) => sum + one.asked - one.cancelled, 0);
  draft.decision({
    policy: 'cancel',
    at,
    order: order.order,
    line: gone.length === 1 ? gone[0]!.line : '',
    sku: '',
    node: order.node,
    outcome: `${units} ${units === 1 ? 'unit' : 'units'} could not be cancelled: no longer open`,
    inputs: { lines: gone.slice(0, 5), ...(gone.length > 5 ? { moreLines: gone.length - 5 } : {}) },
  });
}

/** Takes units off a line: first what waits, then what is reserved. There must be as many open. */
export function cancelUnits(
  draft: Draft,
  order: Order,
  line: OrderLine,
  units: number,
  cause: string,
  when: number,
): OrderLine {
  const fromWaiting = Math.min(units, line.waiting);
  const less = queue(draft, order, { ...line, waiting: line.waiting - fromWaiting });
  const released = giveBack(draft, order, less, units - fromWaiting, when);
  if (cause === 'stock') noteGivenUp(draft, less, released, when);
  const first = line.cancelled === 0;
  draft.transition(
    lineStepOf(order, line, { step: 'line-cancelled', at: when, quantity: units, cause, short: first ? 1 : 0 }),
  );
  const byMerchant = isOurs(cause);
  const attempted = line.attempted || byMerchant;
  if (byMerchant && !line.attempted) {
    draft.transition(lineStepOf(order, line, { step: 'line-attempted', at: when, quantity: 0, short: units }));
  }
  return {
    ...released,
    cancelled: line.cancelled + units,
    attempted,
    cancelledAt: Math.max(line.cancelledAt ?? 0, when),
    cancelCause: graverOf(line.cancelCause, cause),
    ...(byMerchant ? { cancelledByUs: (line.cancelledByUs ?? 0) + units } : {}),
  };
}

/** What is held against us stands before what is not, in whatever order we heard of it. */
const byGravity = ['stock', 'fulfilment', 'fraud', 'customer', 'other'];
const graverOf = (known: string | undefined, cause: string): string =>
  known !== undefined && byGravity.indexOf(known) <= byGravity.indexOf(cause) ? known : cause;

/**
 * Money that went back. A negative amount takes an earlier refund back.
 * @throws Refused when it is in another currency, or more than was paid
 */
export function refunded(draft: Draft, event: EventOf<'order.refunded'>, order: Order): void {
  const { amount, currency = order.currency } = event.data;
  if (currency !== order.currency) {
    throw new Refused(`order ${order.order} was paid in ${order.currency}, the refund is in ${currency}`);
  }
  const after = order.refunded + amount;
  if (after < 0) {
    throw new Refused(`${order.refunded} was refunded for order ${order.order}; ${-amount} cannot be taken back`);
  }
  const most = refundableOf(draft, order);
  if (amount > 0 && after > most) {
    throw new Refused(
      `order ${order.order} is worth ${order.amount} and ${order.refunded} was refunded; ${amount} more would pass the ${most} allowed (minor units of ${currency})`,
    );
  }
  draft.transition(stepOf(order, { step: 'order-refunded', at: event.occurredAt, quantity: 1, amount }));
  settle(draft, order, { ...order, refunded: after }, event.occurredAt);
}

/** What may go back in all, in minor units: the most each line was ever worth, and a share for what we are not told. */
function refundableOf(draft: Draft, order: Order): number {
  const worth = order.lines.reduce((sum, line) => sum + (line.amountMost ?? line.amount), order.extras);
  return Math.round(worth * (1 + policyOf(draft, 'orders').refundBeyondShare));
}
