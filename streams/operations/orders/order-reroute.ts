/** Rerouting: units of an order that nobody has picked yet go to another node, all that was asked for or none of it. */
import type { EventOf } from '../../events/index.ts';
import { shippingTerms } from '../../policies/shipping-terms.ts';
import { type Draft, Refused } from '../draft.ts';
import { withdrawRelease } from '../nodes/wave-release.ts';
import { availableFor } from '../reservations/availability.ts';
import { addTo, giveBack, queue, take } from '../reservations/reservation.ts';
import type { Order, OrderLine } from '../states.ts';
import { openUnits, settle } from './order-life.ts';
import { lineStepOf } from './order-step.ts';

export type Reroute = {
  toNode: string;
  /** Only what is reserved there moves; without it, everything that is reserved elsewhere or waits. */
  fromNode?: string | undefined;
  /** Without lines, every line moves; without a quantity, all of the line that can. */
  lines?: { line: string; quantity?: number | undefined }[] | undefined;
};

/** Units of one line that move: `reserved` from other nodes, `waiting` from the queue. */
type Move = { line: OrderLine; reserved: number; waiting: number };

export function rerouted(draft: Draft, event: EventOf<'order.rerouted'>, order: Order): void {
  rerouteOrder(draft, order, event.data, event.occurredAt);
}

/**
 * Moves units to another node and settles the order.
 * @param when business time of the decision
 * @returns the order as it is now
 * @throws Refused with the units that are missing or cannot move; nothing is changed then
 */
export function rerouteOrder(draft: Draft, order: Order, reroute: Reroute, when: number): Order {
  const problem = whyNotReroute(draft, order, reroute);
  if (problem !== '') throw new Refused(problem);
  const moves = movesOf(order, reroute);
  const lines = order.lines.map((line) => {
    const move = moves.find((known) => known.line === line);
    return move === undefined ? line : moveUnits(draft, order, move, reroute, when);
  });
  // The order is counted where it ships from; it leaves its node when nothing of it is left there.
  const staysBehind = lines.some((line) => line.allocated.some(([node]) => node === order.node));
  const node = staysBehind ? order.node : reroute.toNode;
  const requestedNode = order.requestedNode === '' ? '' : node;
  settle(draft, order, { ...order, lines, node, requestedNode }, when);
  const from = reroute.fromNode === undefined ? nodesOf(order) : [reroute.fromNode];
  for (const left of from) withdrawRelease(draft, draft.get('order', order.order)!, left, when);
  return draft.get('order', order.order)!;
}

const nodesOf = (order: Order): string[] => [
  ...new Set(order.lines.flatMap((line) => line.allocated.map(([node]) => node))),
];

/** Why this order cannot go there, in words; empty when it can. Changes nothing. */
export function whyNotReroute(draft: Draft, order: Order, reroute: Reroute): string {
  const { toNode, fromNode, lines = [] } = reroute;
  const name = `order ${order.order}`;
  if (fromNode === toNode) return `${name} is to go from ${toNode} to ${toNode}`;
  const node = draft.get('node', toNode);
  if (node?.active === false) return `${toNode} is not active`;
  for (const { line: id, quantity } of lines) {
    const line = order.lines.find((known) => known.line === id);
    if (line === undefined) return `${name} has no line ${id}`;
    const movable = movableUnits(line, toNode, fromNode);
    if (quantity !== undefined && quantity > movable)
      return `line ${id} of ${name} has ${movable} units that can move${fromNode === undefined ? '' : ` from ${fromNode}`}, not ${quantity}`;
  }
  const moves = movesOf(order, reroute);
  if (moves.length === 0) return `${name} has nothing that could move to ${toNode}`;
  const needed = new Map<string, number>();
  let all = 0;
  for (const { line, reserved, waiting } of moves) {
    needed.set(line.sku, (needed.get(line.sku) ?? 0) + reserved + waiting);
    all += reserved + waiting;
  }
  if (node !== undefined && shippingTerms(node, order, all) === null) {
    const carrier = order.carrier === '' ? '' : ` with ${order.carrier}`;
    return `${toNode} does not ship ${name} to ${order.country}${carrier}`;
  }
  for (const [sku, units] of needed) {
    const available = Math.max(0, availableFor(draft, { order, sku, node: toNode }));
    if (available < units)
      return `${toNode} can promise ${available} of the ${units} units of ${sku} that ${name} needs`;
  }
  return '';
}

/** Units of a line that can go to another node: reserved elsewhere or waiting, and in nobody's hands yet. */
export function movableUnits(line: OrderLine, toNode: string, fromNode?: string): number {
  const { reserved, waiting } = movable(line, toNode, fromNode);
  return reserved + waiting;
}

function movable(line: OrderLine, toNode: string, fromNode: string | undefined): Pick<Move, 'reserved' | 'waiting'> {
  const elsewhere = line.allocated.reduce(
    (sum, [node, units]) => (node !== toNode && (fromNode === undefined || node === fromNode) ? sum + units : sum),
    0,
  );
  // A report of picking names units, not reservations: what is in hand is taken to be here.
  const inHand = Math.max(0, Math.max(line.picked, line.packed) - line.dispatched);
  const reserved = Math.max(0, Math.min(elsewhere, openUnits(line) - line.waiting - inHand));
  return { reserved, waiting: fromNode === undefined ? line.waiting : 0 };
}

function movesOf(order: Order, { toNode, fromNode, lines }: Reroute): Move[] {
  const moves: Move[] = [];
  for (const line of order.lines) {
    const asked = lines === undefined ? [{ quantity: undefined }] : lines.filter((entry) => entry.line === line.line);
    if (asked.length === 0) continue;
    const can = movable(line, toNode, fromNode);
    const all = can.reserved + can.waiting;
    const units = asked.reduce((sum, { quantity }) => Math.min(all, sum + (quantity ?? all)), 0);
    // What waits moves first: it needs no other node to let go.
    const waiting = Math.min(units, can.waiting);
    if (units > 0) moves.push({ line, waiting, reserved: units - waiting });
  }
  return moves;
}

function moveUnits(draft: Draft, order: Order, move: Move, { toNode, fromNode }: Reroute, when: number): OrderLine {
  const { line, reserved, waiting } = move;
  const lettingGo = line.allocated.filter(([node]) => node !== toNode && (fromNode === undefined || node === fromNode));
  const kept = line.allocated.filter((entry) => !lettingGo.includes(entry));
  const freed = giveBack(draft, order, { ...line, allocated: lettingGo }, reserved, when);
  const allocated = freed.allocated.reduce((all, [node, units]) => addTo(all, node, units), kept);
  const open = { ...line, allocated, waiting: line.waiting + reserved };
  const units = reserved + waiting;
  draft.transition(lineStepOf(order, line, { step: 'line-rerouted', at: when, quantity: units, node: toNode }));
  return queue(draft, order, take(draft, order, open, toNode, units, when));
}
