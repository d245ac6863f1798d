/** One SKU as the API tells it, with what each channel may promise of it. */

import type { Atp } from '../../streams/operations/reservations/promise.ts';
import type { Item, Ledger } from '../../streams/operations/states.ts';
import { unitCostIn } from '../../streams/operations/stock/costing.ts';
import type { SkuView } from '../http/contract.ts';
import type { Mirror } from '../live/mirror.ts';
import { stockRowsOf } from '../live/views/stock.ts';

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
