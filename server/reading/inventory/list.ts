/** Stock as a list and as a matrix: filtered, sorted, summed and cut into pages over all records at once. */
import type {
  StockFacets,
  StockLine,
  StockMatrix,
  StockMatrixRow,
  StockPage,
  StockQuery,
  StockSort,
  StockSums,
} from '../../http/contract/inventory.ts';
import { coverOf, type InventoryNow, lineOf, type StockRecord } from './records.ts';
import { type Place, pageAfter, placeOf } from './sorted.ts';

const DAY_MS = 86_400_000;
const atpOf = (record: StockRecord, now: InventoryNow): number =>
  record.sellable - (now.items.get(record.sku)?.safetyStock ?? 0);

/** What each column is sorted by. */
const columns: Record<StockSort, (record: StockRecord, now: InventoryNow) => Place['value']> = {
  sku: ({ sku }) => sku,
  name: ({ sku }, { items }) => (items.get(sku)?.name ?? sku).toLowerCase(),
  node: ({ node }) => node,
  onHand: ({ onHand }) => onHand,
  sellable: ({ sellable }) => sellable,
  allocated: ({ allocated }) => allocated,
  inTransit: ({ inTransit }) => inTransit,
  atp: atpOf,
  cover: (record, now) => coverOf(atpOf(record, now), record.perDay),
  value: ({ sku, onHand }, { unitCostOf }) => {
    const cost = unitCostOf(sku);
    return cost === null ? null : cost * onHand;
  },
  drift: ({ drift }) => (drift === null ? null : Math.abs(drift.difference)),
  confidence: ({ confidence }) => confidence,
  moved: ({ lastMovementAt }) => lastMovementAt,
  counted: ({ lastCountAt }) => lastCountAt,
};

/** @param at the moment in business from which days are counted back */
function fitting(now: InventoryNow, query: StockQuery, at: number): StockRecord[] {
  const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const countedBefore = query.notCountedDays === undefined ? null : at - query.notCountedDays * DAY_MS;
  const fits = (record: StockRecord): boolean => {
    if (query.node !== undefined && record.node !== query.node) return false;
    if (query.sku !== undefined && record.sku !== query.sku) return false;
    const item = now.items.get(record.sku);
    if (query.category !== undefined && item?.category !== query.category) return false;
    if (query.short === true && record.sellable - (item?.safetyStock ?? 0) > 0) return false;
    if (query.negative === true && !isNegative(record)) return false;
    if (query.drifting === true && record.drift === null) return false;
    if (query.stockout === true && !now.stockoutsExpected.has(record.id)) return false;
    if (query.confidenceBelow !== undefined && record.confidence >= query.confidenceBelow) return false;
    if (countedBefore !== null && (record.lastCountAt ?? 0) > countedBefore) return false;
    return words.every((word) => (item?.text ?? record.sku.toLowerCase()).includes(word));
  };
  const found: StockRecord[] = [];
  for (const record of now.records.values()) if (fits(record)) found.push(record);
  return found;
}

const isNegative = (record: StockRecord): boolean =>
  record.sellable < 0 || record.allocated < 0 || record.quarantined < 0 || record.damaged < 0;

export function stockList(now: InventoryNow, query: StockQuery, at: number): StockPage {
  const found = fitting(now, query, at);
  const columnOf = columns[query.sort];
  const placed = found.map((record) => ({ value: columnOf(record, now), id: record.id, record }));
  const { items, next } = pageAfter(placed, { after: placeOf(query.cursor), ...query });
  return {
    items: items.map(({ record }) => lineOf(record, now)),
    next,
    total: found.length,
    sums: sumsOf(found, now),
  };
}

/** Written out: it runs over every record there is. */
function sumsOf(records: readonly StockRecord[], now: InventoryNow): StockSums {
  const sums = {
    sellable: 0,
    allocated: 0,
    quarantined: 0,
    damaged: 0,
    returnPending: 0,
    inTransit: 0,
    onHand: 0,
    safetyStock: 0,
    atp: 0,
    stockValue: 0,
  };
  for (const record of records) {
    sums.sellable += record.sellable;
    sums.allocated += record.allocated;
    sums.quarantined += record.quarantined;
    sums.damaged += record.damaged;
    sums.returnPending += record.returnPending;
    sums.inTransit += record.inTransit;
    sums.onHand += record.onHand;
    sums.safetyStock += now.items.get(record.sku)?.safetyStock ?? 0;
    sums.stockValue += (now.unitCostOf(record.sku) ?? 0) * record.onHand;
  }
  sums.atp = sums.sellable - sums.safetyStock;
  return sums;
}

/** @param nodes every node there is, as they are named */
export function stockMatrixPage(
  now: InventoryNow,
  query: StockQuery,
  at: number,
  nodes: ReadonlyMap<string, { name: string }>,
): StockMatrix {
  const chosen = new Set(fitting(now, query, at).map(({ sku }) => sku));
  const bySku = new Map<string, StockRecord[]>();
  for (const record of now.records.values()) {
    if (!chosen.has(record.sku)) continue;
    const others = bySku.get(record.sku);
    if (others === undefined) bySku.set(record.sku, [record]);
    else others.push(record);
  }
  const all = [...bySku.values()].flat();
  const columnOf = columns[query.sort];
  const placed = [...bySku].map(([sku, records]) => {
    return { value: worst(query, records, (record) => columnOf(record, now)), id: sku, records };
  });
  const { items, next } = pageAfter(placed, { after: placeOf(query.cursor), ...query });
  return {
    items: items.map(({ id, records }) => matrixRow(id, records, now)),
    next,
    total: bySku.size,
    sums: sumsOf(all, now),
    nodes: nodesAcross(all, now, nodes),
  };
}

function nodesAcross(
  records: readonly StockRecord[],
  now: InventoryNow,
  nodes: ReadonlyMap<string, { name: string }>,
): StockMatrix['nodes'] {
  const across = new Map<string, StockMatrix['nodes'][number]>();
  for (const record of records) {
    const { node, onHand } = record;
    const known = across.get(node) ?? { node, name: nodes.get(node)?.name ?? node, atp: 0, onHand: 0, short: 0 };
    const atp = atpOf(record, now);
    known.atp += atp;
    known.onHand += onHand;
    known.short += Number(atp <= 0);
    across.set(node, known);
  }
  return [...across.values()].sort((a, b) => (a.node < b.node ? -1 : 1));
}

/** A SKU stands where the record of it stands that comes first. */
function worst(
  { direction }: StockQuery,
  records: readonly StockRecord[],
  columnOf: (record: StockRecord) => Place['value'],
): Place['value'] {
  let first: Place['value'] = null;
  for (const record of records) {
    const value = columnOf(record);
    if (value === null) continue;
    if (first === null || (direction === 'up' ? value < first : value > first)) first = value;
  }
  return first;
}

function matrixRow(sku: string, records: readonly StockRecord[], now: InventoryNow): StockMatrixRow {
  const item = now.items.get(sku);
  const safetyStock = item?.safetyStock ?? 0;
  const cells = records
    .map(({ id, node, sellable, onHand }) => {
      return {
        node,
        atp: sellable - safetyStock,
        onHand,
        safetyStock,
        stockoutExpected: now.stockoutsExpected.has(id),
      };
    })
    .sort((a, b) => (a.node < b.node ? -1 : 1));
  return {
    sku,
    name: item?.name ?? sku,
    category: item?.category ?? null,
    atp: cells.reduce((sum, { atp }) => sum + atp, 0),
    onHand: cells.reduce((sum, { onHand }) => sum + onHand, 0),
    cells,
  };
}

export function stockLinesOf(now: InventoryNow, ids: readonly string[]): StockLine[] {
  return ids.flatMap((id) => {
    const record = now.records.get(id);
    return record === undefined ? [] : [lineOf(record, now)];
  });
}

export function stockFacetsOf({ items }: InventoryNow): StockFacets {
  const categories = new Set<string>();
  for (const { category } of items.values()) if (category !== null) categories.add(category);
  return { categories: [...categories].sort() };
}
