/** Reallocation: units that one order has reserved go to another that waits for them. Nothing moves but the promise. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { settle } from '../orders/order-life.ts';
import type { Order, OrderLine } from '../states.ts';
import { giveBack, queue, take } from './reservation.ts';

/** What the giving order loses waits again, at the place in the queue that its age gives it. */
export function reallocated(draft: Draft, event: EventOf<'order.reallocated'>, to: Order): void {
  const { fromOrder, sku, node, quantity } = event.data;
  const from = draft.get('order', fromOrder);
  if (from === undefined) throw new Refused(`there is no order ${fromOrder}`);
  if (from.order === to.order) throw new Refused('an order cannot give units to itself');
  const when = event.occurredAt;
  const given = shareOut(
    from.lines,
    quantity,
    (line) => (line.sku === sku ? heldAt(line, node) : 0),
    (line, units) => {
      const back = giveBackAt(draft, from, line, node, units, when);
      return queue(draft, from, { ...back, waiting: back.waiting + units });
    },
  );
  if (given.left > 0)
    throw new Refused(`order ${fromOrder} holds ${quantity - given.left} of ${sku} at ${node}, not ${quantity}`);
  settle(draft, from, { ...from, lines: given.lines }, when);
  const taken = shareOut(
    to.lines,
    quantity,
    (line) => (line.sku === sku ? line.waiting : 0),
    (line, units) => queue(draft, to, take(draft, to, line, node, units, when)),
  );
  if (taken.left > 0)
    throw new Refused(`order ${to.order} waits for ${quantity - taken.left} of ${sku}, not ${quantity}`);
  settle(draft, to, { ...to, lines: taken.lines, node: to.node === '' ? node : to.node }, when);
}

/** Changes lines one after the other until the units are shared out. */
function shareOut(
  lines: OrderLine[],
  quantity: number,
  room: (line: OrderLine) => number,
  change: (line: OrderLine, units: number) => OrderLine,
): { lines: OrderLine[]; left: number } {
  let left = quantity;
  const changed = lines.map((line) => {
    const units = Math.min(left, room(line));
    left -= units;
    return units === 0 ? line : change(line, units);
  });
  return { lines: changed, left };
}

const heldAt = (line: OrderLine, node: string): number => line.allocated.find(([known]) => known === node)?.[1] ?? 0;

/** Gives back at this node only, whatever the line holds elsewhere. */
function giveBackAt(draft: Draft, order: Order, line: OrderLine, node: string, units: number, when: number): OrderLine {
  const here: OrderLine = { ...line, allocated: line.allocated.filter(([known]) => known === node) };
  const elsewhere = line.allocated.filter(([known]) => known !== node);
  const { allocated, ...rest } = giveBack(draft, order, here, units, when);
  return { ...rest, allocated: [...elsewhere, ...allocated] };
}
