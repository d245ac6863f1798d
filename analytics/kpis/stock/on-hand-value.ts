import { valuedStockChanges, valuedStockChangesBy } from '../../sql/asked-rows.ts';
import { defineKpi, firstVersion } from '../definition.ts';
import { sumOf } from '../levels.ts';
import { physicalStock } from './on-hand.ts';

export const onHandValue = defineKpi({
  id: 'on-hand-value',
  name: 'On-hand value',
  question: 'What is the stock worth that we hold?',
  formula:
    'units on hand x unit cost: the moving average of receipts, else the standard cost of the item; a new cost re-values what is there, earlier moments included',
  group: 'money',
  unit: 'money',
  direction: 'down',
  clock: 'level at a moment',
  exclusions: 'units in transit; items without any cost count as worth nothing',
  owner: 'Finance',
  target: null,
  cadence: 'minute',
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
  live: { kind: 'level', read: ({ totals }, filter) => sumOf(totals, filter, (node) => node.value) },
  sql: { file: 'on-hand-value' },
  asked: {
    ...physicalStock,
    rows: valuedStockChanges,
    summed: { ...valuedStockChangesBy, columns: ['sku', 'node', 'place', 'at', 'worth'] },
    figure: { kind: 'level', change: 'sum(worth)' },
    shows: ['at', 'sku', 'node', 'place', 'change', 'worth', 'reason', 'order_id'],
    each: 'worth',
  },
});
