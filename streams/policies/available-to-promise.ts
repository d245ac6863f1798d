/** Available to promise: what may still be promised to customers. The sign is kept inside; only displays clamp at zero. */
import type { Channel, Item, Ledger, Stock } from '../operations/states.ts';

/** ATP of one SKU at one node, in units: sellable - safety stock. */
export function nodeAtp(stock: Stock, item: Item | undefined): number {
  return stock.sellable - (item?.safetyStock ?? 0);
}

export type WaterfallStep = { step: string; quantity: number };

/**
 * ATP of one SKU for one channel as steps that add up: the sellable stock of its nodes, less safety stock, the channel's
 * buffer and the demand that was accepted but not routed.
 * @param stocks the SKU's stock at the nodes that may serve the channel
 */
export function channelWaterfall(
  channel: Channel,
  stocks: Stock[],
  item: Item | undefined,
  ledger: Ledger | undefined,
): WaterfallStep[] {
  const sellable = stocks.reduce((sum, stock) => sum + stock.sellable, 0);
  const safety = stocks.length * (item?.safetyStock ?? 0);
  const unrouted = (ledger?.waiting ?? []).reduce((sum, waiting) => sum + waiting.quantity, 0);
  return [
    { step: 'sellable at its nodes', quantity: sellable },
    { step: 'safety stock', quantity: -safety },
    { step: 'channel buffer', quantity: -channel.buffer },
    { step: 'accepted, not allocated', quantity: -unrouted },
  ];
}

export const totalOf = (steps: WaterfallStep[]): number => steps.reduce((sum, step) => sum + step.quantity, 0);
