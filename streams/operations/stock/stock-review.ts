/** Once a week every item with stock is looked at: what is too much, too old, or too near its date? */
import type { EventOf } from '../../events/index.ts';
import { excessUnits, expiringUnits } from '../../policies/excess.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { ids } from '../states.ts';
import type { Cost } from './cost-state.ts';
import { DAY_MS } from './costing.ts';
import { type LotBalance, lotsIn } from './lots.ts';
import { onHand } from './on-hand.ts';
import type { StockReview } from './stock-review-state.ts';

export const REVIEW_EVERY_MS = 7 * DAY_MS;
/** The rate of sale is that of the last four weeks; an item needs a week of history to have one. */
const RATE_DAYS = 28;
const RATE_DAYS_MIN = 7;

/** Sees to it that a SKU of which stock came in is looked at within a week. */
export function armReview(
  draft: Draft,
  sku: string,
  { source, occurredAt }: { source: string; occurredAt: number },
): void {
  const ledger = draft.get('ledger', sku);
  if (ledger === undefined || ledger.review !== null) return;
  const due = nextReview(sku, occurredAt);
  draft.put('ledger', sku, { ...ledger, review: { ...notReviewed, source, due } }, ledger);
  draft.setDeadline(source, 'stock-review', sku, due);
}

const notReviewed: StockReview = {
  source: '',
  due: 0,
  at: 0,
  onHand: 0,
  soldPerDayHundredths: null,
  excess: 0,
  aged: 0,
  expiring: 0,
  firstExpiresAt: 0,
};

/** Items take their turn through the hours of the week, so that not all are looked at in one second. */
export function nextReview(sku: string, after: number): number {
  let hash = 7;
  for (const character of sku) hash = (hash * 31 + character.charCodeAt(0)) % 1_000_003;
  const offset = (hash % 168) * 3_600_000;
  return (Math.floor((after - offset) / REVIEW_EVERY_MS) + 1) * REVIEW_EVERY_MS + offset;
}

export function stockReviewed(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { subject: sku, due, clock } = event.data;
  const ledger = draft.get('ledger', sku);
  if (ledger === undefined || ledger.review === null) return;
  const policy = policyOf(draft, 'excess');
  const item = draft.get('item', sku);
  const perDay = soldPerDay(ledger.cost, due);
  const stocks = ledger.nodes
    .map((node) => draft.get('stock', ids.stock(sku, node)))
    .filter((stock) => stock !== undefined);
  const units = stocks.reduce((sum, stock) => sum + onHand(stock), 0);
  const lots: LotBalance[] = [];
  for (const stock of item?.lotTracked === true ? stocks : []) {
    const known = draft.get('lots', ids.stock(sku, stock.node))?.lots ?? [];
    lots.push(...lotsIn(known, stock).filter(({ expiresAt }) => expiresAt > 0));
  }
  const dated = lots.map((lot) => ({ units: lot.sellable + lot.allocated, expiresAt: lot.expiresAt }));
  const expiring = expiringUnits(policy, { lots: dated, perDay, at: due });
  // A year of looking at an empty shelf helps nobody: the next receipt arms it again.
  const review: StockReview | null =
    units <= 0
      ? null
      : {
          source: clock,
          due: due + REVIEW_EVERY_MS,
          at: due,
          onHand: units,
          soldPerDayHundredths: perDay === null ? null : Math.round(perDay * 100),
          excess: excessUnits(policy, { onHand: units, perDay, reserve: (item?.safetyStock ?? 0) * stocks.length }),
          aged: agedUnits(ledger.cost, units, due, policy.agedAfterDays),
          expiring,
          firstExpiresAt:
            expiring === 0 ? 0 : Math.min(...dated.filter((lot) => lot.units > 0).map((lot) => lot.expiresAt)),
        };
  draft.put('ledger', sku, { ...ledger, review }, ledger);
  draft.touch('ledger', sku);
  if (review !== null) draft.setDeadline(clock, 'stock-review', sku, review.due);
}

/** Units sold a day in the four weeks before; null when less than a week is known. */
export function soldPerDay(cost: Cost, at: number): number | null {
  const today = Math.floor(at / DAY_MS);
  const first = cost.baseDay >= 0 ? cost.baseDay : (cost.days[0]?.[0] ?? today);
  const days = Math.min(RATE_DAYS, today - first);
  if (days < RATE_DAYS_MIN) return null;
  const sold = cost.days.reduce((sum, [day, , , units]) => (day >= today - days && day < today ? sum + units : sum), 0);
  return Math.max(0, sold) / days;
}

/** What came first is sold first: units on hand beyond all that came in since are older. */
export function agedUnits(cost: Cost, onHandUnits: number, at: number, agedAfterDays: number): number {
  const since = Math.floor(at / DAY_MS) - agedAfterDays;
  // Some of what is not told day by day any more may be younger: then nobody can say, and nothing is called aged.
  if (cost.baseDay > since) return 0;
  const younger = cost.days.reduce(
    (sum, [day, received, , , other]) => (day > since ? sum + Math.max(0, received) + Math.max(0, other) : sum),
    0,
  );
  return Math.max(0, onHandUnits - younger);
}
