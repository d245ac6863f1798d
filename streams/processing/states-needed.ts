/**
 * Which states an event will surely ask for, so that they are fetched for a whole batch at once. Only a hint: what is
 * forgotten here is fetched one by one when a rule asks for it.
 */
import type { Event } from '../events/index.ts';
import { bucketGrains, bucketStart } from '../operations/buckets.ts';
import type { StateMaps } from '../operations/draft.ts';
import { nodeSkusIds } from '../operations/nodes/node-skus.ts';
import { ids, type Order } from '../operations/states.ts';
import { needOfGoods, needOfItem } from './goods-needed.ts';
import type { StateKind } from './keys.ts';

export type Needed = (kind: StateKind, id: string) => void;

/** What every event asks for. */
export function needAlways(need: Needed): void {
  need('workspace', ids.workspace);
  need('counter', 'exceptions');
  need('awaited', ids.awaited);
  need('policy', 'exceptions');
  need('policy', 'ownership');
  need('policy', 'allocation');
  need('policy', 'protection');
  need('policy', 'publication');
  need('policy', 'stockout');
  need('policy', 'sourcing');
  need('policy', 'orders');
}

/** First what stands in the event itself. */
export function needFirst(event: Event, need: Needed): void {
  need('source', event.source);
  const data = event.data as {
    order?: string;
    orders?: unknown;
    sku?: string;
    channel?: string;
    reservation?: string;
    reservations?: string[];
    purchaseOrder?: string;
    lines?: { sku?: string }[];
  };
  if (data.reservation !== undefined) need('reservation', data.reservation);
  for (const reservation of data.reservations ?? []) need('reservation', reservation);
  if (data.purchaseOrder !== undefined) need('purchase-order', data.purchaseOrder);
  if (data.order !== undefined) {
    need('order', data.order);
    need('parked', data.order);
  }
  if (Array.isArray(data.orders)) for (const order of data.orders) need('order', order);
  if (data.channel !== undefined) need('channel', data.channel);
  needForSnapshot(event, need);
  needOfGoods(event, need);
  if (data.sku !== undefined) needSku(data.sku, need);
  for (const line of data.lines ?? []) if (line.sku !== undefined) needSku(line.sku, need);
}

/** The one that is stated or decided on; of a complete one also what it leaves out. */
function needForSnapshot({ type, data, source }: Event, need: Needed): void {
  if (type === 'snapshot.approved') need('snapshot', data.snapshot);
  if (type !== 'stock.snapshot') return;
  need('snapshot', data.snapshot);
  need('snapshot-feed', ids.snapshotFeed(source, data.node, data.measure));
  if (data.complete) for (const id of nodeSkusIds(data.node)) need('node-skus', id);
}

/** All records that a snapshot speaks of: thousands, so that they must be fetched together. */
function skusOfSnapshot({ type, data }: Event, states: StateMaps): { node: string; skus: string[] } | undefined {
  if (type !== 'stock.snapshot' && type !== 'snapshot.approved') return undefined;
  const known = states.snapshot.get(data.snapshot);
  const skus = (known?.rows ?? []).map(([sku]) => sku);
  if (type === 'snapshot.approved') return known === undefined ? undefined : { node: known.node, skus };
  const left = data.complete ? nodeSkusIds(data.node).flatMap((id) => states['node-skus'].get(id)?.skus ?? []) : [];
  return { node: data.node, skus: [...new Set([...data.rows.map(({ sku }) => sku), ...skus, ...left])] };
}

function needSku(sku: string, need: Needed): void {
  need('item', sku);
  need('ledger', sku);
}

/**
 * Then what follows from the states that are known by now: stock at the nodes concerned, backlogs, waves, buckets.
 * @param told what was said for earlier events of the batch: most of them share minute, channel and node
 */
export function needSecond(event: Event, states: StateMaps, timeZone: string, told: Set<string>, need: Needed): void {
  const data = event.data as {
    order?: string;
    sku?: string;
    node?: string;
    fromNode?: string;
    toNode?: string;
    channel?: string;
    shipBy?: number;
    lines?: { sku?: string }[];
  };
  const stated = skusOfSnapshot(event, states);
  for (const sku of stated?.skus ?? []) {
    needSku(sku, need);
    need('stock', ids.stock(sku, stated!.node));
  }
  const order = data.order === undefined ? undefined : states.order.get(data.order);
  const channel = order?.channel ?? data.channel ?? '';
  const eligible = states.channel.get(channel)?.nodes ?? [];
  const named = [data.node, data.fromNode, data.toNode].filter((node) => node !== undefined);
  const nodes = new Set([...named, ...(order === undefined && data.node === undefined ? eligible : [])]);
  if (order !== undefined) needOfOrder(order, nodes, need);
  const skus = new Set<string>();
  if (data.sku !== undefined) skus.add(data.sku);
  for (const line of data.lines ?? []) if (line.sku !== undefined) skus.add(line.sku);
  for (const line of order?.lines ?? []) skus.add(line.sku);
  for (const sku of skus) {
    needSku(sku, need);
    for (const node of nodes) need('stock', ids.stock(sku, node));
    needOfItem(event, sku, nodes, states, need);
  }
  for (const node of nodes) {
    need('totals', node);
    need('node', node);
    need('node-load', node);
  }
  if (event.type === 'wave.released') needOfWave(event.data.orders, states, need);
  if (channel === '') return;
  const shipBy = order?.shipBy ?? data.shipBy ?? 0;
  for (const node of nodes) {
    const shared = `${bucketStart('minute', event.occurredAt, timeZone)}|${shipBy}|${channel}|${node}`;
    if (told.has(shared)) continue;
    told.add(shared);
    need('backlog', ids.backlog(channel, node));
    if (shipBy > 0) need('wave', ids.wave(node, shipBy));
    for (const at of shipBy > 0 ? [event.occurredAt, shipBy] : [event.occurredAt]) {
      for (const grain of bucketGrains)
        need('bucket', ids.bucket(grain, bucketStart(grain, at, timeZone), channel, node));
    }
  }
}

/** An order may hold stock at several nodes, and is counted among those that have to reach a step. */
function needOfOrder(order: Order, nodes: Set<string>, need: Needed): void {
  nodes.add(order.node);
  for (const { allocated } of order.lines) for (const [node] of allocated) nodes.add(node);
  for (const id of order.awaits) need(id.startsWith('hold|') ? 'overdue' : 'cohort', id);
}

function needOfWave(orders: string[], states: StateMaps, need: Needed): void {
  for (const id of orders) {
    const order = states.order.get(id);
    if (order === undefined) continue;
    need('backlog', ids.backlog(order.channel, order.node));
    if (order.shipBy > 0) need('wave', ids.wave(order.node, order.shipBy));
  }
}
