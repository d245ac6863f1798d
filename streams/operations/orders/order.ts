/** Orders: placing and editing. Holds are in order-hold.ts, cancels and refunds in order-cancel.ts, nodes in fulfilment.ts. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { tellNodes } from '../nodes/tell-nodes.ts';
import { policyOf } from '../policy.ts';
import { backorderAllowed } from '../reservations/availability.ts';
import { takeOver } from '../reservations/cart.ts';
import { tellPromises } from '../reservations/promise.ts';
import { giveBack, queue, unreserved } from '../reservations/reservation.ts';
import type { FirstPromise, Order, OrderLine } from '../states.ts';
import { unitCostOf } from '../stock/costing.ts';
import { adviseOn } from './advice.ts';
import { cancelUnits } from './order-cancel.ts';
import { openUnits, settle } from './order-life.ts';
import { lineStepOf, stepOf } from './order-step.ts';
import { firstNode, sourceLines } from './sourcing.ts';

type PlacedLine = EventOf<'order.placed'>['data']['lines'][number];

export function placed(draft: Draft, event: EventOf<'order.placed'>): void {
  const { data, occurredAt } = event;
  if (draft.get('order', data.order) !== undefined) throw new Refused(`order ${data.order} was already placed`);
  if (new Set(data.lines.map((line) => line.line)).size < data.lines.length)
    throw new Refused('two lines have the same id');
  const order = newOrder(draft, event);
  const { lines } = order;
  const held = data.reservations === undefined ? lines : takeOver(draft, order, lines, data.reservations, occurredAt);
  const reserved = sourceLines(draft, order, held, occurredAt);
  const node = order.node === '' ? firstNode(reserved) : order.node;
  const advised = adviseOn(draft, order, occurredAt);
  const accepted = { ...order, node, lines: reserved, ...(advised === undefined ? {} : { advised }) };
  const cause = workspaceOf(draft).mode === 'advise' ? 'advised' : reserved.some(isShort) ? 'short' : 'covered';
  const step = { step: 'order-accepted', at: occurredAt, quantity: 1, amount: order.amount, cause } as const;
  draft.transition(stepOf(accepted, step));
  for (const line of reserved) tellAccepted(draft, accepted, line, occurredAt);
  const served = { ...accepted, lines: withoutShortage(draft, accepted, reserved, occurredAt) };
  if (workspaceOf(draft).mode === 'decide') tellPromises(draft, served, occurredAt);
  settle(draft, undefined, served, occurredAt);
}

function newOrder(draft: Draft, { data, source, occurredAt }: EventOf<'order.placed'>): Order {
  const lines = data.lines.map((line) => newLine(draft, line));
  return {
    order: data.order,
    source,
    channel: data.channel,
    node: data.node ?? '',
    requestedNode: data.node ?? '',
    currency: data.currency,
    country: data.country ?? '',
    customer: data.customer ?? '',
    segment: data.segment ?? '',
    service: data.service ?? '',
    carrier: data.carrier ?? '',
    priority: data.priority,
    placedAt: occurredAt,
    shipBy: data.shipBy ?? 0,
    deliverBy: data.deliverBy ?? 0,
    amount: lines.reduce((sum, line) => sum + line.amount, 0),
    holds: [],
    lines,
    lastDispatchedAt: 0,
    completedAt: 0,
    extras: data.extras ?? 0,
    refunded: 0,
    releasedAt: 0,
    editedAt: 0,
    picked: false,
    open: false,
    awaits: [],
    ...deliveryAwaited(draft, data.deliverBy ?? 0),
  };
}

/** What nobody can give is cancelled at once where the policy lets this order not wait; a pre-order always waits. */
function withoutShortage(draft: Draft, order: Order, lines: OrderLine[], when: number): OrderLine[] {
  if (!lines.some(isShort) || workspaceOf(draft).mode !== 'decide' || backorderAllowed(draft, order)) return lines;
  return lines.map((line) => (isShort(line) ? cancelUnits(draft, order, line, line.waiting, 'stock', when) : line));
}

const isShort = (line: OrderLine): boolean => line.waiting > 0 && line.preorder !== true;

/** A line counts as accepted once, with the order or by the edit that added it; what nobody could promise is its shortage. */
function tellAccepted(draft: Draft, order: Order, line: OrderLine, when: number): void {
  const short = isShort(line) && workspaceOf(draft).mode === 'decide' ? line.waiting : 0;
  draft.transition(lineStepOf(order, line, { step: 'line-accepted', at: when, quantity: line.quantity, short }));
}

function newLine(draft: Draft, { line, sku, quantity, unitPrice, amount, preorder }: PlacedLine): OrderLine {
  return {
    line,
    sku,
    quantity,
    unitPrice,
    amount: amount ?? quantity * unitPrice,
    unitCost: unitCostOf(draft, sku),
    allocated: [],
    waiting: quantity,
    picked: 0,
    packed: 0,
    dispatched: 0,
    delivered: 0,
    cancelled: 0,
    returned: 0,
    scanned: 0,
    attempted: false,
    ...(preorder === true ? { preorder } : {}),
  };
}

/**
 * Each line stands as its newest edit says, whatever the order of arrival. Units that have left stay shipped: a line may
 * end up with more dispatched than it has.
 */
export function edited(draft: Draft, event: EventOf<'order.edited'>, order: Order): void {
  const { data, occurredAt } = event;
  refuseChangedSku(order, data.lines);
  const byLine = new Map(data.lines.map((edit) => [edit.line, edit]));
  const changed: OrderLine[] = [];
  const lines = order.lines.map((line) => {
    const edit = byLine.get(line.line);
    if (edit === undefined) return line;
    // An older edit only tells what the customer paid at the time.
    if (occurredAt < (line.editedAt ?? 0)) return { ...line, amountMost: mostOf(line, edit) };
    const after = refit(draft, order, line, edit, occurredAt);
    changed.push(after);
    return after;
  });
  for (const edit of data.lines) {
    if (edit.quantity === 0 || order.lines.some((line) => line.line === edit.line)) continue;
    const fresh = newLine(draft, edit);
    const added = { ...fresh, editedAt: occurredAt, amountMost: fresh.amount };
    lines.push(added);
    changed.push(added);
  }
  const sourced = sourceLines(draft, { ...order, lines }, changed, occurredAt);
  const after = lines.map((line) => sourced[changed.indexOf(line)] ?? line);
  for (const line of after.slice(order.lines.length)) tellAccepted(draft, order, line, occurredAt);
  const told = changed.map(({ line, sku, quantity }) => ({ line, sku, quantity }));
  if (told.length > 0) tellNodes(draft, order, 'change-lines', { lines: told }, occurredAt);
  const amount = after.reduce((sum, line) => sum + line.amount, 0);
  const node = order.node === '' ? firstNode(after) : order.node;
  settle(draft, order, { ...order, ...promiseOf(draft, order, event), lines: after, amount, node }, occurredAt);
}

/** The newest edit that speaks of a promise says what it is; the first word about it is kept beside. */
function promiseOf(draft: Draft, order: Order, { data, occurredAt }: EventOf<'order.edited'>): Partial<Order> {
  if (data.shipBy === undefined && data.deliverBy === undefined) return {};
  const firstPromise = withFirst(order, data, occurredAt);
  const isAwaited = order.awaitsDelivery === true ? {} : deliveryAwaited(draft, data.deliverBy ?? 0);
  if (occurredAt < order.editedAt) return { firstPromise, ...isAwaited };
  const { shipBy = order.shipBy, deliverBy = order.deliverBy } = data;
  return { shipBy, deliverBy, editedAt: occurredAt, firstPromise, ...isAwaited };
}

/** What was said with the order stands; without it, the earliest edit that said something. */
function withFirst(order: Order, said: { shipBy?: number; deliverBy?: number }, at: number): FirstPromise {
  const { shipBy, deliverBy } = order;
  const known = order.firstPromise ?? { shipBy, shipBySaidAt: 0, deliverBy, deliverBySaidAt: 0 };
  const isFirst = (moment: number, saidAt: number) => moment === 0 || at < saidAt;
  const first = { ...known };
  if (said.shipBy !== undefined && isFirst(known.shipBy, known.shipBySaidAt)) {
    first.shipBy = said.shipBy;
    first.shipBySaidAt = at;
  }
  if (said.deliverBy !== undefined && isFirst(known.deliverBy, known.deliverBySaidAt)) {
    first.deliverBy = said.deliverBy;
    first.deliverBySaidAt = at;
  }
  return first;
}

/** Decided with the promise, so that no later change of the policy judges an order anew. */
const deliveryAwaited = (draft: Draft, deliverBy: number): Pick<Order, 'awaitsDelivery'> =>
  deliverBy > 0 && policyOf(draft, 'orders').deliveriesAreReported ? { awaitsDelivery: true } : {};

/** Checked before anything is changed, so that a refused edit leaves nothing half done. */
function refuseChangedSku(order: Order, edits: EventOf<'order.edited'>['data']['lines']): void {
  for (const edit of edits) {
    const known = order.lines.find((line) => line.line === edit.line);
    if (known === undefined || known.sku === edit.sku) continue;
    throw new Refused(`line ${edit.line} is for ${known.sku}; an edit cannot change the SKU`);
  }
}

const amountOf = ({ quantity, unitPrice, amount }: PlacedLine): number => amount ?? quantity * unitPrice;
const mostOf = (line: OrderLine, edit: PlacedLine): number => Math.max(line.amountMost ?? line.amount, amountOf(edit));

/** Makes reservations and queue fit the open units after a quantity changed; what is missing now waits to be sourced. */
function refit(draft: Draft, order: Order, line: OrderLine, edit: PlacedLine, when: number): OrderLine {
  const { quantity, unitPrice } = edit;
  const amount = amountOf(edit);
  const changed = { ...line, quantity, unitPrice, amount, editedAt: when, amountMost: mostOf(line, edit) };
  if (quantity !== line.quantity || amount !== line.amount) {
    tellEdit(draft, order, changed, quantity - line.quantity, amount - line.amount, when);
  }
  const open = openUnits(changed);
  const waiting = Math.min(line.waiting, open);
  const reserved = line.allocated.reduce((sum, [, units]) => sum + units, 0);
  const trimmed = giveBack(draft, order, { ...changed, waiting }, Math.max(0, reserved - (open - waiting)), when);
  return queue(draft, order, { ...trimmed, waiting: unreserved(trimmed) });
}

function tellEdit(draft: Draft, order: Order, line: OrderLine, units: number, amount: number, when: number): void {
  const cost = units * line.unitCost;
  draft.transition(lineStepOf(order, line, { step: 'line-edited', at: when, quantity: units, amount, cost }));
}

export const unitsFor = (lines: { line: string; quantity: number }[], line: string): number =>
  lines.reduce((sum, entry) => (entry.line === line ? sum + entry.quantity : sum), 0);
