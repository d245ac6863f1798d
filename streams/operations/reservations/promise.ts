/** What may be promised, asked from outside the flow: ATP now and up to a date, and when a waiting line can leave. */
import {
  channelWaterfall,
  countedOn,
  nodeWaterfall,
  receiptSteps,
  totalOf,
  type WaterfallStep,
  type WeightedReceipt,
} from '../../policies/available-to-promise.ts';
import { type Promised, promiseFor } from '../../policies/promise.ts';
import { shareToCountOn } from '../../policies/supplier-record.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { inboundOf } from '../purchasing/inbound.ts';
import { ids, type Order, type OrderLine, type Stock, type Waiting } from '../states.ts';
import { availableFor } from './availability.ts';
import { keptFromChannel } from './publication.ts';
import { eligibleNodes } from './reservation.ts';

const HOUR_MS = 3_600_000;
/** How far ahead a line that waits looks for receipts. */
export const PROMISED_WITHIN_MS = 365 * 24 * HOUR_MS;

export type Atp = { atp: number; steps: WaterfallStep[]; receipts: WeightedReceipt[] };
/** `until` adds the confirmed receipts up to that moment; without it only what is there counts. */
export type Moments = { at: number; until?: number };

/** ATP of a SKU at one node, as steps that add up. */
export function nodeAtpOf(draft: Draft, sku: string, node: string, moments: Moments): Atp {
  const stock = draft.get('stock', ids.stock(sku, node));
  const steps = stock === undefined ? [] : nodeWaterfall(stock, draft.get('item', sku));
  return withReceipts(draft, sku, [node], moments, steps);
}

/** ATP of a SKU for a channel, as steps that add up; null when there is no such channel. */
export function channelAtpOf(draft: Draft, sku: string, channel: string, moments: Moments): Atp | null {
  const known = draft.get('channel', channel);
  if (known === undefined) return null;
  const stocks = known.nodes
    .map((node) => draft.get('stock', ids.stock(sku, node)))
    .filter((stock): stock is Stock => stock !== undefined);
  const kept = keptFromChannel(draft, known, sku, moments.at);
  const steps = channelWaterfall(known, stocks, draft.get('item', sku), draft.get('ledger', sku), kept);
  return withReceipts(draft, sku, known.nodes, moments, steps);
}

function withReceipts(draft: Draft, sku: string, nodes: string[], { at, until }: Moments, now: WaterfallStep[]): Atp {
  const receipts = until === undefined ? [] : receiptsOf(draft, sku, nodes, at, until);
  const steps = [...now, ...receiptSteps(receipts)];
  return { atp: totalOf(steps), steps, receipts };
}

/** Confirmed receipts of a SKU at these nodes, or at any, weighted by the record of who sends them. */
export function receiptsOf(
  draft: Draft,
  sku: string,
  nodes: readonly string[] | null,
  from: number,
  until: number,
): WeightedReceipt[] {
  const receipts = inboundOf(draft, sku);
  if (receipts.length === 0) return [];
  const policy = policyOf(draft, 'promise');
  const shareOf = (supplier: string) =>
    shareToCountOn(supplier === '' ? undefined : draft.get('supplier-record', supplier), policy);
  return countedOn(receipts, { nodes: nodes ?? receipts.map(({ node }) => node), from, until }, shareOf);
}

export type LinePromise = Promised & {
  /** Units that wait, and units that wait before them. */
  waiting: number;
  ahead: number;
};

/**
 * When the waiting units of a line can leave: those before it in the queue take theirs first.
 * @returns null when nothing of the line waits
 */
export function promiseOf(draft: Draft, order: Order, line: OrderLine, at: number): LinePromise | null {
  if (line.waiting === 0) return null;
  const nodes = eligibleNodes(draft, order);
  const ahead = unitsAhead(draft, order, line);
  const free = nodes.reduce((sum, node) => sum + Math.max(0, availableFor(draft, { order, sku: line.sku, node })), 0);
  const handlingMs = policyOf(draft, 'promise').handlingHours * HOUR_MS;
  const receipts = receiptsOf(draft, line.sku, nodes, at, at + PROMISED_WITHIN_MS);
  const promised = promiseFor({ units: line.waiting, ahead, free, at, handlingMs }, receipts);
  return { ...promised, waiting: line.waiting, ahead };
}

function unitsAhead(draft: Draft, order: Order, line: OrderLine): number {
  const ledger = draft.get('ledger', line.sku);
  if (ledger === undefined) return 0;
  const isOwn = (entry: Waiting | undefined) => entry?.order === order.order && entry.line === line.line;
  // A new order is nearly always the last one.
  if (isOwn(ledger.waiting.at(-1))) return ledger.waitingUnits - ledger.waiting.at(-1)!.quantity;
  let ahead = 0;
  for (const entry of ledger.waiting) {
    if (isOwn(entry)) return ahead;
    ahead += entry.quantity;
  }
  return ahead;
}

/** Writes down what a new order was promised for what it has to wait for: the first promise, by which we are judged. */
export function tellPromises(draft: Draft, order: Order, when: number): void {
  for (const line of order.lines) {
    if (line.waiting === 0 || inboundOf(draft, line.sku).length === 0) continue;
    const promised = promiseOf(draft, order, line, when)!;
    const { shipAt, parts, uncovered, ahead } = promised;
    draft.decision({
      policy: 'promise',
      at: when,
      order: order.order,
      line: line.line,
      sku: line.sku,
      node: parts.at(-1)?.node ?? '',
      outcome: shipAt === null ? `no promise: ${uncovered} not covered` : `ships by ${new Date(shipAt).toISOString()}`,
      inputs: { waiting: line.waiting, ahead, parts: parts.slice(0, PARTS_TOLD_MAX), uncovered },
    });
  }
}

/** Receipts named in one decision. */
const PARTS_TOLD_MAX = 5;
