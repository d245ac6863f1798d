/** Orders: placing, editing, cancelling, holding. What nodes do with them is in fulfilment.ts. */
import type { EventOf } from '../events/index.ts';
import { takeOver } from './cart.ts';
import { type Draft, Refused } from './draft.ts';
import { workspaceOf } from './master-data.ts';
import { lineStepOf, openUnits, settle, stepOf } from './order-life.ts';
import { giveBack, queue, reserve, unreserved } from './reservation.ts';
import type { Order, OrderLine } from './states.ts';

type PlacedLine = EventOf<'order.placed'>['data']['lines'][number];

export function placed(draft: Draft, event: EventOf<'order.placed'>): void {
  const { data, occurredAt } = event;
  if (draft.get('order', data.order) !== undefined) throw new Refused(`order ${data.order} was already placed`);
  if (new Set(data.lines.map((line) => line.line)).size < data.lines.length)
    throw new Refused('two lines have the same id');
  const lines = data.lines.map((line) => newLine(draft, line));
  const order: Order = {
    order: data.order,
    source: event.source,
    channel: data.channel,
    node: data.node ?? '',
    requestedNode: data.node ?? '',
    currency: data.currency,
    country: data.country ?? '',
    customer: data.customer ?? '',
    segment: data.segment ?? '',
    priority: data.priority,
    placedAt: occurredAt,
    shipBy: data.shipBy ?? 0,
    deliverBy: data.deliverBy ?? 0,
    amount: lines.reduce((sum, line) => sum + line.amount, 0),
    holds: [],
    lines,
    lastDispatchedAt: 0,
    completedAt: 0,
    refunded: 0,
    picked: false,
    open: false,
  };
  const held = data.reservations === undefined ? lines : takeOver(draft, order, lines, data.reservations, occurredAt);
  const reserved = held.map((line) => reserve(draft, order, line, occurredAt));
  const node = order.node === '' ? (reserved.flatMap((line) => line.allocated)[0]?.[0] ?? '') : order.node;
  const accepted = { ...order, node, lines: reserved };
  draft.transition(stepOf(accepted, { step: 'order-accepted', at: occurredAt, quantity: 1, amount: order.amount }));
  for (const line of reserved) tellAccepted(draft, accepted, line, occurredAt);
  settle(draft, undefined, accepted, occurredAt);
}

/** A line counts as accepted once, with the order or by the edit that added it; what nobody could promise is its shortage. */
function tellAccepted(draft: Draft, order: Order, line: OrderLine, when: number): void {
  const short = workspaceOf(draft).mode === 'decide' ? line.waiting : 0;
  draft.transition(lineStepOf(order, line, { step: 'line-accepted', at: when, quantity: line.quantity, short }));
}

function newLine(draft: Draft, { line, sku, quantity, unitPrice, amount }: PlacedLine): OrderLine {
  return {
    line,
    sku,
    quantity,
    unitPrice,
    amount: amount ?? quantity * unitPrice,
    unitCost: draft.get('item', sku)?.unitCost ?? 0,
    allocated: [],
    waiting: quantity,
    picked: 0,
    packed: 0,
    dispatched: 0,
    delivered: 0,
    cancelled: 0,
    returned: 0,
    attempted: false,
  };
}

export function edited(draft: Draft, event: EventOf<'order.edited'>, order: Order): void {
  const { data, occurredAt } = event;
  let lines = order.lines;
  refuseChangedSku(order, data.lines);
  for (const edit of data.lines) {
    const known = lines.find((line) => line.line === edit.line);
    if (known === undefined) {
      if (edit.quantity === 0) continue;
      const added = reserve(draft, order, newLine(draft, edit), occurredAt);
      lines = [...lines, added];
      tellAccepted(draft, order, added, occurredAt);
      continue;
    }
    const quantity = Math.max(edit.quantity, known.dispatched + known.cancelled);
    const amount = edit.amount ?? quantity * edit.unitPrice;
    const changed = refit(draft, order, { ...known, quantity, unitPrice: edit.unitPrice, amount }, occurredAt);
    lines = lines.map((line) => (line === known ? changed : line));
    if (quantity !== known.quantity || amount !== known.amount) {
      tellEdit(draft, order, changed, quantity - known.quantity, amount - known.amount, occurredAt);
    }
  }
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  settle(draft, order, { ...order, lines, amount, shipBy: data.shipBy ?? order.shipBy }, occurredAt);
}

/** Checked before anything is changed, so that a refused edit leaves nothing half done. */
function refuseChangedSku(order: Order, edits: PlacedLine[] | EventOf<'order.edited'>['data']['lines']): void {
  for (const edit of edits) {
    const known = order.lines.find((line) => line.line === edit.line);
    if (known === undefined || known.sku === edit.sku) continue;
    throw new Refused(`line ${edit.line} is for ${known.sku}; an edit cannot change the SKU`);
  }
}

function tellEdit(draft: Draft, order: Order, line: OrderLine, units: number, amount: number, when: number): void {
  const cost = units * line.unitCost;
  draft.transition(lineStepOf(order, line, { step: 'line-edited', at: when, quantity: units, amount, cost }));
}

/** Makes reservations and queue fit the open units after a quantity changed. */
function refit(draft: Draft, order: Order, line: OrderLine, when: number): OrderLine {
  const open = openUnits(line);
  const waiting = Math.min(line.waiting, open);
  const reserved = line.allocated.reduce((sum, [, units]) => sum + units, 0);
  const trimmed = giveBack(draft, order, { ...line, waiting }, Math.max(0, reserved - (open - waiting)), when);
  return reserve(draft, order, queue(draft, order, { ...trimmed, waiting: unreserved(trimmed) }), when);
}

export function cancelled(draft: Draft, event: EventOf<'order.cancelled'>, order: Order): void {
  const { data, occurredAt } = event;
  const lines = order.lines.map((line) => {
    const asked = data.lines === undefined ? openUnits(line) : unitsFor(data.lines, line.line);
    const units = Math.min(asked, openUnits(line));
    return units === 0 ? line : cancelUnits(draft, order, line, units, data.reason, occurredAt);
  });
  settle(draft, order, { ...order, lines }, occurredAt);
}

function cancelUnits(
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
  const first = line.cancelled === 0;
  draft.transition(
    lineStepOf(order, line, { step: 'line-cancelled', at: when, quantity: units, cause, short: first ? 1 : 0 }),
  );
  const byMerchant = cause === 'stock' || cause === 'fulfilment';
  const attempted = line.attempted || byMerchant;
  if (byMerchant && !line.attempted) {
    draft.transition(lineStepOf(order, line, { step: 'line-attempted', at: when, quantity: 0, short: units }));
  }
  return { ...released, cancelled: line.cancelled + units, attempted };
}

export const unitsFor = (lines: { line: string; quantity: number }[], line: string): number =>
  lines.reduce((sum, entry) => (entry.line === line ? sum + entry.quantity : sum), 0);

export function held(draft: Draft, event: EventOf<'order.held'>, order: Order): void {
  const holds = order.holds.includes(event.data.hold) ? order.holds : [...order.holds, event.data.hold].sort();
  settle(draft, order, { ...order, holds }, event.occurredAt);
}

export function released(draft: Draft, event: EventOf<'order.released'>, order: Order): void {
  settle(draft, order, { ...order, holds: order.holds.filter((hold) => hold !== event.data.hold) }, event.occurredAt);
}

export function refunded(draft: Draft, event: EventOf<'order.refunded'>, order: Order): void {
  const { amount } = event.data;
  draft.transition(stepOf(order, { step: 'order-refunded', at: event.occurredAt, quantity: 1, amount }));
  settle(draft, order, { ...order, refunded: order.refunded + amount }, event.occurredAt);
}
