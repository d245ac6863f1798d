import { defineKpi, firstVersion } from '../definition.ts';
import { totalOfColumn } from '../history-figures.ts';

export const agedValue = defineKpi({
  id: 'aged-value',
  name: 'Aged stock value',
  question: 'How much money lies in stock that came long ago?',
  formula: 'units on hand beyond all that came in the last 180 days x unit cost: what came first is sold first',
  group: 'money',
  unit: 'money',
  direction: 'down',
  clock: 'level at the end of a local day',
  exclusions:
    'units in transit; transfers make nothing younger; the first 180 days on record know of nothing aged but what was there before',
  owner: 'Inventory planning',
  target: null,
  cadence: 'day',
  dimensions: ['category'],
  thresholds: null,
  sources: ['stock.received', 'stock.adjusted', 'fulfilment.dispatched', 'item.defined'],
  exceptions: ['excess-or-aged-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: totalOfColumn('aged') },
  sql: { file: 'idle-stock', parameters: { horizonDays: 90, agedDays: 180, rateDays: 28 } },
});
