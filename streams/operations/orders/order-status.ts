/** Where an order stands, in one word: the furthest thing that is true of all of it, or what it waits for. */
import type { OrderStatus } from '../../events/order-statuses.ts';
import type { Order, OrderLine } from '../states.ts';
import { openUnits } from './order-life.ts';

export function orderStatus(order: Order): OrderStatus {
  const dispatched = sumOf(order.lines, (line) => line.dispatched);
  if (order.lines.some((line) => openUnits(line) > 0)) return openStatus(order, dispatched);
  if (dispatched === 0) return 'cancelled';
  if (sumOf(order.lines, (line) => line.returned) >= dispatched) return 'returned';
  return sumOf(order.lines, (line) => line.delivered) >= dispatched ? 'delivered' : 'dispatched';
}

function openStatus(order: Order, dispatched: number): OrderStatus {
  if (order.holds.length > 0) return 'held';
  if (dispatched > 0) return 'part-dispatched';
  if (order.lines.some((line) => line.waiting > 0)) return 'backordered';
  const toShip = order.lines.filter((line) => openUnits(line) > 0);
  if (toShip.every((line) => line.packed >= line.quantity - line.cancelled)) return 'packed';
  if (toShip.some((line) => line.picked > 0 || line.packed > 0)) return 'picking';
  return isReleased(order, toShip) ? 'released' : 'allocated';
}

const sumOf = (lines: OrderLine[], value: (line: OrderLine) => number): number =>
  lines.reduce((sum, line) => sum + value(line), 0);

/** Every node that has to pick something of it was told to begin. */
const isReleased = ({ releases }: Order, toShip: OrderLine[]): boolean =>
  releases !== undefined &&
  releases.length > 0 &&
  toShip.every((line) => line.allocated.every(([node]) => releases.some(([released]) => released === node)));
