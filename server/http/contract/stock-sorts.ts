/** By what stock is listed. Apart from its schemas: the page that sorts by it checks nothing. */

export const stockSorts = [
  'sku',
  'name',
  'node',
  'onHand',
  'sellable',
  'allocated',
  'inTransit',
  'atp',
  'cover',
  'value',
  'drift',
  'confidence',
  'moved',
  'counted',
] as const;
export type StockSort = (typeof stockSorts)[number];
