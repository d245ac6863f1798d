/** The first look at a file: when it begins, which items it knows, how much stock it needs. Then what is sent up front. */
import { createHash } from 'node:crypto';
import type { CloudEvent } from '../../streams/events/envelope.ts';
import { startOfLocalDay } from './local-time.ts';
import type { Mapping, Rule } from './mapping.ts';
import { createStockNeed, type StockNeed } from './stock-need.ts';
import type { Json } from './templates.ts';

export const ITEMS_MAX = 1_000_000;

type Item = { name: string | null; unitPrice: number | null };
export type Survey = {
  /** Midnight, in the mapping's zone, of the first day. Epoch ms; null for a file without rows. */
  from: number | null;
  items: ReadonlyMap<string, Item>;
  needs: ReadonlyMap<string, StockNeed>;
};
/** An event that no row made. */
export type UpFront = { type: string; id: string; time: number; data: Json };
/** The value of a field of the row, as JSON. */
export type ValueOf = (field: string) => string | number | null;

export function createSurvey(mapping: Mapping) {
  const items = new Map<string, Item>();
  const need = createStockNeed(mapping.zone, mapping.stock?.receiptsEvery ?? null);
  let oldest = Number.POSITIVE_INFINITY;

  return {
    row(rule: Rule, get: ValueOf, time: number): void {
      oldest = Math.min(oldest, time);
      if (mapping.items === undefined || rule.leaveOut !== undefined) return;
      const sku = get(mapping.items.sku);
      if (sku === null) return;
      const key = String(sku);
      let item = items.get(key);
      if (item === undefined) {
        if (items.size >= ITEMS_MAX) throw new Error(`the file has more than ${ITEMS_MAX} items`);
        item = { name: null, unitPrice: null };
        items.set(key, item);
      }
      if (!mapping.items.from.includes(rule.name)) return;
      const { name, unitPrice } = mapping.items;
      if (name !== undefined && (item.name === null || name.take === 'last')) {
        item.name = (get(name.field) as string | null) ?? item.name;
      }
      if (unitPrice !== undefined && (item.unitPrice === null || unitPrice.take === 'last')) {
        item.unitPrice = (get(unitPrice.field) as number | null) ?? item.unitPrice;
      }
    },
    /** In the order in which they would be sent. */
    events(made: readonly { event: CloudEvent; time: number }[]): void {
      if (mapping.stock !== undefined) for (const { event, time } of made) need.add(event, time);
    },
    read: (): Survey => ({
      from: oldest === Number.POSITIVE_INFINITY ? null : startOfLocalDay(oldest, mapping.zone),
      items,
      needs: need.read(),
    }),
  };
}

/** The preamble, the items, the opening balances and the receipts. Empty for a file without rows. */
export function upFrontEvents(mapping: Mapping, survey: Survey): UpFront[] {
  const { from, items, needs } = survey;
  if (from === null) return [];
  const made: UpFront[] = mapping.preamble.map((event) => ({ ...event, time: from }));
  for (const [sku, item] of items) {
    const data = {
      ...mapping.items!.data,
      sku,
      name: item.name ?? sku,
      ...(item.unitPrice === null ? {} : { unitPrice: item.unitPrice }),
    };
    // The content is in the id: a longer export of the same shop may know a newer name, and that is news.
    const content = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 8);
    made.push({ type: 'item.defined', id: `item:${sku}:${content}`, time: from, data });
  }
  const { stock } = mapping;
  if (stock === undefined) return made;
  for (const sku of new Set([...items.keys(), ...needs.keys()])) {
    const need = needs.get(sku) ?? { first: 0, later: [] };
    const opening = stock.opening === 'enough' ? need.first : stock.opening;
    if (opening > 0) {
      const data = { sku, node: stock.node, quantity: opening, reason: 'opening balance', against: 'supplier' };
      made.push({ type: 'stock.adjusted', id: `opening:${stock.node}:${sku}`, time: from, data });
    }
    let have = opening;
    for (const { time, lacking } of need.later) {
      const quantity = lacking - have;
      if (quantity <= 0) continue;
      have += quantity;
      const id = `receipt:${stock.node}:${sku}:${new Date(time).toISOString().slice(0, 10)}`;
      made.push({ type: 'stock.received', id, time, data: { sku, node: stock.node, quantity, from: 'supplier' } });
    }
  }
  return made;
}
