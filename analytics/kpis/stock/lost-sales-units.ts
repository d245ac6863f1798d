import { defineKpi, firstVersion } from '../definition.ts';
import { totalOfColumn } from '../history-figures.ts';

export const lostSalesUnits = defineKpi({
  id: 'lost-sales-units',
  name: 'Lost sales, units (estimate)',
  question: 'How many units could we have sold and had not?',
  formula:
    'hours without anything left to promise at any node x units ordered an hour while there was stock, over the 28 days before x (1 - 0.3 that buy something else)',
  group: 'stock',
  unit: 'count',
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
  live: { kind: 'history', of: 'period', days: 28, figure: totalOfColumn('units') },
  sql: { file: 'lost-sales', parameters: { kept: 0.7, rateDays: 28 } },
});
