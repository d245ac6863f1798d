import { defineKpi, firstVersion } from '../definition.ts';
import { sumOf } from '../levels.ts';

export const atpShort = defineKpi({
  id: 'atp-short',
  name: 'ATP at or below zero',
  question: 'How many stock records have nothing left to promise?',
  formula: 'SKU-node records with sellable - safety stock <= 0',
  group: 'stock',
  unit: 'count',
  direction: 'down',
  clock: 'level at a moment, judged with the newest known safety stock',
  exclusions: 'SKUs that never moved at a node',
  owner: 'Inventory planning',
  target: null,
  cadence: 'minute',
  dimensions: ['node'],
  thresholds: null,
  sources: ['stock.received', 'stock.adjusted', 'order.placed', 'fulfilment.dispatched', 'item.defined'],
  exceptions: ['stockout-expected', 'oversold', 'negative-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'level', read: ({ totals }, filter) => sumOf(totals, filter, (node) => node.shortRecords) },
  sql: { file: 'atp-short' },
});
