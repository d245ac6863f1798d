import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const daysInventoryOutstanding = defineKpi({
  id: 'days-inventory-outstanding',
  name: 'Days inventory outstanding',
  question: 'For how many days is money bound in stock?',
  formula: 'mean of the daily balances of on-hand value / cost of goods dispatched a day',
  group: 'money',
  unit: 'days',
  direction: 'down',
  clock: 'local days: balances at their end, goods when they were dispatched',
  exclusions: 'goods sold in other currencies; returns are not taken off; balances at what a unit costs now',
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
  live: { kind: 'history', of: 'period', days: 28, figure: ratioOfColumns('balance', 'cogs') },
  sql: { file: 'stock-turn' },
});
