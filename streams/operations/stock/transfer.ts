/** Transfers: reserved where they start, on their way, received bit by bit, closed with what did not arrive. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { expectInbound } from '../purchasing/inbound.ts';
import { consumeReservation, holdFor, releaseReservation } from '../reservations/reservation-life.ts';
import { splitByLot } from './lots.ts';
import { at, move, outside, stockAt } from './stock.ts';
import { onTheWay, type Transfer, type TransferLine, unsent } from './transfer-state.ts';

/** What is over is remembered this long, for reports that arrive late. */
export const TRANSFER_KEPT_MS = 30 * 86_400_000;
/** When nobody says how long a transfer takes, it is awaited after this, and nobody is promised anything from it. */
export const TRANSIT_ASSUMED_MS = 3 * 86_400_000;

type Clock = { source: string; occurredAt: number };
type Moved = { sku: string; quantity: number; lot?: string | undefined };
type Between = { transfer: string; fromNode: string; toNode: string; expectedAt?: number | undefined };

export function requested(draft: Draft, event: EventOf<'transfer.requested'>): void {
  const { data, occurredAt } = event;
  const known = transferFor(draft, data, event);
  if (known.requestedAt > 0) throw new Refused(`transfer ${data.transfer} was already requested`);
  const lines = data.lines.reduce((all, line) => added(all, line.sku, { requested: line.quantity }), known.lines);
  const { by = event.source, reason = '' } = data;
  const words = { ...known.words, requested: { by, reason } };
  settle(draft, { ...known, requestedAt: occurredAt, words, lines }, event);
}

export function sent(draft: Draft, event: EventOf<'transfer.sent'>): void {
  send(draft, event.data, event.data.lines, event);
}

export function received(draft: Draft, event: EventOf<'transfer.received'>): void {
  receive(draft, event.data, event.data.lines, event.data.into, event);
}

/** One line of a transfer that nobody announced as a whole. */
export function transferred(draft: Draft, event: EventOf<'stock.transferred'>): void {
  const { data } = event;
  if (data.stage === 'sent') send(draft, data, [data], event);
  else receive(draft, data, [data], 'sellable', event);
}

function send(draft: Draft, between: Between, goods: Moved[], clock: Clock): void {
  let transfer = transferFor(draft, between, clock);
  for (const { sku, quantity, lot } of goods) {
    takeOff(draft, transfer, { sku, quantity, lot }, clock.occurredAt);
    transfer = { ...transfer, lines: added(transfer.lines, sku, { sent: quantity }) };
  }
  settle(draft, { ...transfer, sentAt: Math.max(transfer.sentAt, clock.occurredAt) }, clock);
}

/** What was reserved goes first. Of tracked items the lots are chosen, so their reservation is given back just before. */
function takeOff(
  draft: Draft,
  { transfer, fromNode, toNode, requestedAt }: Transfer,
  goods: Moved,
  when: number,
): void {
  const { sku, quantity, lot } = goods;
  const to = at(toNode, 'in-transit');
  const reason = `transfer ${transfer} sent`;
  const reservation = reservationOf(transfer, sku);
  const tracked = draft.get('item', sku)?.lotTracked === true;
  let left = quantity;
  if (requestedAt > 0 && tracked) releaseReservation(draft, reservation, { at: when, units: quantity });
  else if (requestedAt > 0)
    left -= consumeReservation(draft, reservation, { node: fromNode, units: quantity, to, reason, at: when });
  for (const part of splitByLot(draft, {
    sku,
    from: at(fromNode, 'sellable'),
    to,
    quantity: left,
    reason,
    at: when,
    lot,
  }))
    move(draft, part);
}

function receive(draft: Draft, between: Between, goods: Moved[], into: 'sellable' | 'quarantined', clock: Clock): void {
  let transfer = transferFor(draft, between, clock);
  const { toNode } = transfer;
  const reason = `transfer ${transfer.transfer} received`;
  for (const { sku, quantity, lot } of goods) {
    const arrival = { sku, from: at(toNode, 'in-transit'), to: at(toNode, into), quantity, reason, lot };
    for (const part of splitByLot(draft, { ...arrival, at: clock.occurredAt })) move(draft, part);
    transfer = { ...transfer, lines: added(transfer.lines, sku, { received: quantity }) };
  }
  settle(draft, { ...transfer, receivedAt: Math.max(transfer.receivedAt, clock.occurredAt) }, clock);
}

export function closed(draft: Draft, event: EventOf<'transfer.closed'>): void {
  const { transfer: id, reason, to, by = event.source } = event.data;
  const known = draft.get('transfer', id) ?? unknownTransfer(id, event.source);
  if (known.closedAt > 0) throw new Refused(`transfer ${id} was already closed`);
  if (reason.trim() === '') throw new Refused(`transfer ${id} cannot be closed without a reason`);
  const words = { ...known.words, closed: { by, reason } };
  settle(draft, { ...known, closedAt: event.occurredAt, closedTo: to, words }, event);
}

export function cancelled(draft: Draft, event: EventOf<'transfer.cancelled'>): void {
  const { transfer: id, reason, by = event.source } = event.data;
  const known = draft.get('transfer', id) ?? unknownTransfer(id, event.source);
  if (known.cancelledAt > 0) throw new Refused(`transfer ${id} was already cancelled`);
  const words = { ...known.words, cancelled: { by, reason } };
  settle(draft, { ...known, cancelledAt: event.occurredAt, words }, event);
}

/** Takes back what an event that should not have been sent has added; its movements are reversed by the caller. */
export function takeBack(
  draft: Draft,
  { transfer: id, stage, lines }: { transfer: string; stage: 'sent' | 'received'; lines: [string, number][] },
  clock: Clock,
): void {
  const known = draft.get('transfer', id);
  if (known === undefined) return;
  const back = lines.reduce((all, [sku, units]) => added(all, sku, { [stage]: -units }), known.lines);
  settle(draft, { ...known, lines: back }, clock);
}

export function transferLate(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('transfer', event.data.subject);
  if (known === undefined || known.expectedAt > event.data.due || isOver(known)) return;
  draft.put('transfer', known.transfer, { ...known, late: true });
  draft.touch('transfer', known.transfer);
}

export function transferForgotten(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('transfer', event.data.subject);
  if (known !== undefined && isOver(known)) draft.remove('transfer', known.transfer);
}

const reservationOf = (transfer: string, sku: string): string => `transfer/${transfer}/${sku}`;

/** The transfer as this event sees it; its nodes are those of the first event that named them. */
function transferFor(draft: Draft, said: Between, { source, occurredAt }: Clock): Transfer {
  const { transfer: id, fromNode, toNode } = said;
  if (fromNode === toNode) throw new Refused(`transfer ${id} needs two different nodes, not ${toNode} twice`);
  const known = draft.get('transfer', id) ?? unknownTransfer(id, source);
  if (known.fromNode !== '' && (known.fromNode !== fromNode || known.toNode !== toNode))
    throw new Refused(
      `transfer ${id} goes from ${known.fromNode} to ${known.toNode}, not from ${fromNode} to ${toNode}`,
    );
  const named = { ...known, fromNode, toNode };
  const { expectedAt = 0 } = said;
  const newer = occurredAt - known.expectedStatedAt;
  // Of two statements of one moment the later day is the safer one.
  if (expectedAt === 0 || newer < 0 || (newer === 0 && expectedAt < known.expectedAt)) return named;
  return { ...named, expectedAt, expectedStatedAt: occurredAt };
}

const unsaid = { by: '', reason: '' };

const unknownTransfer = (transfer: string, source: string): Transfer => ({
  transfer,
  source,
  fromNode: '',
  toNode: '',
  requestedAt: 0,
  sentAt: 0,
  receivedAt: 0,
  closedAt: 0,
  cancelledAt: 0,
  expectedAt: 0,
  expectedStatedAt: 0,
  closedTo: 'unknown',
  words: { requested: unsaid, cancelled: unsaid, closed: unsaid },
  lines: [],
  late: false,
  openExceptions: [],
});

const isBefore = (a: string, b: string): boolean => a < b;

function added(lines: TransferLine[], sku: string, units: Partial<Omit<TransferLine, 'sku'>>): TransferLine[] {
  const known = lines.find((line) => line.sku === sku) ?? { sku, requested: 0, sent: 0, received: 0, writtenOff: 0 };
  const line: TransferLine = {
    sku,
    requested: known.requested + (units.requested ?? 0),
    sent: known.sent + (units.sent ?? 0),
    received: known.received + (units.received ?? 0),
    writtenOff: known.writtenOff + (units.writtenOff ?? 0),
  };
  const others = lines.filter((other) => other.sku !== sku);
  return [...others, line].sort((a, b) => (isBefore(a.sku, b.sku) ? -1 : 1));
}

/** Draws the consequences of a changed transfer: what is reserved, written off, expected, late and over. */
function settle(draft: Draft, changed: Transfer, { occurredAt }: Clock): void {
  const before = draft.get('transfer', changed.transfer);
  let transfer = changed;
  if (transfer.closedAt > 0 && transfer.toNode !== '') transfer = writeOff(draft, transfer);
  for (const line of transfer.lines) {
    hold(draft, transfer, line, occurredAt);
    expectLine(draft, transfer, line);
  }
  const over = isOver(transfer);
  const due = transfer.expectedAt;
  const moved = due !== (before?.expectedAt ?? 0);
  if (over || moved) transfer = { ...transfer, late: false };
  if (over && before !== undefined) draft.clearDeadline(transfer.source, 'transfer-late', transfer.transfer);
  else if (!over && due > 0) draft.setDeadline(transfer.source, 'transfer-late', transfer.transfer, due);
  if (over) draft.setDeadline(transfer.source, 'transfer-forget', transfer.transfer, occurredAt + TRANSFER_KEPT_MS);
  draft.put('transfer', transfer.transfer, transfer, before);
  draft.touch('transfer', transfer.transfer);
}

/** Nothing is on its way, and nothing more is to be sent. */
const isOver = (transfer: Transfer): boolean =>
  transfer.lines.every((line) => onTheWay(line) === 0 && unsent(transfer, line) === 0);

/** What was sent and will not arrive; also what was sent or arrived after the closing, whenever that is heard of. */
function writeOff(draft: Draft, transfer: Transfer): Transfer {
  let { lines } = transfer;
  for (const line of transfer.lines) {
    const missing = onTheWay(line);
    if (missing === 0) continue;
    const [there, lost] = [at(transfer.toNode, 'in-transit'), outside(transfer.closedTo)];
    const [from, to] = missing > 0 ? [there, lost] : [lost, there];
    const { by, reason: why } = transfer.words.closed;
    const reason = `transfer ${transfer.transfer} closed: ${why}`;
    const gone = { sku: line.sku, from, to, quantity: Math.abs(missing), reason, by };
    for (const part of splitByLot(draft, { ...gone, at: transfer.closedAt })) move(draft, part);
    lines = added(lines, line.sku, { writtenOff: missing });
  }
  return { ...transfer, lines };
}

/** Reserves what was asked for and not sent, as far as it is on sale; gives back what is not needed any more. */
function hold(draft: Draft, transfer: Transfer, line: TransferLine, when: number): void {
  if (transfer.requestedAt === 0 || workspaceOf(draft).mode === 'advise') return;
  const reservation = reservationOf(transfer.transfer, line.sku);
  const known = draft.get('reservation', reservation);
  const wanted = unsent(transfer, line);
  const held = known?.held.reduce((sum, [, units]) => sum + units, 0) ?? 0;
  if (held > wanted) releaseReservation(draft, reservation, { at: when, units: held - wanted });
  // Asked for once: what was not on sale then is sent from what is there on the day.
  if (known !== undefined || wanted === 0) return;
  const quantity = Math.min(wanted, Math.max(0, stockAt(draft, line.sku, transfer.fromNode).sellable));
  if (quantity === 0) return;
  const { source, transfer: ownerId, fromNode: node } = transfer;
  holdFor(draft, { reservation, owner: 'transfer', ownerId, sku: line.sku, node, quantity, at: when, source });
}

function expectLine(draft: Draft, transfer: Transfer, line: TransferLine): void {
  if (transfer.toNode === '') return;
  expectInbound(draft, line.sku, {
    ref: transfer.transfer,
    kind: 'transfer',
    node: transfer.toNode,
    quantity: Math.max(0, onTheWay(line)),
    expectedAt: transfer.expectedAt > 0 ? transfer.expectedAt : transfer.sentAt + TRANSIT_ASSUMED_MS,
    // A promise needs a date that somebody gave.
    confirmed: transfer.expectedAt > 0,
    supplier: '',
  });
}
