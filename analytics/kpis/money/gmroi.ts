import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const gmroi = defineKpi({
  id: 'gmroi',
  name: 'GMROI',
  question: 'What does a unit of money in stock earn in a year?',
  formula: 'gross margin of goods dispatched, as if for a year / mean of the daily balances of inventory at cost',
  group: 'money',
  unit: 'ratio',
  direction: 'up',
  clock: 'local days: balances at their end, goods when they were dispatched',
  exclusions: 'goods sold in other currencies; returns and refunds are not taken off; at cost, never at retail',
  owner: 'Finance',
  target: null,
  cadence: 'day',
  dimensions: ['node'],
  thresholds: null,
  sources: [
    'stock.received',
    'stock.adjusted',
    'stock.transferred',
    'fulfilment.dispatched',
    'return.received',
    'stock.counted',
    'item.defined',
  ],
  exceptions: ['excess-or-aged-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 28, figure: ratioOfColumns('margin', 'balance', 365) },
  sql: { file: 'stock-turn' },
});
