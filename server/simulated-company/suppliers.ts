/** The forty suppliers, with the lead times they keep on average and how far they stray from them. */
import type { Random } from './random.ts';

export type Supplier = {
  id: string;
  name: string;
  leadDays: number;
  leadVariation: number;
  /** Deviations of its lead time that it adds when it names a date: 0 names the middle and is late every other time. */
  caution: number;
};

const names = [
  'Alder & Finch Textiles',
  'Atlantic Linen Mills',
  'Beacon Glassworks',
  'Birchwood Joinery',
  'Blue Heron Ceramics',
  'Brightwater Candle Co.',
  'Cascade Timber Works',
  'Cinder Hill Foundry',
  'Coastal Rattan Imports',
  'Copper Kettle Trading',
  'Dovetail Furniture Makers',
  'Eastport Hardware',
  'Elm Street Upholstery',
  'Fairhaven Pottery',
  'Foxglove Garden Supply',
  'Granite State Stone',
  'Green Mountain Wool',
  'Guimarães Home Textiles',
  'Halden Lighting',
  'Hangzhou Silk & Home',
  'Ironwood Metalcraft',
  'Jaipur Rug Weavers',
  'Juniper Soap Works',
  'Kestrel Cabinetry',
  'Kyoto Paper & Wood',
  'Lakeshore Bedding',
  'Lisbon Tile & Glaze',
  'Maple Hollow Woodturners',
  'Meridian Lamp Company',
  'Northfield Down',
  'Oaxaca Weaving Cooperative',
  'Penobscot Basketry',
  'Quarry Road Glass',
  'Redwood Coast Planters',
  'Saltbox Candle Works',
  'Thessaly Towels',
  'Umber & Ochre Paints',
  'Vermont Slate Goods',
  'Willow Creek Wicker',
  'Zephyr Outdoor Living',
];

export function makeSuppliers(random: Random): Supplier[] {
  return names.map((name, index) => ({
    id: `SUP-${String(index + 1).padStart(2, '0')}`,
    name,
    // A third deliver from overseas stock, the others from within the country.
    leadDays: random.chance(0.33) ? random.int(18, 38) : random.int(4, 14),
    leadVariation: random.between(0.08, 0.4),
    caution: [0, 0.6, 1.2][index % 3]!,
  }));
}
