/** Stock as double entry: every change of a bucket is a movement between two places, and nothing appears or vanishes. */
import { type Bucket, buckets, type VirtualPlace } from '../events/fields.ts';
import type { EventOf } from '../events/index.ts';
import { nodeAtp } from '../policies/available-to-promise.ts';
import { type Draft, Refused } from './draft.ts';
import type { Place } from './effects.ts';
import { type Assertion, ids, type Ledger, type Stock, type Totals } from './states.ts';

/** Movements kept with each stock record, to know its figure as of a moment in the recent past. */
export const RECENT_MOVEMENTS_MAX = 24;
/** What happened within such a slot before or after a moment cannot be told apart: it counts as before. */
export const RECENT_SLOT_MS = 10_000;
/** Sources and measures whose last assertion is kept per stock record. */
export const ASSERTIONS_MAX = 16;

const onHandBuckets = ['sellable', 'allocated', 'quarantined', 'damaged', 'return-pending'] as const;

export const at = (node: string, place: Bucket): Place => ({ node, place });
export const outside = (place: VirtualPlace): Place => ({ node: '', place });
export const onHand = (stock: Stock): number => onHandBuckets.reduce((sum, bucket) => sum + stock[bucket], 0);

export const noLedger = (sku: string): Ledger => ({
  sku,
  supplier: 0,
  customer: 0,
  loss: 0,
  unknown: 0,
  nodes: [],
  waiting: [],
  waitingUnits: 0,
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
  lastMovementAt: 0,
  lastCountAt: 0,
  countVariance: 0,
  recent: [],
  assertions: [],
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
};

/** Moves units between two places. The one function that changes a bucket. */
export function move(draft: Draft, movement: MoveOrder): void {
  const { sku, from, to, quantity, reason, order = '', line = '' } = movement;
  if (quantity === 0) return;
  change(draft, sku, from, -quantity, movement.at);
  change(draft, sku, to, quantity, movement.at);
  draft.movement({ sku, from, to, quantity, reason, order, line, at: movement.at });
}

function change(draft: Draft, sku: string, { node, place }: Place, delta: number, occurredAt: number): void {
  if (node === '') {
    const ledger = draft.get('ledger', sku) ?? noLedger(sku);
    draft.put('ledger', sku, { ...ledger, [place]: ledger[place as VirtualPlace] + delta });
    return;
  }
  const id = ids.stock(sku, node);
  const bucket = place as Bucket;
  const before = stockAt(draft, sku, node);
  const recent = withMovement(before.recent, occurredAt, buckets.indexOf(bucket), delta);
  const after: Stock = {
    ...before,
    [bucket]: before[bucket] + delta,
    lastMovementAt: Math.max(before.lastMovementAt, occurredAt),
    recent: recent.length > RECENT_MOVEMENTS_MAX ? recent.slice(-RECENT_MOVEMENTS_MAX) : recent,
  };
  draft.put('stock', id, after, before);
  draft.touch('stock', id);
  if (bucket === 'sellable' && delta > 0) draft.replenished.add(id);
  recount(draft, sku, node, before, after);
}

/** Movements of one bucket within a slot are kept as one, so that a busy record reaches back as far as a quiet one. */
function withMovement(recent: Stock['recent'], occurredAt: number, bucket: number, delta: number): Stock['recent'] {
  const slot = Math.floor(occurredAt / RECENT_SLOT_MS);
  const index = recent.findLastIndex(([kept, of]) => kept === slot && of === bucket);
  if (index < 0) return [...recent, [slot, bucket, delta]];
  return recent.with(index, [slot, bucket, recent[index]![2] + delta]);
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
  return fresh;
}

const totalsOf = (draft: Draft, node: string): Totals =>
  draft.get('totals', node) ?? { node, onHand: 0, value: 0, records: 0, shortRecords: 0 };

/** A record counts from its first movement on: asking a node for stock that it never had makes no shortage there. */
export const hasMoved = (stock: Stock): boolean => stock.recent.length > 0;

function recount(draft: Draft, sku: string, node: string, before: Stock, after: Stock): void {
  const item = draft.get('item', sku);
  const units = onHand(after) - onHand(before);
  const records = hasMoved(before) ? 0 : 1;
  const short = Number(nodeAtp(after, item) <= 0) - Number(hasMoved(before) && nodeAtp(before, item) <= 0);
  if (units === 0 && short === 0 && records === 0) return;
  const totals = totalsOf(draft, node);
  draft.put('totals', node, {
    ...totals,
    onHand: totals.onHand + units,
    value: totals.value + units * (item?.unitCost ?? 0),
    records: totals.records + records,
    shortRecords: totals.shortRecords + short,
  });
}

/** Our figure for a bucket, or for all that is on hand, as it was at a moment in the recent past. */
export function quantityAsOf(stock: Stock, measure: string, asOf: number): number {
  const counts = (bucket: Bucket): boolean =>
    measure === 'on-hand'
      ? bucket !== 'in-transit'
      : bucket === (measure === 'available' ? 'sellable' : (measure as Bucket));
  const now = buckets.reduce((sum, bucket) => sum + (counts(bucket) ? stock[bucket] : 0), 0);
  return stock.recent.reduce(
    (sum, [slot, bucket, delta]) => (slot * RECENT_SLOT_MS > asOf && counts(buckets[bucket]!) ? sum - delta : sum),
    now,
  );
}

export function received(draft: Draft, event: EventOf<'stock.received'>): void {
  const { sku, node, quantity, from, into } = event.data;
  move(draft, {
    sku,
    from: from === 'supplier' ? outside('supplier') : at(node, 'in-transit'),
    to: at(node, into),
    quantity,
    reason: event.data.purchaseOrder === undefined ? 'receipt' : `receipt of ${event.data.purchaseOrder}`,
    at: event.occurredAt,
  });
}

export function adjusted(draft: Draft, event: EventOf<'stock.adjusted'>): void {
  const { sku, node, bucket, quantity, reason, against } = event.data;
  const here = at(node, bucket);
  const there = outside(against);
  const [from, to] = quantity > 0 ? [there, here] : [here, there];
  move(draft, { sku, from, to, quantity: Math.abs(quantity), reason, at: event.occurredAt });
}

export function transferred(draft: Draft, event: EventOf<'stock.transferred'>): void {
  const { sku, quantity, fromNode, toNode, stage, transfer } = event.data;
  if (fromNode === toNode) throw new Refused('a transfer needs two different nodes');
  const [from, to] =
    stage === 'sent'
      ? [at(fromNode, 'sellable'), at(toNode, 'in-transit')]
      : [at(toNode, 'in-transit'), at(toNode, 'sellable')];
  move(draft, { sku, from, to, quantity, reason: `transfer ${transfer} ${stage}`, at: event.occurredAt });
}

export function conditionChanged(draft: Draft, event: EventOf<'stock.condition-changed'>): void {
  const { sku, node, quantity, from, to, reason } = event.data;
  if (from === to) throw new Refused('the condition does not change');
  move(draft, {
    sku,
    from: at(node, from),
    to: to === 'loss' ? outside('loss') : at(node, to),
    quantity,
    reason,
    at: event.occurredAt,
  });
}

/** A count moves the difference, as of the moment of counting, to or from `unknown`. An older count than the last is only noted. */
export function counted(draft: Draft, event: EventOf<'stock.counted'>): void {
  const { sku, node, bucket, quantity } = event.data;
  const countedAt = event.data.countedAt ?? event.occurredAt;
  const stock = stockAt(draft, sku, node);
  if (countedAt < stock.lastCountAt) return;
  const variance = quantity - quantityAsOf(stock, bucket, countedAt);
  correct(draft, sku, node, bucket, variance, 'count variance', event.occurredAt);
  const id = ids.stock(sku, node);
  draft.put('stock', id, { ...draft.get('stock', id)!, lastCountAt: countedAt, countVariance: variance });
  draft.touch('stock', id);
}

/** A statement of an outside system: recorded as drift, and only an authoritative one moves stock. */
export function asserted(draft: Draft, event: EventOf<'stock.asserted'>): void {
  const { sku, node, measure, quantity, policy } = event.data;
  if (policy === 'ignored') return;
  const stock = stockAt(draft, sku, node);
  const last = stock.assertions.find((known) => known.source === event.source && known.measure === measure);
  if (last !== undefined && event.observedAt < last.at) return;
  const drift = quantity - quantityAsOf(stock, measure, event.observedAt);
  if (policy === 'authoritative') {
    const bucket = measure === 'available' || measure === 'on-hand' ? 'sellable' : measure;
    correct(draft, sku, node, bucket, drift, `stated by ${event.source}`, event.occurredAt);
  }
  const id = ids.stock(sku, node);
  const others = stock.assertions.filter((known) => known !== last);
  const assertion: Assertion = { source: event.source, measure, quantity, at: event.observedAt, drift };
  draft.put('stock', id, { ...draft.get('stock', id)!, assertions: [...others, assertion].slice(-ASSERTIONS_MAX) });
  draft.touch('stock', id);
}

function correct(
  draft: Draft,
  sku: string,
  node: string,
  bucket: Bucket,
  variance: number,
  reason: string,
  when: number,
) {
  const [from, to] = variance > 0 ? [outside('unknown'), at(node, bucket)] : [at(node, bucket), outside('unknown')];
  move(draft, { sku, from, to, quantity: Math.abs(variance), reason, at: when });
}
