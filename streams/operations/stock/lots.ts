/**
 * Lots. Whatever names a lot is booked under it. Units that leave without a name are taken first to expire first out, and
 * that is not booked but worked out: of what is still there, the lots that expire last are left. So the answer is the
 * same in whatever order receipts and shipments arrive, and a shipment costs nothing here.
 */
import type { Bucket } from '../../events/fields.ts';
import { type Draft, Refused } from '../draft.ts';
import type { Place } from '../effects.ts';
import { ids, type Stock } from '../states.ts';
import type { Lot, Lots } from './lots-state.ts';

/** Lots with units at one stock record at a time. */
export const LOTS_PER_RECORD_MAX = 60;

type Shelf = 'sale' | 'quarantined' | 'damaged' | 'return-pending' | 'in-transit';
const shelves = ['sale', 'quarantined', 'damaged', 'return-pending', 'in-transit'] as const;

const shelfOf = (place: string): Shelf => (place === 'sellable' || place === 'allocated' ? 'sale' : (place as Shelf));

/** Units of one lot by bucket. The lot with an empty name is what came in without one. */
export type LotBalance = { lot: string; expiresAt: number; receivedAt: number } & Record<Bucket, number>;

/** What is left of each lot, first to expire first. Every bucket adds up to the stock record. */
export function lotsIn(lots: readonly Lot[], stock: Stock): LotBalance[] {
  const balances = new Map<string, LotBalance>([['', balanceOf({ lot: '', expiresAt: 0, receivedAt: 0 })]]);
  const lastToExpireFirst = [...lots].sort(byExpiry).reverse();
  for (const lot of lastToExpireFirst) balances.set(lot.lot, balanceOf(lot));
  const nameless = balances.get('')!;
  for (const shelf of shelves) {
    let left = shelf === 'sale' ? stock.sellable + stock.allocated : stock[shelf];
    const bucket = shelf === 'sale' ? 'sellable' : shelf;
    for (const lot of lastToExpireFirst) {
      const units = Math.min(Math.max(0, lot[shelf]), Math.max(0, left));
      balances.get(lot.lot)![bucket] = units;
      left -= units;
    }
    nameless[bucket] = left;
  }
  const firstToExpireFirst = [nameless, ...lastToExpireFirst.reverse().map((lot) => balances.get(lot.lot)!)];
  reserveFirst(firstToExpireFirst, stock.allocated);
  return firstToExpireFirst.filter((balance) => unitsIn(balance) !== 0);
}

/** Orders are served from what expires first. */
function reserveFirst(balances: LotBalance[], allocated: number): void {
  let left = allocated;
  for (const balance of balances) {
    const units = Math.min(Math.max(0, balance.sellable), left);
    balance.allocated = units;
    balance.sellable -= units;
    left -= units;
  }
  // More is reserved than there is: the difference has no lot.
  balances[0]!.allocated += left;
  balances[0]!.sellable -= left;
}

const balanceOf = ({ lot, expiresAt, receivedAt }: Pick<Lot, 'lot' | 'expiresAt' | 'receivedAt'>): LotBalance => ({
  lot,
  expiresAt,
  receivedAt,
  sellable: 0,
  allocated: 0,
  quarantined: 0,
  damaged: 0,
  'return-pending': 0,
  'in-transit': 0,
});

const unitsIn = (balance: LotBalance): number =>
  Math.abs(balance.sellable) +
  Math.abs(balance.allocated) +
  Math.abs(balance.quarantined) +
  Math.abs(balance.damaged) +
  Math.abs(balance['return-pending']) +
  Math.abs(balance['in-transit']);

/** A lot without a date is taken to keep longest. Equal dates are told apart by name, so that the order is always one. */
const byExpiry = (a: Lot, b: Lot): number =>
  (a.expiresAt || Number.MAX_SAFE_INTEGER) - (b.expiresAt || Number.MAX_SAFE_INTEGER) || (a.lot < b.lot ? -1 : 1);

export type LotMove = {
  sku: string;
  from: Place;
  to: Place;
  quantity: number;
  at: number;
  lot?: string | undefined;
  expiresAt?: number | undefined;
};

/** Books a movement that names its lot at both of its ends. */
export function bookLot(draft: Draft, { sku, from, to, quantity, at: when, lot = '', expiresAt = 0 }: LotMove): void {
  const there = from.node === '' ? undefined : lotAt(draft, sku, from.node, lot);
  const dated = expiresAt > 0 ? expiresAt : (there?.expiresAt ?? 0);
  if (from.node !== '') book(draft, sku, from.node, { lot, shelf: shelfOf(from.place), units: -quantity, dated, when });
  if (to.node !== '') book(draft, sku, to.node, { lot, shelf: shelfOf(to.place), units: quantity, dated, when });
}

const lotAt = (draft: Draft, sku: string, node: string, lot: string): Lot | undefined =>
  draft.get('lots', ids.stock(sku, node))?.lots.find((known) => known.lot === lot);

type Booking = { lot: string; shelf: Shelf; units: number; dated: number; when: number };

function book(draft: Draft, sku: string, node: string, { lot, shelf, units, dated, when }: Booking): void {
  const id = ids.stock(sku, node);
  const state: Lots = draft.get('lots', id) ?? { sku, node, lots: [] };
  const known = state.lots.find((other) => other.lot === lot);
  const before = known ?? { ...emptyLot, lot, receivedAt: when };
  // Told twice with different dates, the earlier one is safe.
  const expiresAt = dated === 0 ? before.expiresAt : Math.min(dated, before.expiresAt || dated);
  const after: Lot = {
    ...before,
    expiresAt,
    receivedAt: Math.min(before.receivedAt, when),
    [shelf]: before[shelf] + units,
  };
  if (expiresAt !== before.expiresAt) {
    draft.setDeadline(draft.event?.source ?? '', 'lot-expiry', `${id}|${lot}`, expiresAt);
  }
  const others = known === undefined ? withRoom(draft, state) : state.lots.filter((other) => other !== known);
  draft.put('lots', id, { ...state, lots: [...others, after].sort(byExpiry) });
  draft.touch('stock', id);
}

const emptyLot: Lot = {
  lot: '',
  expiresAt: 0,
  receivedAt: 0,
  sale: 0,
  quarantined: 0,
  damaged: 0,
  'return-pending': 0,
  'in-transit': 0,
};

/** Lots of which nothing is left make room for new ones. */
function withRoom(draft: Draft, { sku, node, lots }: Lots): Lot[] {
  if (lots.length < LOTS_PER_RECORD_MAX) return lots;
  const stock = draft.get('stock', ids.stock(sku, node));
  const left = new Set(stock === undefined ? [] : lotsIn(lots, stock).map((balance) => balance.lot));
  const kept = lots.filter((lot) => left.has(lot.lot));
  if (kept.length >= LOTS_PER_RECORD_MAX)
    throw new Refused(`${sku} at ${node} has ${LOTS_PER_RECORD_MAX} lots already`);
  return kept;
}

/**
 * A movement between two places of the company, as one movement per lot: the lot that is named, or those that expire
 * first. What has no lot, and items that are not tracked, stay one movement.
 */
export function splitByLot<M extends LotMove>(draft: Draft, movement: M): M[] {
  const { sku, from, quantity, lot } = movement;
  if (quantity === 0) return [];
  if (draft.get('item', sku)?.lotTracked !== true) return [{ ...movement, lot: undefined }];
  if (lot !== undefined || from.node === '') return [movement];
  const stock = draft.get('stock', ids.stock(sku, from.node));
  const lots = draft.get('lots', ids.stock(sku, from.node))?.lots ?? [];
  if (stock === undefined || lots.length === 0) return [movement];
  const parts: M[] = [];
  let left = quantity;
  for (const balance of lotsIn(lots, stock)) {
    const units = Math.min(left, Math.max(0, balance[from.place as Bucket]));
    if (units === 0) continue;
    parts.push({ ...movement, quantity: units, ...(balance.lot === '' ? {} : { lot: balance.lot }) });
    left -= units;
  }
  return left > 0 ? [...parts, { ...movement, quantity: left }] : parts;
}
