import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const stockoutRateWeighted = defineKpi({
  id: 'stockout-rate-weighted',
  name: 'Stockout rate by demand',
  question: 'How much of the demand meets an empty shelf?',
  formula:
    'SKU-node-days with ATP <= 0 / active SKU-node-days, each weighed by the units of its SKU ordered in the 28 days before',
  group: 'stock',
  unit: 'percent',
  direction: 'down',
  clock: 'the end of each local day',
  exclusions: 'as the stockout rate; items nobody ordered in that time weigh nothing',
  owner: 'Inventory planning',
  target: 1,
  cadence: 'day',
  dimensions: ['node'],
  thresholds: null,
  sources: ['stock.received', 'stock.adjusted', 'order.placed', 'fulfilment.dispatched', 'item.defined'],
  exceptions: ['stockout-expected', 'oversold', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 28, figure: ratioOfColumns('demand_out', 'demand', 100) },
  sql: { file: 'stockout-days', parameters: { rateDays: 28 } },
});
