import { defineKpi, firstVersion } from '../definition.ts';
import { sumOf } from '../levels.ts';

export const atp = defineKpi({
  id: 'atp',
  name: 'Available to promise',
  question: 'How many units are left to promise?',
  formula: 'sum of sellable - safety stock over all stock records, below zero included',
  group: 'stock',
  unit: 'count',
  direction: 'none',
  clock: 'level at a moment, with the newest known safety stock',
  exclusions: 'SKUs that never moved at a node; what channels keep for themselves is in channel ATP',
  owner: 'Inventory planning',
  target: null,
  cadence: 'minute',
  dimensions: ['node'],
  thresholds: null,
  sources: ['stock.received', 'stock.adjusted', 'order.placed', 'fulfilment.dispatched', 'item.defined'],
  exceptions: ['oversold', 'negative-stock', 'stockout-expected'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'level', read: ({ totals }, filter) => sumOf(totals, filter, (node) => node.atp) },
  sql: { file: 'atp' },
});
