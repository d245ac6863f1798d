/** Stock as the API tells it: the list, one SKU with its promise, and the movements behind a number. */
import type { z } from 'zod';
import { unitCostIn } from '../../streams/operations/costing.ts';
import type { Atp } from '../../streams/operations/promise.ts';
import type { Item, Ledger, Stock } from '../../streams/operations/states.ts';
import type { SkuView, stockPage, stockQuery } from '../http/contract.ts';
import type { Mirror } from '../live/mirror.ts';
import { stockRow, stockRowsOf } from '../live/views/stock.ts';
import type { StockIndex } from './stock-index.ts';

export async function readStockPage(
  mirror: Mirror,
  index: StockIndex,
  query: z.output<typeof stockQuery>,
): Promise<z.output<typeof stockPage>> {
  const { cursor = '', limit, node, short } = query;
  const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = (await index.entries()).filter(
    (entry) =>
      entry.id > cursor &&
      (node === undefined || entry.node === node) &&
      (short !== true || entry.short) &&
      words.every((word) => entry.text.includes(word)),
  );
  const chosen = found.slice(0, limit);
  const skus = [...new Set(chosen.map((entry) => entry.sku))];
  const [stocks, items, ledgers] = await Promise.all([
    mirror.readStates<Stock>(
      'stock',
      chosen.map((entry) => entry.id),
    ),
    mirror.readStates<Item>('item', skus),
    mirror.readStates<Ledger>('ledger', skus),
  ]);
  const itemOf = new Map(items.map((item) => [item.sku, item]));
  const ledgerOf = new Map(ledgers.map((ledger) => [ledger.sku, ledger]));
  return {
    items: stocks.map((stock) => {
      const item = itemOf.get(stock.sku);
      return { ...stockRow(stock, item), unitCost: unitCostIn(ledgerOf.get(stock.sku), item) };
    }),
    next: found.length > limit ? chosen.at(-1)!.id : null,
  };
}

/** @param atps what channels may promise of a SKU, each as steps that add up */
export async function readSku(
  mirror: Mirror,
  sku: string,
  atps: (sku: string, channels: readonly string[]) => Promise<Map<string, Atp>>,
): Promise<SkuView | null> {
  const [[ledger], [item], nodes] = await Promise.all([
    mirror.readStates<Ledger>('ledger', [sku]),
    mirror.readStates<Item>('item', [sku]),
    stockRowsOf(mirror, sku),
  ]);
  if (ledger === undefined && item === undefined) return null;
  const known = [...mirror.states.channel.values()];
  const promised = await atps(
    sku,
    known.map(({ channel }) => channel),
  );
  const { supplier = 0, customer = 0, loss = 0, unknown = 0 } = ledger ?? {};
  const channels = known.flatMap(({ channel, name }) => {
    const found = promised.get(channel);
    if (found === undefined) return [];
    return [{ channel, name, atp: found.atp, steps: found.steps.map(({ step, quantity }) => ({ step, quantity })) }];
  });
  return {
    sku,
    name: item?.name ?? sku,
    category: item?.category ?? null,
    unitCost: unitCostIn(ledger, item),
    unitPrice: item?.unitPrice ?? null,
    currency: mirror.workspace().currency,
    nodes,
    outside: { supplier, customer, loss, unknown },
    waiting: (ledger?.waiting ?? []).reduce((sum, waiting) => sum + waiting.quantity, 0),
    channels,
  };
}
