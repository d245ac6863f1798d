import { defineKpi, firstVersion } from '../definition.ts';
import { totalOfColumn } from '../history-figures.ts';

export const excessValue = defineKpi({
  id: 'excess-value',
  name: 'Excess stock value',
  question: 'How much money lies in stock that will not sell soon?',
  formula:
    'units on hand beyond 90 days of demand (at the rate of the 28 days before) and beyond safety stock x unit cost',
  group: 'money',
  unit: 'money',
  direction: 'down',
  clock: 'level at the end of a local day',
  exclusions: 'items with less than a week of history; units in transit; per item over all nodes',
  owner: 'Inventory planning',
  target: null,
  cadence: 'day',
  dimensions: ['category'],
  thresholds: null,
  sources: ['stock.received', 'stock.adjusted', 'fulfilment.dispatched', 'item.defined'],
  exceptions: ['excess-or-aged-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: totalOfColumn('excess') },
  sql: { file: 'idle-stock', parameters: { horizonDays: 90, agedDays: 180, rateDays: 28 } },
});
