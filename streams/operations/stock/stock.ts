/** Stock as double entry: every change of a bucket is a movement between two places, and nothing appears or vanishes. */
import type { Bucket, VirtualPlace } from '../../events/fields.ts';
import { nodeAtp } from '../../policies/available-to-promise.ts';
import { noEvidence } from '../accuracy/accuracy-state.ts';
import { withMovement } from '../accuracy/as-of.ts';
import type { Draft } from '../draft.ts';
import type { Place } from '../effects.ts';
import { noteSkuAt } from '../nodes/node-skus.ts';
import { trackReserved, withDemand } from '../reservations/reserved.ts';
import { ids, type Ledger, type Stock, type Totals } from '../states.ts';
import { noCost, putCost, unitCostOf, withEntry } from './costing.ts';
import { bookLot } from './lots.ts';
import { onHand } from './on-hand.ts';
import { checkTransition } from './transitions.ts';

export { onHand };

export const at = (node: string, place: Bucket): Place => ({ node, place });
export const outside = (place: VirtualPlace): Place => ({ node: '', place });

const isOnWay = ({ place }: Place): boolean => place === 'in-transit';

export const noLedger = (sku: string): Ledger => ({
  sku,
  supplier: 0,
  customer: 0,
  loss: 0,
  unknown: 0,
  nodes: [],
  waiting: [],
  waitingUnits: 0,
  preorderUnits: 0,
  waitingDue: 0,
  overdueUpTo: 0,
  cost: noCost,
  review: null,
  openExceptions: [],
});

const noStock = (sku: string, node: string): Stock => ({
  sku,
  node,
  sellable: 0,
  allocated: 0,
  quarantined: 0,
  damaged: 0,
  'return-pending': 0,
  'in-transit': 0,
  reserved: 0,
  leakedBy: null,
  demand: [],
  firstMovementAt: 0,
  lastMovementAt: 0,
  lastCountAt: 0,
  countVariance: 0,
  recent: [],
  assertions: [],
  evidence: noEvidence,
  openExceptions: [],
});

export type MoveOrder = {
  sku: string;
  from: Place;
  to: Place;
  quantity: number;
  reason: string;
  at: number;
  order?: string;
  line?: string;
  /** A reservation is made, ended or fulfilled by it. What else changes `allocated` is a leak, and is found. */
  reserving?: boolean;
  /** Units that an order takes or gives back: what the rate of demand is learned from. */
  demand?: true;
  /** Who answers for it, where no rule moves units by itself. */
  by?: string;
  /** What these units cost together in minor units, where they came with a cost; negative where that is taken back. */
  value?: number;
  /** No count can have had it in it: it makes up for a late movement, or we decide it only now. */
  neverLate?: boolean;
  /** Units of it that only take back what was booked for the same moment before; all of them in a reversal. */
  takenBack?: number;
  /** The lot these units belong to, where it is known, and when it expires. */
  lot?: string | undefined;
  expiresAt?: number | undefined;
  /** It takes back an earlier movement, whatever way that went. */
  reversal?: true;
};

/**
 * Moves units between two places. The one function that changes a bucket.
 * @throws Refused when no rule lets units go this way and nobody answers for it; see transitions.ts
 */
export function move(draft: Draft, movement: MoveOrder): void {
  const { sku, from, to, quantity, reason, order = '', line = '', by = '' } = movement;
  if (quantity === 0) return;
  if (movement.reversal !== true) checkTransition(from, to, sku, reason, by);
  const { at: when, lot, value } = movement;
  // Before the buckets change: which lots are left is worked out from them.
  if (lot !== undefined) bookLot(draft, movement);
  change(draft, movement, from, -quantity);
  change(draft, movement, to, quantity);
  if (lot === undefined && value === undefined) {
    draft.movement({ sku, from, to, quantity, reason, order, line, at: when });
    return;
  }
  if (value !== undefined && from.node !== '' && to.node !== '') priceInside(draft, movement, value);
  draft.movement({ sku, from, to, quantity, reason: wordsOf(reason, lot), order, line, at: when, lot, value });
}

const wordsOf = (reason: string, lot: string | undefined): string =>
  lot === undefined ? reason : `${reason}, lot ${lot}`;

function change(draft: Draft, movement: MoveOrder, { node, place }: Place, delta: number): void {
  const { sku, at: occurredAt, demand, takenBack = movement.reversal ? movement.quantity : 0 } = movement;
  if (node === '') {
    changeOutside(draft, movement, place as VirtualPlace, delta);
    return;
  }
  const id = ids.stock(sku, node);
  const bucket = place as Bucket;
  const before = stockAt(draft, sku, node);
  // Between two buckets of one node nothing comes in or goes out.
  const crossing = movement.from.node !== movement.to.node || isOnWay(movement.from) || isOnWay(movement.to);
  const after: Stock = {
    ...before,
    [bucket]: before[bucket] + delta,
    lastMovementAt: Math.max(before.lastMovementAt, occurredAt),
    firstMovementAt: hasMoved(before) ? Math.min(before.firstMovementAt, occurredAt) : occurredAt,
    recent: withMovement(before.recent, before.lastMovementAt, occurredAt, bucket, delta, crossing, takenBack),
  };
  if (bucket === 'allocated') trackReserved(draft, after, movement, delta);
  if (bucket === 'sellable' && demand !== undefined) after.demand = withDemand(before.demand, occurredAt, -delta);
  draft.put('stock', id, after, before);
  draft.touch('stock', id);
  if (bucket === 'sellable' && delta > 0) draft.replenished.add(id);
  if (occurredAt < before.evidence.statedAt && movement.neverLate !== true)
    draft.late.push({ sku, node, bucket, delta, crossing, at: occurredAt });
  recount(draft, sku, node, before, after);
}

/** Units that cross the border of the company change what it owns, and with it what a unit costs. */
function changeOutside(draft: Draft, movement: MoveOrder, place: VirtualPlace, delta: number): void {
  const { sku, value, at: when } = movement;
  const ledger = draft.get('ledger', sku) ?? noLedger(sku);
  const entry =
    value !== undefined
      ? { at: when, received: -delta, value }
      : place === 'customer' && delta > 0
        ? { at: when, sold: delta }
        : { at: when, other: -delta };
  const cost = withEntry(ledger.cost, entry, draft.get('item', sku)?.unitCost);
  putCost(draft, ledger, cost, { [place]: ledger[place] + delta }, when);
}

/** Goods that were ours already, on their way, and whose cost is told when they arrive. */
function priceInside(draft: Draft, { sku, quantity, at: when, reversal }: MoveOrder, value: number): void {
  const ledger = draft.get('ledger', sku) ?? noLedger(sku);
  const received = reversal === true ? -quantity : quantity;
  const entry = { at: when, received, value, other: -received };
  putCost(draft, ledger, withEntry(ledger.cost, entry, draft.get('item', sku)?.unitCost), {}, when);
}

/** The stock record, made on first use together with its place in the ledger. */
export function stockAt(draft: Draft, sku: string, node: string): Stock {
  const id = ids.stock(sku, node);
  const known = draft.get('stock', id);
  if (known !== undefined) return known;
  const fresh = noStock(sku, node);
  draft.put('stock', id, fresh);
  const ledger = draft.get('ledger', sku) ?? noLedger(sku);
  draft.put('ledger', sku, { ...ledger, nodes: [...ledger.nodes, node].sort() });
  noteSkuAt(draft, node, sku);
  return fresh;
}

const totalsOf = (draft: Draft, node: string): Totals =>
  draft.get('totals', node) ?? { node, onHand: 0, value: 0, records: 0, shortRecords: 0, atp: 0 };

/** A record counts from its first movement on: asking a node for stock that it never had makes no shortage there. */
export const hasMoved = (stock: Stock): boolean => stock.recent.length > 0;

function recount(draft: Draft, sku: string, node: string, before: Stock, after: Stock): void {
  const item = draft.get('item', sku);
  const units = onHand(after) - onHand(before);
  const wasCounted = hasMoved(before);
  const records = wasCounted ? 0 : 1;
  const left = nodeAtp(after, item);
  const leftBefore = wasCounted ? nodeAtp(before, item) : 0;
  const short = Number(left <= 0) - Number(wasCounted && leftBefore <= 0);
  if (units === 0 && left === leftBefore && short === 0 && records === 0) return;
  const totals = totalsOf(draft, node);
  draft.put('totals', node, {
    ...totals,
    onHand: totals.onHand + units,
    value: units === 0 ? totals.value : totals.value + units * unitCostOf(draft, sku),
    records: totals.records + records,
    shortRecords: totals.shortRecords + short,
    atp: totals.atp + left - leftBefore,
  });
}

/** Units that an order takes without a movement: it took over what a cart had held. */
export function countDemand(draft: Draft, sku: string, node: string, units: number, when: number): void {
  const stock = stockAt(draft, sku, node);
  const id = ids.stock(sku, node);
  draft.put('stock', id, { ...stock, demand: withDemand(stock.demand, when, units) });
  draft.touch('stock', id);
}
