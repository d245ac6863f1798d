import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const stockoutRate = defineKpi({
  id: 'stockout-rate',
  name: 'Stockout rate',
  question: 'How often is there nothing left to promise?',
  formula: 'SKU-node-days with ATP <= 0 at their end / active SKU-node-days',
  group: 'stock',
  unit: 'percent',
  direction: 'down',
  clock: 'the end of each local day',
  exclusions: 'SKUs that never moved at a node, and items that are not active; safety stock as it is known now',
  owner: 'Inventory planning',
  target: 2,
  cadence: 'day',
  dimensions: ['node'],
  thresholds: null,
  sources: ['stock.received', 'stock.adjusted', 'order.placed', 'fulfilment.dispatched', 'item.defined'],
  exceptions: ['stockout-expected', 'oversold', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 28, figure: ratioOfColumns('out', 'records', 100) },
  sql: { file: 'stockout-days', parameters: { rateDays: 28 } },
});
