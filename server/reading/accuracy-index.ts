/** Every record with its confidence and what counting it is worth. Worked out when asked and old: confidence falls with time. */
import type { Calibration } from '../../streams/operations/accuracy/calibration-state.ts';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { recordFacts } from '../../streams/operations/record-facts.ts';
import { type Item, ids, type Node, type Policy, type Stock } from '../../streams/operations/states.ts';
import { hasMoved } from '../../streams/operations/stock/stock.ts';
import { shiftOf } from '../../streams/policies/calibration.ts';
import { type Confidence, explainConfidence } from '../../streams/policies/confidence.ts';
import { type CountValue, countValue } from '../../streams/policies/count-list.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const OLD_AFTER_MS = 15_000;
const FIELDS_PER_SCAN = 1_000;

export type RecordEntry = {
  id: string;
  stock: Stock;
  item: Item | undefined;
  onHand: number;
  tolerance: number;
  confidence: Confidence;
  count: CountValue;
};
export type AccuracyIndex = { at: number; shift: number; records: RecordEntry[] };

/** @param businessNow the moment for which confidence is asked */
export function createAccuracyIndex(redis: Redis, keys: Keys, now: () => number, businessNow: () => number) {
  let built: { at: number; index: Promise<AccuracyIndex> } | undefined;

  async function statesOf<S>(kind: 'item' | 'node' | 'stock'): Promise<Map<string, S>> {
    const found = new Map<string, S>();
    let cursor = '0';
    do {
      const page = await redis.hScan(keys.state(kind), cursor, { COUNT: FIELDS_PER_SCAN });
      cursor = page.cursor;
      for (const { field, value } of page.entries) found.set(field, JSON.parse(value) as S);
    } while (cursor !== '0');
    return found;
  }

  async function build(): Promise<AccuracyIndex> {
    const [items, nodes, stocks, policyText, calibrationText] = await Promise.all([
      statesOf<Item>('item'),
      statesOf<Node>('node'),
      statesOf<Stock>('stock'),
      redis.hGet(keys.state('policy'), 'accuracy'),
      redis.hGet(keys.state('calibration'), ids.company),
    ]);
    const policy = policyText
      ? ((JSON.parse(policyText) as Policy).body as ReturnType<typeof defaultPolicy<'accuracy'>>)
      : defaultPolicy('accuracy');
    const shift = calibrationText ? shiftOf(JSON.parse(calibrationText) as Calibration) : 0;
    const at = businessNow();
    const records: RecordEntry[] = [];
    for (const [id, stock] of stocks) {
      if (!hasMoved(stock)) continue;
      const item = items.get(stock.sku);
      const facts = recordFacts(stock, { item, node: nodes.get(stock.node) }, policy, at);
      const confidence = explainConfidence(facts, shift);
      const count = countValue(facts, confidence.logOdds, item?.unitCost ?? 0, item?.unitPrice);
      records.push({ id, stock, item, onHand: facts.onHand, tolerance: facts.tolerance, confidence, count });
    }
    records.sort((a, b) => (a.id < b.id ? -1 : 1));
    return { at, shift, records };
  }

  return (): Promise<AccuracyIndex> => {
    if (built === undefined || now() - built.at > OLD_AFTER_MS) {
      const index = build();
      built = { at: now(), index };
      index.catch(() => {
        built = undefined;
      });
    }
    return built.index;
  };
}
