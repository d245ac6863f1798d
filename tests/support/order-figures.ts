/**
 * What happened to each order, put together from events and from single reports of lines, by other means than the fold that
 * tells due, kept, perfect and the rest: the plain count that figures are compared with.
 */
import { DateTime } from 'luxon';
import type { Transition } from '../../streams/operations/effects.ts';
import type { Order, OrderLine } from '../../streams/operations/states.ts';
import { CUT_OFFS, type Shop, TIME_ZONE } from './kpi-history.ts';

export type PlainLine = {
  line: OrderLine;
  /** Units we owe: ordered, less what others have cancelled. */
  owed: number;
  dispatched: { at: number; units: number; node: string }[];
  delivered: { at: number; units: number }[];
};
export type PlainOrder = {
  order: Order;
  lines: PlainLine[];
  firstDeliverBy: number;
  firstShipBy: number;
  shipments: number;
  /** Time on hold between acceptance and the last dispatch. */
  heldMs: number;
  /** The end of the day it was released on before the cut-off; null otherwise. */
  leavesBy: number | null;
  faulty: boolean;
};

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

export function plainOrders(shop: Shop): PlainOrder[] {
  const steps = shop.facts.flatMap(({ effects }) => effects.transitions);
  const ofLine = (name: Transition['step'], order: string, line: string) =>
    steps.filter((step) => step.step === name && step.order === order && step.line === line);
  return [...shop.all('order').values()].map((order) => {
    const lines = order.lines.map((line): PlainLine => {
      const ours = ofLine('line-cancelled', order.order, line.line).filter(({ cause }) =>
        ['stock', 'fulfilment'].includes(cause),
      );
      return {
        line,
        owed: Math.max(0, line.quantity - (line.cancelled - sumOf(ours.map(({ quantity }) => quantity)))),
        dispatched: ofLine('line-dispatched', order.order, line.line).map(({ at, quantity, node }) => ({
          at,
          units: quantity,
          node,
        })),
        delivered: ofLine('line-delivered', order.order, line.line).map(({ at, quantity }) => ({
          at,
          units: quantity,
        })),
      };
    });
    return {
      order,
      lines,
      ...promisesOf(shop, order),
      ...movesOf(shop, order),
      heldMs: heldMs(shop, order, lines),
      leavesBy: leavesBy(steps, order),
      faulty: isFaulty(shop, steps, order),
    };
  });
}

/** The order's own word stands; without one, that of the earliest edit. */
function promisesOf(shop: Shop, { order }: Order): Pick<PlainOrder, 'firstDeliverBy' | 'firstShipBy'> {
  const placed = shop.facts.flatMap(({ event, effects }) =>
    event.type === 'order.placed' && event.data.order === order && !effects.refused.startsWith('order ') ? [event] : [],
  )[0]!;
  const edits = shop.facts
    .flatMap(({ event }) =>
      event.type === 'order.edited' && event.data.order === order && event.data.lines.length === 0 ? [event] : [],
    )
    .sort((a, b) => a.occurredAt - b.occurredAt);
  const first = (field: 'shipBy' | 'deliverBy') =>
    placed.data[field] ?? edits.find(({ data }) => data[field] !== undefined)?.data[field] ?? 0;
  return { firstDeliverBy: first('deliverBy'), firstShipBy: first('shipBy') };
}

/** Goods that left say by which shipment. */
function movesOf(shop: Shop, { order }: Order): Pick<PlainOrder, 'shipments'> {
  const reasons = shop.facts.flatMap(({ effects }) =>
    effects.movements.flatMap((move) => (move.order === order && move.to.place === 'customer' ? [move.reason] : [])),
  );
  return { shipments: new Set(reasons).size };
}

/** Sweeps over all words about holds in the order of time, with the set of reasons that are on. */
function heldMs(shop: Shop, { order, placedAt }: Order, lines: PlainLine[]): number {
  const until = Math.max(0, ...lines.flatMap(({ dispatched }) => dispatched.map(({ at }) => at)));
  const words = shop.facts
    .flatMap(({ event }) =>
      (event.type === 'order.held' || event.type === 'order.released') && event.data.order === order ? [event] : [],
    )
    .sort((a, b) => a.occurredAt - b.occurredAt);
  const on = new Set<string>();
  let [sum, last] = [0, placedAt];
  const pass = (to: number) => {
    const end = Math.min(to, until);
    if (on.size > 0 && end > last) sum += end - last;
    last = Math.max(last, end);
  };
  for (const { type, data, occurredAt } of words) {
    pass(occurredAt);
    if (type === 'order.held') on.add(data.hold);
    else on.delete(data.hold);
  }
  pass(until);
  return sum;
}

/** By the calendar on the wall of the node that released it first. */
function leavesBy(steps: readonly Transition[], { order }: Order): number | null {
  const first = steps.find((step) => step.step === 'order-released' && step.order === order);
  if (first === undefined) return null;
  const local = DateTime.fromMillis(first.at, { zone: TIME_ZONE });
  const [hour, minute] = CUT_OFFS[first.node as keyof typeof CUT_OFFS].split(':').map(Number);
  const cutOff = local.set({ hour: hour!, minute: minute!, second: 0, millisecond: 0 });
  if (local.weekday === 7 || local > cutOff) return null;
  return local.plus({ days: 1 }).startOf('day').toMillis() - 1;
}

/** Sent back as damaged, for a line that the order had when the goods came. */
function isFaulty(shop: Shop, steps: readonly Transition[], { order }: Order): boolean {
  const returned = steps.filter((step) => step.step === 'line-returned' && step.order === order);
  return shop.facts.some(
    ({ event, effects }) =>
      event.type === 'return.received' &&
      effects.refused === '' &&
      event.data.order === order &&
      event.data.lines.some(
        ({ line, reason }) =>
          reason === 'damaged' && returned.some((step) => step.line === line && step.at === event.occurredAt),
      ),
  );
}

export const unitsOf = (reports: readonly { units: number }[]) => sumOf(reports.map(({ units }) => units));
export const lastOf = (reports: readonly { at: number }[]) => Math.max(0, ...reports.map(({ at }) => at));
export const openOf = ({ line }: PlainLine) => Math.max(0, line.quantity - line.cancelled - line.dispatched);
export const isOpen = ({ lines }: PlainOrder) => lines.some((line) => openOf(line) > 0);
export const hasLeft = ({ lines }: PlainOrder) => lines.some(({ dispatched }) => dispatched.length > 0);
/** Completely dispatched. */
export const isShipped = (order: PlainOrder) => !isOpen(order) && hasLeft(order);
/** All that is owed of it was there by a moment. */
export const inFull = (reports: readonly { at: number; units: number }[], owed: number, by: number) =>
  unitsOf(reports) >= owed && lastOf(reports) <= by;
