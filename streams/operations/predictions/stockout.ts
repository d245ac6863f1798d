/** Whether a record runs out before its next receipt. */
import { nodeAtp } from '../../policies/available-to-promise.ts';
import { stillOutstanding } from '../../policies/chances/arrival.ts';
import { type DemandRate, demandRate, soldOutBy, stockoutChance } from '../../policies/chances/stockout-chance.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { inboundOf } from '../purchasing/inbound.ts';
import type { InboundEntry } from '../purchasing/inbound-state.ts';
import { ids, type Stock } from '../states.ts';
import { arrivalsOf } from './late-receipt.ts';
import { type Predicted, tenths } from './predicted.ts';
import { correctedBy } from './prediction-record.ts';

const DAY_MS = 86_400_000;
/** The rate is learned from as many days as are kept, for a chance needs more than a warning. */
const LEARN_DAYS = 14;
/** What is later than this is not waited for. */
const OVERDUE_MS_MAX = 14 * DAY_MS;
/** Of receipts to come, the first few decide. */
const RECEIPTS_MAX = 3;
/** Goods between our own nodes come when they should, or little later. */
const TRANSFERS = [1, 1, 1, 1, 1, 0.97, 0.95, 0.85, 0.4, 0.15, 0.06, 0.03, 0.015, 0.01, 0.005, 0.003, 0.002, 0.001];

export type StockoutFigures = {
  available: number;
  rate: DemandRate;
  horizon: number;
  receipt: InboundEntry;
  uncorrected: number;
  probability: number;
};

/**
 * Null where nothing is known to come, nothing sells, or it has run out already.
 * @param at the moment it is worked out for
 */
export function stockoutFigures(draft: Draft, stock: Stock, at: number): StockoutFigures | null {
  if (stock.demand.length === 0) return null;
  const rate = demandRate(stock.demand, stock.firstMovementAt, at, LEARN_DAYS);
  if (rate.perDay <= 0) return null;
  const available = nodeAtp(stock, draft.get('item', stock.sku));
  if (available <= 0) return null;
  const receipts = receiptsAhead(draft, stock, at);
  const receipt = receipts.find(({ expectedAt }) => expectedAt > at) ?? receipts[0];
  if (receipt === undefined) return null;
  const { horizonDays } = policyOf(draft, 'stockout');
  const horizon = at + horizonDays * DAY_MS;
  const comes = receipts.slice(0, RECEIPTS_MAX).map((entry) => ({
    expectedAt: entry.expectedAt,
    shares: receiptShares(draft, entry),
  }));
  const outstanding = (then: number) =>
    comes.reduce((none, { expectedAt, shares }) => none * stillOutstanding(shares, expectedAt, at, then), 1);
  const uncorrected = stockoutChance(available, rate, { at, horizon }, outstanding);
  const probability = correctedBy(draft, 'stockout', uncorrected);
  return { available, rate, horizon, receipt, uncorrected, probability };
}

/** How what comes under this reference keeps its date. */
export const receiptShares = (draft: Draft, { kind, supplier }: InboundEntry): readonly number[] =>
  kind === 'transfer' ? TRANSFERS : arrivalsOf(draft, supplier);

/** What may still come to the record, soonest first: also what should have come, but not what was left out of a delivery. */
export function receiptsAhead(draft: Draft, stock: Stock, at: number): InboundEntry[] {
  return inboundOf(draft, stock.sku).filter(
    (entry) =>
      entry.node === stock.node &&
      (entry.expectedAt > at || (entry.expectedAt > at - OVERDUE_MS_MAX && !isLeftOver(draft, entry))),
  );
}

/** A delivery came without all of it: nobody sends the rest unless they say so. */
function isLeftOver(draft: Draft, { kind, ref, node }: InboundEntry): boolean {
  if (kind === 'transfer') return false;
  const order = draft.get('purchase-order', ref.slice(0, ref.lastIndexOf('/')));
  const line = order?.lines.find((one) => `${order.purchaseOrder}/${one.line}` === ref);
  return order?.received.some((came) => came[0] === line?.sku && came[1] === node && came[2] > 0) ?? false;
}

export function stockoutPredicted(draft: Draft, stock: Stock, at: number): Predicted | null {
  const figures = stockoutFigures(draft, stock, at);
  if (figures === null) return null;
  const { available, rate, horizon, receipt, uncorrected, probability } = figures;
  const by = (share: number) => soldOutBy(available, rate, at, share, 90);
  return {
    prediction: 'stockout',
    subject: ids.stock(stock.sku, stock.node),
    title: `Runs out at ${stock.node} before ${receipt.ref} comes`,
    at,
    horizon,
    uncorrected,
    probability,
    among: stock.node,
    sku: stock.sku,
    node: stock.node,
    purchaseOrder: receipt.kind === 'purchase-order' ? receipt.ref.slice(0, receipt.ref.lastIndexOf('/')) : null,
    supplier: receipt.supplier === '' ? null : receipt.supplier,
    when: { p10: by(0.1), p50: by(0.5), p90: by(0.9) },
    inputs: {
      available,
      soldPerDay: tenths(rate.perDay),
      learnDays: tenths(rate.days),
      scatter: tenths(rate.dispersion),
      receipt: receipt.ref,
      expectedAt: new Date(receipt.expectedAt).toISOString(),
    },
    formula:
      'chance that as many units as are available are sold (negative binomial, by rate and scatter of the days learned from) before the receipt comes (by the record of its supplier)',
  };
}
