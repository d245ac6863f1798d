/**
 * Products and stock levels. A level names an inventory item, not a SKU; which SKU that is, only products say. So the
 * connector remembers what products taught it, and keeps the newest level of an item it does not know yet: it is told
 * as soon as the product comes. It never invents a SKU, which would stay in every list for good.
 */
import type { Context, DerivedEvent, Memory, Understanding } from '../connector.ts';
import { latest, nodeOf, skuOf, toMinorUnits } from './fields.ts';
import type { InventoryLevel, Product } from './schema.ts';

const LOCATIONS_REMEMBERED_MAX = 200;

const skuMemory = (item: string) => `sku-of:${item}`;
const levelsMemory = (item: string) => `levels-of:${item}`;

type Levels = Record<string, { available: number; at: string }>;

export const recallsOfInventoryLevel = (level: InventoryLevel): string[] => [
  skuMemory(level.inventory_item_id),
  levelsMemory(level.inventory_item_id),
];

export const recallsOfProduct = (product: Product): string[] =>
  product.variants.flatMap(({ inventory_item_id: item }) => (item ? [levelsMemory(item)] : []));

export function mapInventoryLevel(level: InventoryLevel, context: Context): Understanding {
  const { inventory_item_id: item, location_id: location, available, updated_at: at } = level;
  if (available === null) return { events: [], ignored: ['stock that Shopify does not track'] };
  const sku = context.remembered(skuMemory(item));
  if (sku !== undefined) return { events: [assert(sku, item, location, { available, at }, context)], ignored: [] };
  const levels = parseLevels(context.remembered(levelsMemory(item)));
  const known = levels[location];
  const isNewest = known === undefined || Date.parse(known.at) < Date.parse(at);
  const isBounded = known !== undefined || Object.keys(levels).length < LOCATIONS_REMEMBERED_MAX;
  const value = JSON.stringify({ ...levels, [location]: { available, at } });
  const remember = isNewest && isBounded ? [{ name: levelsMemory(item), value }] : [];
  return { events: [], ignored: ['stock level that waits for its product'], remember };
}

export function mapProduct(product: Product, context: Context): Understanding {
  const { currency } = context.settings;
  const events: DerivedEvent[] = [];
  const remember: Memory[] = [];
  for (const variant of product.variants) {
    const sku = skuOf({ sku: variant.sku, variant_id: variant.id });
    const time = latest(product.updated_at, variant.updated_at, product.created_at);
    const hasOwnTitle = variant.title && variant.title !== 'Default Title';
    // A product names no currency: without the shop's, a price would be a number without a unit.
    const price = currency === undefined ? null : toMinorUnits(variant.price ?? '', currency);
    events.push({
      id: `product:${product.id}:variant:${variant.id}:${Date.parse(time)}`,
      type: 'item.defined',
      time,
      data: {
        sku,
        name: hasOwnTitle ? `${product.title} · ${variant.title}` : product.title,
        category: product.product_type || undefined,
        active: product.status !== 'archived',
        ...(price === null ? {} : { unitPrice: price }),
      },
    });
    const item = variant.inventory_item_id;
    if (!item) continue;
    remember.push({ name: skuMemory(item), value: sku });
    const waiting = Object.entries(parseLevels(context.remembered(levelsMemory(item))));
    for (const [location, level] of waiting) events.push(assert(sku, item, location, level, context));
    if (waiting.length > 0) remember.push({ name: levelsMemory(item), value: '{}', days: 1 });
  }
  return { events, ignored: [], remember };
}

function assert(
  sku: string,
  item: string,
  location: string,
  { available, at }: { available: number; at: string },
  context: Context,
): DerivedEvent {
  return {
    id: `inventory-level:${item}:${location}:${Date.parse(at)}:${available}`,
    type: 'stock.asserted',
    time: at,
    data: { sku, node: nodeOf(location, context), measure: 'available', quantity: available },
  };
}

function parseLevels(text: string | undefined): Levels {
  return text === undefined ? {} : (JSON.parse(text) as Levels);
}
