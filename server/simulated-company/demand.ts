/** Who wants what and when: orders per hour, SKUs per channel, prices, promotions. */
import type { Assortment } from './assortment.ts';
import { bigDayFactor, categorySeasonFactor, hourOfWeekFactor, seasonFactor } from './calendar.ts';
import { AMAZON, BOSTON, channels, DALLAS, PORTLAND, RENO, STORE, WEB, WHOLESALE } from './company.ts';
import type { Truth } from './ground-truth.ts';
import { DAY, type LocalTime } from './local-time.ts';
import type { Random } from './random.ts';
import type { Stock } from './stock.ts';

export type Promotion = {
  id: string;
  name: string;
  from: number;
  until: number;
  category: string;
  lift: number;
  discount: number;
};
export type Demand = ReturnType<typeof createDemand>;

const PROMOTION_CHANCE_PER_DAY = 0.35;
/** Share of a promotion's lift that is new business rather than taken from other SKUs. */
const PROMOTION_NEW_BUSINESS = 0.5;
export const RETAIL_UNITS_MEAN = 1.26;
export const WHOLESALE_PRICE_SHARE = 0.55;
/** Which nodes serve which share of a channel's orders when all have stock. */
const nodeShares: readonly (readonly [channel: number, node: number, share: number])[] = [
  [WEB, BOSTON, 0.58],
  [WEB, RENO, 0.42],
  [AMAZON, DALLAS, 0.88],
  [AMAZON, BOSTON, 0.07],
  [AMAZON, RENO, 0.05],
  [WHOLESALE, RENO, 0.5],
  [WHOLESALE, BOSTON, 0.5],
  [STORE, PORTLAND, 1],
];

export function createDemand(
  { items }: Assortment,
  ordersPerDay: number,
  stock: Stock,
  random: Random,
  truth: (entry: Truth) => void,
) {
  const promotions: Promotion[] = [];
  const totals = channels.map(() => new Float64Array(items.length));
  /** How much the running promotions add to a channel's orders. */
  const lift = channels.map(() => 1);
  markCarried();
  const unitsPerDay = plannedUnitsPerDay();

  /** Draws the promotions that start today and sets the day's appetite for each SKU. */
  function startDay(at: number): void {
    while (promotions.length > 0 && promotions[0]!.until <= at) promotions.shift();
    if (random.chance(PROMOTION_CHANCE_PER_DAY)) startPromotion(at);
    for (const [index, channel] of channels.entries()) {
      let total = 0;
      let plain = 0;
      for (const [i, item] of items.entries()) {
        if (item.rank < channel.range) {
          const weight = item.weight * categorySeasonFactor(item.category, at);
          plain += weight;
          total += weight * (index === WHOLESALE ? 1 : (promotionOf(item.category, at)?.lift ?? 1));
        }
        totals[index]![i] = total;
      }
      lift[index] = 1 + (total / plain - 1) * PROMOTION_NEW_BUSINESS;
    }
  }

  function startPromotion(at: number): void {
    const { category } = random.pick(items);
    const promotion: Promotion = {
      id: `PROMO-${Math.round(at / DAY)}`,
      name: `${category} event`,
      from: at,
      until: at + random.int(2, 4) * DAY,
      category,
      lift: random.between(1.8, 3.2),
      discount: random.pick([0.1, 0.15, 0.2, 0.25]),
    };
    promotions.push(promotion);
    const { id: subject, lift: expectedLift, ...details } = promotion;
    truth({ kind: 'promotion', at, detectableAt: at, subject, details: { ...details, lift: expectedLift } });
  }

  const promotionOf = (category: string, at: number) =>
    promotions.find((one) => one.category === category && one.from <= at && at < one.until);

  /** Orders a channel expects in the hour that begins at `at`. */
  function ordersInHour(channel: number, local: LocalTime, at: number): number {
    const plan = channels[channel]!;
    const base = (ordersPerDay * plan.share) / 24;
    const factor = seasonFactor(at) * bigDayFactor(plan, local, at) * hourOfWeekFactor(plan, local, at);
    return base * factor * lift[channel]!;
  }

  function priceOf(channel: number, itemIndex: number, at: number): number {
    const item = items[itemIndex]!;
    if (channel === WHOLESALE) return Math.round(item.unitPrice * WHOLESALE_PRICE_SHARE);
    const promotion = promotionOf(item.category, at);
    return promotion === undefined
      ? item.unitPrice
      : Math.round((item.unitPrice * (1 - promotion.discount)) / 100) * 100;
  }

  function markCarried(): void {
    for (const [i, { rank }] of items.entries()) {
      stock.carried[stock.at(BOSTON, i)] = 1;
      stock.carried[stock.at(RENO, i)] = rank < 1_300 || rank % 2 === 0 ? 1 : 0;
      stock.carried[stock.at(DALLAS, i)] = rank < channels[AMAZON]!.range ? 1 : 0;
      stock.carried[stock.at(PORTLAND, i)] = rank < channels[STORE]!.range ? 1 : 0;
    }
  }

  /** Units per average day that a stock cell must serve, refills of other nodes not counted. */
  function plannedUnitsPerDay(): Float64Array {
    const units = new Float64Array(stock.shelf.length);
    for (const [channel, node, share] of nodeShares) {
      const plan = channels[channel]!;
      const inRange = items.reduce((sum, item) => sum + (item.rank < plan.range ? item.weight : 0), 0);
      const lines = ordersPerDay * plan.share * (1 + plan.extraLines);
      for (const [i, item] of items.entries()) {
        if (item.rank >= plan.range) continue;
        const each = channel === WHOLESALE ? 2 * Math.min(6, item.packSize) : RETAIL_UNITS_MEAN;
        const home = stock.carried[stock.at(node, i)] === 1 ? node : BOSTON;
        units[stock.at(home, i)]! += lines * share * (item.weight / inRange) * each;
      }
    }
    return units;
  }

  return {
    startDay,
    ordersInHour,
    priceOf,
    unitsPerDay,
    sample: (channel: number, by: Random) => by.weighted(totals[channel]!),
  };
}

/** Order lines a node picks on an average day, which is what its crew is made for. */
export function linesPerDay(node: number, ordersPerDay: number): number {
  return nodeShares
    .filter((entry) => entry[1] === node)
    .reduce((sum, [channel, , share]) => {
      const plan = channels[channel]!;
      return sum + ordersPerDay * plan.share * (1 + plan.extraLines) * share;
    }, 0);
}
