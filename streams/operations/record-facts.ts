/** What a stock record tells about its own reliability at a moment. Computed when asked for: nothing of it is stored. */
import type { PolicyBody } from '../events/policies.ts';
import { lowestSince } from './accuracy/as-of.ts';
import { DEMAND_DAYS_MAX } from './reservations/reserved.ts';
import type { Item, Node, Stock } from './states.ts';
import { onHand } from './stock/on-hand.ts';

const DAY_MS = 86_400_000;
/** What a system stated longer ago says nothing about today. */
const STATEMENT_DAYS_MAX = 3;
const RATE_UNITS_MIN = 5;

export type RecordFacts = {
  onHand: number;
  /** Units by which the record may be off and still count as right. */
  tolerance: number;
  counted: boolean;
  /** Days and units of demand since the last count, or since the record began. */
  days: number;
  units: number;
  /** Pickers who found less than the record said, since the last count. */
  pickFailures: number;
  /** Whether a bucket is below zero, or was since the last count. */
  negative: boolean;
  /** Whether a source disagrees beyond its tolerance at the moment, and whether one has agreed of late. */
  drifting: boolean;
  agreed: boolean;
  /**
   * Units that would have been sold by now at the usual rate since the last one was, though there is a stock to sell. Only
   * where customers take from the shelf: elsewhere they go on ordering from a record that is wrong.
   */
  missed: number;
  /** Whether the last count found the record wrong beyond the tolerance. */
  lastCountWrong: boolean;
};

/** Units a record of this size may be off, by the class of the item. */
export function toleranceOf(units: number, abc: Item['abc'], policy: PolicyBody<'accuracy'>): number {
  const share = abc === 'A' ? policy.toleranceA : abc === 'B' ? policy.toleranceB : policy.toleranceC;
  return Math.floor(share * Math.abs(units));
}

/** @param now epoch ms; what happened later is not expected in the record */
export function recordFacts(
  stock: Stock,
  { item, node }: { item: Item | undefined; node: Node | undefined },
  policy: PolicyBody<'accuracy'>,
  now: number,
): RecordFacts {
  const { evidence, lastCountAt } = stock;
  const since = Math.max(lastCountAt, stock.firstMovementAt);
  const quantity = onHand(stock);
  const stated = stock.assertions.filter((known) => now - known.at <= STATEMENT_DAYS_MAX * DAY_MS);
  const last = evidence.counts.find((count) => count.at === lastCountAt);
  const demand = demandOf(stock, since, now);
  return {
    onHand: quantity,
    tolerance: toleranceOf(quantity, item?.abc, policy),
    counted: lastCountAt > 0,
    days: Math.max(0, now - since) / DAY_MS,
    units: demand.units,
    pickFailures: evidence.pickFailures.filter((at) => at > lastCountAt).length,
    negative: isNegative(stock, since),
    drifting: stated.some((known) => known.since > 0),
    agreed: stated.some((known) => known.since === 0 && known.at > lastCountAt && known.measure !== 'available'),
    missed: node?.kind === 'store' && stock.sellable > (item?.safetyStock ?? 0) ? demand.missed : 0,
    lastCountWrong:
      last !== undefined && Math.abs(last.variance) > toleranceOf(last.quantity - last.variance, item?.abc, policy),
  };
}

function isNegative(stock: Stock, since: number): boolean {
  if (stock.sellable < 0 || stock.allocated < 0 || stock.quarantined < 0 || stock.damaged < 0) return true;
  return lowestSince(stock.recent, 'sellable', stock.sellable, since) < 0;
}

/** Demand since a moment, and what the usual rate makes of the days since the last sale. Days are days of UTC. */
function demandOf({ demand, firstMovementAt }: Stock, since: number, now: number): { units: number; missed: number } {
  const taken = demand.filter(([, units]) => units > 0);
  const newest = taken.at(-1)?.[0];
  if (newest === undefined) return { units: 0, missed: 0 };
  const sum = taken.reduce((total, [, units]) => total + units, 0);
  const first = Math.max(newest - DEMAND_DAYS_MAX + 1, Math.floor(firstMovementAt / DAY_MS));
  const perDay = sum / (newest - first + 1);
  // Before the days that are kept, the rate of those days stands in; the day of the count counts for its rest.
  let units = 0;
  for (const [day, sold] of taken) {
    const share = Math.min(1, Math.max(0, day + 1 - since / DAY_MS));
    units += sold * share;
  }
  units += perDay * Math.max(0, first - since / DAY_MS);
  const quietDays = Math.max(0, now / DAY_MS - (newest + 1));
  // A rate needs some sales to be one.
  return { units, missed: sum < RATE_UNITS_MIN ? 0 : perDay * quietDays };
}
