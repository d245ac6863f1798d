/**
 * The life of a reservation that is no order line's: held -> committed | released | expired. Carts and transfers hold
 * stock by it, and other systems for orders we have not heard of.
 */
import { type Draft, Refused } from '../draft.ts';
import type { Place } from '../effects.ts';
import { workspaceOf } from '../master-data.ts';
import { ids } from '../states.ts';
import { at, move, stockAt } from '../stock/stock.ts';
import { addTo } from './reservation.ts';
import type { Reservation } from './reservation-state.ts';
import { tellReserved } from './reservation-steps.ts';

/** What has ended is remembered this long, for events about it that arrive late or again. */
export const ENDED_KEPT_MS = 24 * 3_600_000;

export type Hold = {
  reservation: string;
  owner: Reservation['owner'];
  ownerId: string;
  sku: string;
  node: string;
  quantity: number;
  channel?: string;
  segment?: string;
  /** 0 or left out: it stays until somebody ends it. */
  expiresAt?: number;
  at: number;
  /** Whose clock tells when it expires. */
  source: string;
};

/**
 * Holds units of one SKU at one node. What has ended before it was heard of stays ended.
 * @throws Refused when it is held already, or when we decide and the node has less on sale
 */
export function holdFor(draft: Draft, hold: Hold): Reservation {
  const { sku, node, quantity } = hold;
  const sellable = stockAt(draft, sku, node).sellable;
  if (workspaceOf(draft).mode === 'decide' && sellable < quantity) {
    throw new Refused(`${quantity} of ${sku} cannot be held for ${nameOf(hold)}: ${node} has ${sellable} on sale`);
  }
  return holdAt(draft, hold, [[node, quantity]]);
}

/** Holds what has been chosen, node by node; availability has been looked at by the caller. */
export function holdAt(draft: Draft, hold: Omit<Hold, 'node'>, takes: [string, number][]): Reservation {
  const known = draft.get('reservation', hold.reservation);
  if (known !== undefined && known.status !== 'announced') {
    if (known.status !== 'held') return known;
    throw new Refused(`reservation ${hold.reservation} is held already, for ${nameOf(known)}`);
  }
  for (const [node, units] of takes) shift(draft, hold, node, units, hold.at, 'held');
  const expiresAt = Math.max(hold.expiresAt ?? 0, known?.expiresAt ?? 0);
  const held: Reservation = {
    reservation: hold.reservation,
    owner: hold.owner,
    ownerId: hold.ownerId,
    channel: hold.channel ?? '',
    segment: hold.segment ?? '',
    sku: hold.sku,
    quantity: hold.quantity,
    held: takes,
    heldAt: hold.at,
    expiresAt,
    status: 'held',
    endedAt: 0,
    source: known?.source ?? hold.source,
    eventId: draft.event?.id ?? '',
    orphaned: false,
    openExceptions: [],
  };
  store(draft, held);
  tellReserved(draft, held, 'reservation-held', takes);
  if (expiresAt > 0) draft.setDeadline(held.source, 'reservation-expiry', held.reservation, expiresAt);
  return held;
}

/**
 * Gives units back to sale, the node that was chosen last first; what is left stays held.
 * @returns the units given back; 0 when it holds nothing
 */
export function releaseReservation(
  draft: Draft,
  reservation: string,
  { at: when, ending = 'released', units }: { at: number; ending?: 'released' | 'expired'; units?: number },
): number {
  const known = draft.get('reservation', reservation);
  if (known?.status !== 'held') return 0;
  let left = units ?? Number.POSITIVE_INFINITY;
  let held = known.held;
  for (const [node, there] of [...known.held].reverse()) {
    const back = Math.min(left, there);
    if (back === 0) continue;
    shift(draft, known, node, -back, when, ending);
    tellReserved(draft, known, 'reservation-ended', [[node, back]], { cause: ending });
    held = addTo(held, node, -back);
    left -= back;
  }
  keepOrEnd(draft, { ...known, held }, ending, when);
  return sumOf(known.held) - sumOf(held);
}

/**
 * Units leave a reservation for good: a transfer sends them off.
 * @returns how many it held of what was asked; the caller takes the rest from sale
 */
export function consumeReservation(
  draft: Draft,
  reservation: string,
  use: { node: string; units: number; to: Place; reason: string; at: number },
): number {
  const known = draft.get('reservation', reservation);
  if (known?.status !== 'held') return 0;
  const there = known.held.find(([node]) => node === use.node)?.[1] ?? 0;
  const quantity = Math.min(there, use.units);
  const { sku } = known;
  const from = at(use.node, 'allocated');
  move(draft, { sku, from, to: use.to, quantity, reason: use.reason, at: use.at, reserving: true });
  keepOrEnd(draft, { ...known, held: addTo(known.held, use.node, -quantity) }, 'committed', use.at);
  return quantity;
}

/** Takes units out of a reservation without moving them: an order line holds them from now on. */
export function handOver(draft: Draft, known: Reservation, node: string, units: number, when: number): Reservation {
  const changed = { ...known, held: addTo(known.held, node, -units) };
  tellReserved(draft, known, 'reservation-ended', [[node, units]], { cause: 'committed' });
  // Its order has come after all.
  if (known.orphaned) tellReserved(draft, known, 'reservation-orphaned', [[node, units]], { sign: -1 });
  keepOrEnd(draft, changed, 'committed', when);
  return changed;
}

/** Marks as over what has not been heard of yet, so that it holds nothing when it arrives. */
export function endUnheard(draft: Draft, reservation: string, status: 'committed' | 'released', when: number): void {
  const source = draft.event?.source ?? '';
  end(draft, { ...unheard(reservation, source), ...draft.get('reservation', reservation) }, status, when);
}

/** An extension that came before the reservation it speaks of. */
export const unheard = (reservation: string, source: string): Reservation => ({
  reservation,
  owner: 'cart',
  ownerId: '',
  channel: '',
  segment: '',
  sku: '',
  quantity: 0,
  held: [],
  heldAt: 0,
  expiresAt: 0,
  status: 'announced',
  endedAt: 0,
  source,
  eventId: '',
  orphaned: false,
  openExceptions: [],
});

export function store(draft: Draft, reservation: Reservation): void {
  draft.put('reservation', reservation.reservation, reservation);
  draft.touch('reservation', reservation.reservation);
}

function keepOrEnd(draft: Draft, changed: Reservation, ending: Reservation['status'], when: number): void {
  if (changed.held.length > 0) store(draft, changed);
  else end(draft, changed, ending, when);
}

function end(draft: Draft, known: Reservation, status: Reservation['status'], when: number): void {
  const ended: Reservation = { ...known, status, held: [], endedAt: when, orphaned: false };
  store(draft, ended);
  draft.clearDeadline(known.source, 'reservation-expiry', known.reservation);
  draft.clearDeadline(known.source, 'reservation-orphan', known.reservation);
  draft.setDeadline(known.source, 'reservation-forget', known.reservation, forgetsAt(ended));
}

/** When nothing more is expected to speak of a reservation that holds nothing. */
export const forgetsAt = ({ endedAt, expiresAt }: Reservation): number => Math.max(endedAt, expiresAt) + ENDED_KEPT_MS;

/** Positive units go from sale into the reservation, negative ones back. */
function shift(
  draft: Draft,
  { sku, reservation, owner }: { sku: string; reservation: string; owner: string },
  node: string,
  units: number,
  when: number,
  reason: string,
): void {
  const [sale, kept] = [at(node, 'sellable'), at(node, 'allocated')];
  const [from, to] = units > 0 ? [sale, kept] : [kept, sale];
  const why = `${owner} reservation ${reservation} ${reason}`;
  move(draft, { sku, from, to, quantity: Math.abs(units), reason: why, at: when, reserving: true });
  draft.touch('stock', ids.stock(sku, node));
}

const nameOf = ({ owner, ownerId }: { owner: string; ownerId: string }): string => `${owner} ${ownerId}`;
export const sumOf = (held: [string, number][]): number => held.reduce((sum, [, units]) => sum + units, 0);
