/** What lists of stock need of every record, kept up to date by notices: quantities, the rate of sale, confidence, drift. */
import type { Assertion } from '../../../streams/operations/accuracy/accuracy-state.ts';
import type { Calibration } from '../../../streams/operations/accuracy/calibration-state.ts';
import { defaultPolicy } from '../../../streams/operations/policy.ts';
import { recordFacts } from '../../../streams/operations/record-facts.ts';
import { type Item, ids, type Ledger, type Policy, type Stock } from '../../../streams/operations/states.ts';
import { unitCostIn } from '../../../streams/operations/stock/costing.ts';
import { onHand } from '../../../streams/operations/stock/on-hand.ts';
import { shiftOf } from '../../../streams/policies/calibration.ts';
import { confidenceOf } from '../../../streams/policies/confidence.ts';
import { salesOf } from '../../../streams/policies/stockout.ts';
import type { StockLine } from '../../http/contract/inventory.ts';
import type { Mirror } from '../../live/mirror.ts';
import type { Runtime } from '../../runtime.ts';
import { keepStates } from '../kept-states.ts';

/** Confidence and rates change with time alone, and with policies: so old may they get. */
const RENEW_MS = 15 * 60_000;

export type StockRecord = Omit<
  StockLine,
  'name' | 'category' | 'safetyStock' | 'atp' | 'coverDays' | 'unitCost' | 'stockValue' | 'stockoutExpected'
> & { id: string };
export type KnownItem = { sku: string; name: string; category: string | null; safetyStock: number; text: string };
type Settings = {
  accuracy: ReturnType<typeof defaultPolicy<'accuracy'>>;
  learnDays: number;
  shift: number;
};

export type Inventory = ReturnType<typeof openInventory>;
export type InventoryNow = Awaited<ReturnType<Inventory['now']>>;

export function openInventory({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>, mirror: Mirror) {
  const renewal = { everyMs: RENEW_MS, now: mirror.now };
  let settings: Settings = { accuracy: defaultPolicy('accuracy'), learnDays: 1, shift: 0 };
  const itemStates = new Map<string, Item>();

  const items = keepStates<Item, KnownItem>({ redis, keys }, mirror.follow, 'item', (item, sku) => {
    itemStates.set(sku, item);
    const { name, category = null, safetyStock = 0 } = item;
    return { sku, name, category, safetyStock, text: `${sku} ${name} ${category ?? ''}`.toLowerCase() };
  });
  const costs = keepStates<Ledger, { average: number | null }>({ redis, keys }, mirror.follow, 'ledger', (ledger) => ({
    average: unitCostIn(ledger, undefined),
  }));
  const records = keepStates<Stock, StockRecord>(
    { redis, keys },
    mirror.follow,
    'stock',
    (stock, id) => {
      const at = mirror.businessNow();
      const known = { item: itemStates.get(stock.sku), node: mirror.states.node.get(stock.node) };
      const facts = recordFacts(stock, known, settings.accuracy, at);
      return {
        id,
        sku: stock.sku,
        node: stock.node,
        sellable: stock.sellable,
        allocated: stock.allocated,
        quarantined: stock.quarantined,
        damaged: stock.damaged,
        returnPending: stock['return-pending'],
        inTransit: stock['in-transit'],
        onHand: onHand(stock),
        lastMovementAt: stock.lastMovementAt > 0 ? stock.lastMovementAt : null,
        lastCountAt: stock.lastCountAt > 0 ? stock.lastCountAt : null,
        perDay: salesOf(stock.demand, at, settings.learnDays).perDay,
        confidence: confidenceOf(facts, settings.shift),
        drift: driftOf(stock.assertions),
      };
    },
    renewal,
  );

  async function readSettings(): Promise<Settings> {
    const [[accuracy, stockout], calibration] = await Promise.all([
      redis.hmGet(keys.state('policy'), ['accuracy', 'stockout']),
      redis.hGet(keys.state('calibration'), ids.company),
    ]);
    const bodyOf = <K extends 'accuracy' | 'stockout'>(kind: K, text: string | null | undefined) =>
      text ? ((JSON.parse(text) as Policy).body as ReturnType<typeof defaultPolicy<K>>) : defaultPolicy(kind);
    return {
      accuracy: bodyOf('accuracy', accuracy),
      learnDays: bodyOf('stockout', stockout).learnDays,
      shift: calibration ? shiftOf(JSON.parse(calibration) as Calibration) : 0,
    };
  }

  return {
    items: items.entries,
    /** Everything as it stands; what is handed out must not be changed. */
    async now() {
      settings = await readSettings();
      // Items first: what is kept of a record depends on its item.
      const knownItems = await items.entries();
      const [knownRecords, knownCosts] = [await records.entries(), await costs.entries()];
      const expected = new Set<string>();
      for (const { kind, subject, condition } of mirror.states.exception.values()) {
        if (kind === 'stockout-expected' && condition !== 'pending') expected.add(subject);
      }
      const unitCostOf = (sku: string): number | null =>
        knownCosts.get(sku)?.average ?? itemStates.get(sku)?.unitCost ?? null;
      return { items: knownItems, records: knownRecords, stockoutsExpected: expected, unitCostOf };
    },
  };
}

/** The largest of the disagreements that are open. */
function driftOf(assertions: readonly Assertion[]): StockRecord['drift'] {
  const open = assertions.filter(({ since }) => since > 0);
  const [worst] = open.sort((a, b) => Math.abs(b.drift) - Math.abs(a.drift));
  if (worst === undefined) return null;
  const { source, measure, drift: difference, since } = worst;
  return { source, measure, difference, since };
}

/** One record as the API tells it. */
export function lineOf(record: StockRecord, { items, stockoutsExpected, unitCostOf }: InventoryNow): StockLine {
  const { id, ...figures } = record;
  const item = items.get(record.sku);
  const safetyStock = item?.safetyStock ?? 0;
  const atp = record.sellable - safetyStock;
  const unitCost = unitCostOf(record.sku);
  return {
    ...figures,
    name: item?.name ?? record.sku,
    category: item?.category ?? null,
    safetyStock,
    atp,
    coverDays: coverOf(atp, record.perDay),
    unitCost,
    stockValue: unitCost === null ? null : unitCost * record.onHand,
    stockoutExpected: stockoutsExpected.has(id),
  };
}

/** Days that what is available lasts; null while nothing sells. */
export const coverOf = (atp: number, perDay: number): number | null =>
  perDay > 0 ? Math.round((10 * Math.max(0, atp)) / perDay) / 10 : null;
