/** Available to promise: what may still be promised to customers. The sign is kept inside; only displays clamp at zero. */
import type { InboundEntry } from '../operations/purchasing/inbound-state.ts';
import type { Channel, Item, Ledger, Stock } from '../operations/states.ts';
import type { Kept } from './protection.ts';

/** ATP of one SKU at one node, in units: sellable - safety stock. */
export function nodeAtp(stock: Stock, item: Item | undefined): number {
  return stock.sellable - (item?.safetyStock ?? 0);
}

/** What a step is made of: the parts add up to it, and each can be asked for by itself. */
export type WaterfallPart = { explain: string; quantity: number };
export type WaterfallStep = { step: string; quantity: number; parts: WaterfallPart[] };

const stepOf = (step: string, parts: WaterfallPart[]): WaterfallStep => ({
  step,
  quantity: parts.reduce((sum, { quantity }) => sum + quantity, 0),
  parts,
});

/** ATP of one SKU at one node as steps that add up. */
export function nodeWaterfall(stock: Stock, item: Item | undefined): WaterfallStep[] {
  const { sku, node } = stock;
  return [
    stepOf('sellable', [{ explain: `bucket:${sku}|${node}|sellable`, quantity: stock.sellable }]),
    stepOf('safety stock', [{ explain: `item:${sku}`, quantity: -(item?.safetyStock ?? 0) }]),
  ];
}

/** What the nodes of a channel keep of a SKU from its customers. */
export type KeptAtNode = { node: string; kept: Kept[] };

/**
 * ATP of one SKU for one channel as steps that add up: the sellable stock of its nodes, less safety stock, what is kept
 * for others, the channel's buffer and the demand that was accepted but not routed.
 * @param stocks the SKU's stock at the nodes that may serve the channel
 * @param keptAt what those nodes keep for others, rule by rule
 */
export function channelWaterfall(
  channel: Channel,
  stocks: Stock[],
  item: Item | undefined,
  ledger: Ledger | undefined,
  keptAt: KeptAtNode[] = [],
): WaterfallStep[] {
  const safety = item?.safetyStock ?? 0;
  const rules = [...new Set(keptAt.flatMap(({ kept }) => kept.map(({ name }) => name)))];
  return [
    stepOf(
      'sellable at its nodes',
      stocks.map(({ sku, node, sellable }) => ({ explain: `bucket:${sku}|${node}|sellable`, quantity: sellable })),
    ),
    stepOf(
      'safety stock',
      stocks.map(({ sku }) => ({ explain: `item:${sku}`, quantity: -safety })),
    ),
    ...rules.map((rule) =>
      stepOf(
        `kept for others: ${rule}`,
        keptAt.flatMap(({ kept }) =>
          kept
            .filter(({ name }) => name === rule)
            .map(({ quantity }) => ({ explain: 'policy:protection', quantity: -quantity })),
        ),
      ),
    ),
    stepOf('channel buffer', [{ explain: `channel:${channel.channel}`, quantity: -channel.buffer }]),
    stepOf('accepted, not allocated', [
      { explain: `waiting:${ledger?.sku ?? ''}`, quantity: -(ledger?.waitingUnits ?? 0) },
    ]),
  ];
}

/** A confirmed receipt, and how far it can be counted on. */
export type WeightedReceipt = InboundEntry & { share: number; countedOn: number };

/**
 * Receipts that can be promised from, soonest first. What should have come already has no date any more and counts for
 * nothing until it has one again.
 * @param shareOf how far a supplier's receipt can be counted on, 0..1; goods on their way between nodes are ours already
 */
export function countedOn(
  receipts: InboundEntry[],
  { nodes, from, until }: { nodes: readonly string[]; from: number; until: number },
  shareOf: (supplier: string) => number,
): WeightedReceipt[] {
  return receipts
    .filter(
      ({ node, confirmed, expectedAt }) =>
        confirmed && nodes.includes(node) && expectedAt >= from && expectedAt <= until,
    )
    .map((receipt) => {
      const share = receipt.kind === 'transfer' ? 1 : shareOf(receipt.supplier);
      return { ...receipt, share, countedOn: Math.floor(receipt.quantity * share) };
    });
}

/** The steps that receipts up to a date add to the ATP of a node or a channel, one each. */
export const receiptSteps = (receipts: WeightedReceipt[]): WaterfallStep[] =>
  receipts.map(({ ref, node, quantity, share, countedOn: units }) => {
    const weight = share < 1 ? `, ${quantity} at ${Math.round(share * 100)} %` : '';
    return stepOf(`${ref} to ${node}${weight}`, [{ explain: `inbound:${ref}`, quantity: units }]);
  });

export const totalOf = (steps: { quantity: number }[]): number => steps.reduce((sum, step) => sum + step.quantity, 0);
