import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const inventoryTurns = defineKpi({
  id: 'inventory-turns',
  name: 'Inventory turns',
  question: 'How often a year is the stock sold?',
  formula: 'cost of goods dispatched, as if for a year / mean of the daily balances of on-hand value',
  group: 'money',
  unit: 'perYear',
  direction: 'up',
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
  live: { kind: 'history', of: 'period', days: 28, figure: ratioOfColumns('cogs', 'balance', 365) },
  sql: { file: 'stock-turn' },
});
