/** Which states events about goods will surely ask for: corrections, transfers, returns, lots, and costs at every node. */
import type { Event, EventType } from '../events/index.ts';
import type { StateMaps } from '../operations/draft.ts';
import { ids } from '../operations/states.ts';
import { correctableTypes } from '../operations/stock/corrections.ts';
import type { StateKind } from './keys.ts';

type Needed = (kind: StateKind, id: string) => void;
type Goods = { transfer?: string; return?: string; purchaseOrder?: string; sku?: string; lines?: { sku?: string }[] };

const ofTransfers: ReadonlySet<EventType> = new Set<EventType>([
  'stock.transferred',
  'transfer.requested',
  'transfer.sent',
  'transfer.received',
  'transfer.closed',
  'transfer.cancelled',
]);

/** What stands in the event itself. */
export function needOfGoods(event: Event, need: Needed): void {
  const { type, source, id, corrects } = event;
  const data = event.data as Goods;
  if (correctableTypes.has(type)) need('correctable', ids.correctable(source, id));
  if (corrects !== undefined) need('correctable', ids.correctable(source, corrects));
  if (type === 'return.received' || type === 'return.judged') {
    need('return', data.return!);
    need('policy', 'disposition');
  } else if (type === 'stock.received') {
    if (data.purchaseOrder !== undefined) need('purchase-order', data.purchaseOrder);
  } else if (ofTransfers.has(type)) {
    need('transfer', data.transfer!);
    for (const { sku } of [data, ...(data.lines ?? [])]) if (sku !== undefined) need('inbound', sku);
  }
}

/** What follows from the item and the ledger: lots where it is tracked, and every node where a cost revalues stock. */
export function needOfItem(event: Event, sku: string, nodes: Iterable<string>, states: StateMaps, need: Needed): void {
  if (states.item.get(sku)?.lotTracked === true) {
    for (const node of nodes) need('lots', ids.stock(sku, node));
  }
  const priced =
    event.type === 'item.defined' || (event.type === 'stock.received' && event.data.unitCost !== undefined);
  if (!priced && event.corrects === undefined) return;
  for (const node of states.ledger.get(sku)?.nodes ?? []) {
    need('stock', ids.stock(sku, node));
    need('totals', node);
  }
}
