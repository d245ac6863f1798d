/**
 * What a unit costs: the moving average of a SKU over the whole company. A receipt with a cost moves it, units that leave
 * take the average with them, transfers between nodes change nothing.
 *
 * Everything is summed per day: first what came or went without a cost and without being sold, then the receipts, then
 * the sales. So the average is the same in whatever order the events of the last DAYS_MAX busy days arrive. Older days
 * are folded into a base.
 *
 * Units that came without a cost before the first costed receipt are worth the standard cost of the item.
 */

import type { Draft } from '../draft.ts';
import { ids, type Ledger } from '../states.ts';
import type { Cost, CostDay } from './cost-state.ts';
import { onHand } from './on-hand.ts';

export const DAY_MS = 86_400_000;
/** Days with receipts or issues that are kept one by one. */
export const DAYS_MAX = 32;
/** The average is kept this much finer than the minor unit, so that rounding does not add up over many receipts. */
export const AVERAGE_SCALE = 10_000;

export const noCost: Cost = { average: null, baseUnits: 0, baseAverage: null, baseDay: -1, days: [] };

export type CostEntry = {
  at: number;
  /** Units that came in with a cost, and the cost of all of them in minor units. Negative when it is taken back. */
  received?: number;
  value?: number;
  /** Units that went to customers. */
  sold?: number;
  /** What else came (positive) or went. */
  other?: number;
};

/** Cost of one unit in minor units: the moving average, else the standard cost of the item, else 0. */
export function unitCostOf(draft: Draft, sku: string): number {
  return averageOrStandard(draft.get('ledger', sku)?.cost.average ?? null, draft.get('item', sku)?.unitCost);
}

/** The same of a ledger and an item at hand; null when nothing is known. */
export function unitCostIn(
  ledger: Ledger | undefined,
  item: { unitCost?: number | undefined } | undefined,
): number | null {
  const average = ledger?.cost.average ?? null;
  return average === null ? (item?.unitCost ?? null) : averageOrStandard(average, undefined);
}

const averageOrStandard = (average: number | null, standard: number | undefined): number =>
  average === null ? (standard ?? 0) : Math.round(average / AVERAGE_SCALE);

/** @param standard the item's own unit cost in minor units, where it has one */
export function withEntry(cost: Cost, entry: CostEntry, standard: number | undefined): Cost {
  const { received = 0, value = 0, sold = 0, other = 0 } = entry;
  const day = Math.floor(entry.at / DAY_MS);
  if (day <= cost.baseDay)
    return averaged(mixedIntoBase(cost, [day, received, value, sold, other], standard), standard);
  const { days } = cost;
  const last = days.length - 1;
  const newest = days[last];
  // Nearly every entry is a sale of the newest day, which cannot change the average.
  if (newest !== undefined && newest[0] === day) {
    const changed = { ...cost, days: days.with(last, plus(newest, received, value, sold, other)) };
    const unmoved = received === 0 && value === 0 && (other === 0 || (newest[1] === 0 && newest[2] === 0));
    return unmoved ? changed : averaged(changed, standard);
  }
  const entered = bounded({ ...cost, days: inserted(days, [day, received, value, sold, other]) }, standard);
  const plain = received === 0 && value === 0 && (newest === undefined || newest[0] < day);
  return plain ? entered : averaged(entered, standard);
}

const plus = ([day, a, b, c, d]: CostDay, received: number, value: number, sold: number, other: number): CostDay => [
  day,
  a + received,
  b + value,
  c + sold,
  d + other,
];

function inserted(days: CostDay[], entry: CostDay): CostDay[] {
  const known = days.findIndex(([day]) => day === entry[0]);
  if (known >= 0) return days.with(known, plus(days[known]!, entry[1], entry[2], entry[3], entry[4]));
  const later = days.findIndex(([day]) => day > entry[0]);
  return later < 0 ? [...days, entry] : [...days.slice(0, later), entry, ...days.slice(later)];
}

/** Folds the oldest day into the base when there are too many. */
function bounded(cost: Cost, standard: number | undefined): Cost {
  if (cost.days.length <= DAYS_MAX) return cost;
  const [oldest, ...days] = cost.days as [CostDay, ...CostDay[]];
  return { ...mixedIntoBase(cost, oldest, standard), baseDay: oldest[0], days };
}

function mixedIntoBase(cost: Cost, [, received, value, sold, other]: CostDay, standard: number | undefined): Cost {
  const baseAverage = mixed(cost.baseUnits + other, cost.baseAverage, received, value, standard);
  return { ...cost, baseUnits: cost.baseUnits + received - sold + other, baseAverage };
}

/** The cost with its average worked out anew from the base on. */
export function averaged(cost: Cost, standard: number | undefined): Cost {
  let units = cost.baseUnits;
  let average = cost.baseAverage;
  for (const [, received, value, sold, other] of cost.days) {
    average = mixed(units + other, average, received, value, standard);
    units += received - sold + other;
  }
  return average === cost.average ? cost : { ...cost, average };
}

/**
 * (units held x average + value received) / (units held + units received); units below zero hold no value. Exact whole
 * numbers, rounded half up once.
 */
function mixed(
  units: number,
  average: number | null,
  received: number,
  value: number,
  standard: number | undefined,
): number | null {
  if (received === 0 && value === 0) return average;
  const before = average ?? (standard === undefined ? null : standard * AVERAGE_SCALE);
  const held = before === null ? 0 : Math.max(0, units);
  const total = held + received;
  if (total <= 0) return average;
  const sum = BigInt(held) * BigInt(before ?? 0) + BigInt(value) * BigInt(AVERAGE_SCALE);
  return Number((2n * sum + BigInt(total)) / (2n * BigInt(total)));
}

/** Stores a changed cost; when a unit is worth something else now, so is all that is on hand. */
export function putCost(draft: Draft, ledger: Ledger, cost: Cost, changes: Partial<Ledger>, when: number): void {
  draft.put('ledger', ledger.sku, { ...ledger, ...changes, cost }, ledger);
  if (cost.average === ledger.cost.average) return;
  const standard = draft.get('item', ledger.sku)?.unitCost;
  const before = averageOrStandard(ledger.cost.average, standard);
  const after = averageOrStandard(cost.average, standard);
  tellAverage(draft, ledger, cost, { before, after }, when);
  revalue(draft, ledger, after - before);
}

/** Another standard cost is what units without an average are worth; it also is the start of an average that has none. */
export function standardCostChanged(
  draft: Draft,
  sku: string,
  before: number | undefined,
  after: number | undefined,
  when: number,
): void {
  const ledger = draft.get('ledger', sku);
  if (ledger === undefined || before === after) return;
  const cost = averaged(ledger.cost, after);
  const was = averageOrStandard(ledger.cost.average, before);
  const is = averageOrStandard(cost.average, after);
  if (cost !== ledger.cost) {
    draft.put('ledger', sku, { ...ledger, cost }, ledger);
    tellAverage(draft, ledger, cost, { before: was, after: is }, when);
  }
  revalue(draft, ledger, is - was);
}

/** History values stock by the newest of these; -1 says that the standard cost holds again. */
function tellAverage(
  draft: Draft,
  ledger: Ledger,
  cost: Cost,
  { before, after }: { before: number; after: number },
  when: number,
): void {
  const sameKind = (cost.average === null) === (ledger.cost.average === null);
  if (before === after && sameKind) return;
  draft.decision({
    policy: 'moving-average',
    at: when,
    order: '',
    line: '',
    sku: ledger.sku,
    node: '',
    outcome: String(cost.average === null ? -1 : after),
    inputs: { average: cost.average, scale: AVERAGE_SCALE, before, unitsOwned: unitsOwned(cost) },
  });
}

export const unitsOwned = (cost: Cost): number =>
  cost.days.reduce((sum, [, received, , sold, other]) => sum + received - sold + other, cost.baseUnits);

/** Every node's value follows when one unit is worth more or less than before. */
export function revalue(draft: Draft, { sku, nodes }: Ledger, costChange: number): void {
  if (costChange === 0) return;
  for (const node of nodes) {
    const stock = draft.get('stock', ids.stock(sku, node));
    const totals = draft.get('totals', node);
    if (stock === undefined || totals === undefined) continue;
    draft.put('totals', node, { ...totals, value: totals.value + onHand(stock) * costChange }, totals);
    // Amounts of what is already open are told at the new cost.
    if (stock.openExceptions.length > 0) draft.touch('stock', ids.stock(sku, node));
  }
}
