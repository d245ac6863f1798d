/** Which stock records there are, by SKU and node, with what searching and filtering need. Rebuilt when asked and old. */
import type { Item, Stock } from '../../streams/operations/states.ts';
import { nodeAtp } from '../../streams/policies/available-to-promise.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const OLD_AFTER_MS = 5_000;
const FIELDS_PER_SCAN = 1_000;

export type StockEntry = { id: string; sku: string; node: string; text: string; short: boolean };
export type StockIndex = { entries(): Promise<StockEntry[]> };

export function createStockIndex(redis: Redis, keys: Keys, now: () => number): StockIndex {
  let built: { at: number; entries: Promise<StockEntry[]> } | undefined;

  async function build(): Promise<StockEntry[]> {
    const items = new Map<string, Item>();
    for await (const [sku, text] of fieldsOf(keys.state('item'))) items.set(sku, JSON.parse(text) as Item);
    const entries: StockEntry[] = [];
    for await (const [id, text] of fieldsOf(keys.state('stock'))) {
      const stock = JSON.parse(text) as Stock;
      const { sku, node } = stock;
      const item = items.get(sku);
      const short = nodeAtp(stock, item) <= 0;
      entries.push({ id, sku, node, short, text: `${sku} ${item?.name ?? ''} ${item?.category ?? ''}`.toLowerCase() });
    }
    return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async function* fieldsOf(key: string): AsyncGenerator<[string, string]> {
    let cursor = '0';
    do {
      const page = await redis.hScan(key, cursor, { COUNT: FIELDS_PER_SCAN });
      cursor = page.cursor;
      for (const { field, value } of page.entries) yield [field, value];
    } while (cursor !== '0');
  }

  return {
    entries() {
      if (built === undefined || now() - built.at > OLD_AFTER_MS) {
        const entries = build();
        built = { at: now(), entries };
        entries.catch(() => {
          built = undefined;
        });
      }
      return built.entries;
    },
  };
}
