import { defineKpi, firstVersion } from '../definition.ts';
import { totalOfColumn } from '../history-figures.ts';

export const lostSalesValue = defineKpi({
  id: 'lost-sales-value',
  name: 'Lost sales (estimate)',
  question: 'What did empty shelves cost us in sales?',
  formula: 'lost sales in units x list price',
  group: 'stock',
  unit: 'money',
  direction: 'down',
  clock: 'local days',
  exclusions:
    'an estimate: demand that meets an empty shelf is not seen. Items without a day of stock in the 28 days before; 30 % are taken to buy something else',
  owner: 'Inventory planning',
  target: null,
  cadence: 'day',
  dimensions: ['category'],
  thresholds: null,
  sources: ['order.placed', 'stock.received', 'stock.adjusted', 'fulfilment.dispatched', 'item.defined'],
  exceptions: ['stockout-expected', 'oversold', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 28, figure: totalOfColumn('value') },
  sql: { file: 'lost-sales', parameters: { kept: 0.7, rateDays: 28 } },
});
