/** Carts: what shoppers and other systems ask to have kept, and how an order takes it over. */
import type { Event, EventOf } from '../../events/index.ts';
import { allocate } from '../../policies/allocation.ts';
import { type Draft, Refused } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { settle } from '../orders/order-life.ts';
import { park } from '../parking.ts';
import { policyOf } from '../policy.ts';
import type { Order, OrderLine } from '../states.ts';
import { countDemand } from '../stock/stock.ts';
import { availableFor, type Buyer } from './availability.ts';
import { addTo, eligibleNodes, queue } from './reservation.ts';
import {
  endUnheard,
  forgetsAt,
  handOver,
  holdAt,
  releaseReservation,
  store,
  sumOf,
  unheard,
} from './reservation-life.ts';
import type { Reservation } from './reservation-state.ts';
import { tellReserved } from './reservation-steps.ts';

const MINUTE_MS = 60_000;
/** A reservation for an order nobody has heard of is called orphaned after this time. */
export const ORPHANED_AFTER_MS = 60 * MINUTE_MS;

export function reservationHeld(draft: Draft, event: EventOf<'reservation.held'>): void {
  const { reservation, owner, ownerId } = event.data;
  const order = owner === 'order' ? draft.get('order', ownerId) : undefined;
  const known = draft.get('reservation', reservation);
  // Said a second time by the order it waited for.
  const waited = owner === 'order' && order !== undefined && known?.status === 'held' && known.eventId === event.id;
  const held = waited ? known : hold(draft, event);
  if (held.status !== 'held' || owner === 'cart') return;
  if (order === undefined) awaitOrder(draft, event, held);
  else if (!order.open) orphan(draft, held);
  else takeOverLate(draft, order, held, event.occurredAt);
}

function hold(draft: Draft, event: EventOf<'reservation.held'>): Reservation {
  const { data, occurredAt } = event;
  const { sku, quantity, channel = '', segment = '' } = data;
  const known = draft.get('reservation', data.reservation);
  if (known !== undefined && known.status !== 'announced' && known.status !== 'held') return known;
  const nodes = data.node !== undefined ? [data.node] : (draft.get('channel', channel)?.nodes ?? []);
  if (nodes.length === 0) {
    throw new Refused(`reservation ${data.reservation} names no node, and channel "${channel}" has none`);
  }
  const buyer: Buyer = { channel, segment, service: '', marginShare: null, at: occurredAt };
  const available = nodes.map((node) => ({ node, available: availableFor(draft, { buyer, sku, node }) }));
  const { takes, waiting } = allocate(quantity, available);
  if (waiting > 0 && workspaceOf(draft).mode === 'decide') {
    const free = available.map(({ node, available: units }) => `${node} ${Math.max(0, units)}`).join(', ');
    throw new Refused(`${quantity} of ${sku} cannot be held for ${data.owner} ${data.ownerId}: available are ${free}`);
  }
  // Another system has decided: its word is followed beyond what is there, at its first choice.
  const all = waiting === 0 ? takes : withMore(takes, nodes[0]!, waiting);
  return holdAt(draft, { ...data, expiresAt: expiryOf(draft, event), at: occurredAt, source: event.source }, all);
}

const withMore = (takes: [string, number][], node: string, units: number): [string, number][] => {
  const there = takes.find(([known]) => known === node)?.[1] ?? 0;
  return [...takes.filter(([known]) => known !== node), [node, there + units]];
};

/** Carts always expire. What another system holds for an order lives as long as that system says. */
function expiryOf(draft: Draft, { data, occurredAt }: EventOf<'reservation.held'>): number {
  if (data.owner === 'order') return data.expiresAt ?? 0;
  const { cartMinutes, cartMinutesMax } = policyOf(draft, 'allocation');
  return Math.min(data.expiresAt ?? occurredAt + cartMinutes * MINUTE_MS, occurredAt + cartMinutesMax * MINUTE_MS);
}

function awaitOrder(draft: Draft, event: EventOf<'reservation.held'>, held: Reservation): void {
  park(draft, held.ownerId, event as Event);
  draft.setDeadline(held.source, 'reservation-orphan', held.reservation, held.heldAt + ORPHANED_AFTER_MS);
}

/** An order came before the reservation that was made for it: its waiting lines take what they need, the rest goes back. */
function takeOverLate(draft: Draft, order: Order, held: Reservation, when: number): void {
  const taken = takeOver(draft, order, order.lines, [held.reservation], when);
  for (const line of taken) if (!order.lines.includes(line)) queue(draft, order, line);
  settle(draft, order, { ...order, lines: taken }, when);
}

/**
 * Lets the lines of an order have what these reservations hold for them. Units stay where they are allocated; what no
 * line needs goes back on sale. A reservation that nobody has heard of yet is over before it comes.
 * @returns the lines, with more allocated and less waiting; whoever calls puts them into the queue
 */
export function takeOver(
  draft: Draft,
  order: Order,
  lines: OrderLine[],
  reservations: string[],
  when: number,
): OrderLine[] {
  let taken = lines;
  for (const id of reservations) {
    const known = draft.get('reservation', id);
    if (known === undefined || known.status === 'announced') endUnheard(draft, id, 'committed', when);
    else if (known.status === 'held' && isFor(known, order)) taken = takeOverOne(draft, order, taken, known, when);
  }
  return taken;
}

/** What was reserved for one order is never taken by another that names it. */
const isFor = (known: Reservation, order: Order): boolean =>
  known.owner === 'cart' || (known.owner === 'order' && known.ownerId === order.order);

function takeOverOne(draft: Draft, order: Order, lines: OrderLine[], known: Reservation, when: number): OrderLine[] {
  let left = known;
  const eligible = eligibleNodes(draft, order);
  const taken = lines.map((line) => {
    if (line.sku !== known.sku) return line;
    let changed = line;
    for (const [node, units] of left.held) {
      const some = Math.min(units, changed.waiting);
      if (some === 0 || !eligible.includes(node)) continue;
      const waiting = changed.waiting - some;
      const allocated = addTo(changed.allocated, node, some);
      const { heldAt, channel } = known;
      const fromCart = [...(changed.fromCart ?? []), { heldAt, channel, node, quantity: some }];
      changed = { ...changed, waiting, allocated, fromCart };
      left = handOver(draft, left, node, some, when);
      countDemand(draft, known.sku, node, some, when);
    }
    return changed;
  });
  if (sumOf(left.held) === 0) return taken;
  // What it does not need is given back by an order that has come, and was nobody's only until then.
  if (known.orphaned) tellReserved(draft, left, 'reservation-orphaned', left.held, { sign: -1 });
  releaseReservation(draft, known.reservation, { at: when });
  return taken;
}

export function reservationExtended(draft: Draft, event: EventOf<'reservation.extended'>): void {
  const { reservation, expiresAt } = event.data;
  const known = draft.get('reservation', reservation) ?? unheard(reservation, event.source);
  if (known.status === 'announced') {
    const announced = { ...known, expiresAt: Math.max(known.expiresAt, expiresAt) };
    store(draft, announced);
    draft.setDeadline(known.source, 'reservation-forget', reservation, forgetsAt(announced));
    return;
  }
  if (known.status !== 'held') throw new Refused(`reservation ${reservation} has ended: it is ${known.status}`);
  if (expiresAt <= known.expiresAt || known.expiresAt === 0) return;
  const longest = known.heldAt + policyOf(draft, 'allocation').cartMinutesMax * MINUTE_MS;
  const until = known.owner === 'cart' ? Math.min(expiresAt, longest) : expiresAt;
  store(draft, { ...known, expiresAt: Math.max(known.expiresAt, until) });
  draft.setDeadline(known.source, 'reservation-expiry', reservation, Math.max(known.expiresAt, until));
}

export function reservationReleased(draft: Draft, event: EventOf<'reservation.released'>): void {
  const { reservation, quantity } = event.data;
  const known = draft.get('reservation', reservation);
  if (known === undefined || known.status === 'announced') {
    if (quantity !== undefined) throw new Refused(`reservation ${reservation} is not known; a part cannot be released`);
    endUnheard(draft, reservation, 'released', event.occurredAt);
    return;
  }
  if (quantity !== undefined && known.status === 'held' && quantity > sumOf(known.held)) {
    throw new Refused(`reservation ${reservation} holds ${sumOf(known.held)}, not ${quantity}`);
  }
  const units = quantity === undefined ? {} : { units: quantity };
  releaseReservation(draft, reservation, { at: event.occurredAt, ...units });
}

/** Deadline `reservation-expiry`. */
export function reservationExpired(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { subject, due } = event.data;
  const known = draft.get('reservation', subject);
  if (known?.status !== 'held') return;
  if (known.expiresAt <= due) releaseReservation(draft, subject, { at: event.occurredAt, ending: 'expired' });
  // Put off while this was on its way: the later moment is still to come.
  else draft.setDeadline(known.source, 'reservation-expiry', subject, known.expiresAt);
}

/** Deadline `reservation-orphan`: the order it was made for has not come, or has been closed. */
export function reservationOrphaned(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('reservation', event.data.subject);
  if (known?.status !== 'held' || draft.get('order', known.ownerId)?.open === true) return;
  orphan(draft, known);
}

function orphan(draft: Draft, known: Reservation): void {
  if (!known.orphaned) tellReserved(draft, known, 'reservation-orphaned', known.held);
  store(draft, { ...known, orphaned: true });
}

/** Deadline `reservation-forget`: nothing more is expected to speak of it. */
export function reservationForgotten(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('reservation', event.data.subject);
  if (known === undefined || known.status === 'held') return;
  const forgetAt = forgetsAt(known);
  if (forgetAt <= event.data.due) draft.remove('reservation', event.data.subject);
  else draft.setDeadline(known.source, 'reservation-forget', event.data.subject, forgetAt);
}
