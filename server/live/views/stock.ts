import { type Item, ids, type Ledger, type Stock } from '../../../streams/operations/states.ts';
import { onHand } from '../../../streams/operations/stock/stock.ts';
import { nodeAtp } from '../../../streams/policies/available-to-promise.ts';
import type { StockRow } from '../contract.ts';
import type { Mirror } from '../mirror.ts';
import { touches } from './orders.ts';
import { subjectOf, type View } from './view.ts';

/** One SKU at all its nodes. */
export const stockView: View = {
  concerns: (changed, topic) => touches(changed, 'stock', (id) => id.startsWith(`${subjectOf(topic)}|`)),
  everyMs: null,
  async entries(mirror, topic) {
    const rows = await stockRowsOf(mirror, subjectOf(topic));
    return Object.fromEntries(rows.map((row) => [row.node, row]));
  },
};

export async function stockRowsOf(mirror: Mirror, sku: string): Promise<StockRow[]> {
  const [[ledger], [item]] = await Promise.all([
    mirror.readStates<Ledger>('ledger', [sku]),
    mirror.readStates<Item>('item', [sku]),
  ]);
  const wanted = (ledger?.nodes ?? []).map((node) => ids.stock(sku, node));
  const stocks = await mirror.readStates<Stock>('stock', wanted);
  return stocks.map((stock) => stockRow(stock, item));
}

export function stockRow(stock: Stock, item: Item | undefined): StockRow {
  return {
    sku: stock.sku,
    node: stock.node,
    name: item?.name ?? stock.sku,
    sellable: stock.sellable,
    allocated: stock.allocated,
    quarantined: stock.quarantined,
    damaged: stock.damaged,
    returnPending: stock['return-pending'],
    inTransit: stock['in-transit'],
    onHand: onHand(stock),
    safetyStock: item?.safetyStock ?? 0,
    atp: nodeAtp(stock, item),
    lastMovementAt: stock.lastMovementAt > 0 ? stock.lastMovementAt : null,
    lastCountAt: stock.lastCountAt > 0 ? stock.lastCountAt : null,
  };
}
