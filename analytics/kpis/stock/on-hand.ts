import { stockChangesBy } from '../../sql/asked-rows.ts';
import { defineKpi, firstVersion } from '../definition.ts';
import { sumOf } from '../levels.ts';

/** Rows of what is counted as on hand. */
export const physicalStock = {
  kind: 'rows',
  rows: 'stock_changes',
  moment: 'at',
  where: "node != '' AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')",
  dimensions: { node: 'node', sku: 'sku' },
} as const;

export const onHand = defineKpi({
  id: 'on-hand',
  name: 'On hand',
  question: 'How many units do we hold?',
  formula: 'sellable + allocated + quarantined + damaged + return pending',
  group: 'stock',
  unit: 'count',
  direction: 'none',
  clock: 'level at a moment',
  exclusions: 'units in transit',
  owner: 'Inventory planning',
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
  ],
  exceptions: ['negative-stock', 'count-variance', 'transfer-late'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'level', read: ({ totals }, filter) => sumOf(totals, filter, (node) => node.onHand) },
  sql: { file: 'on-hand' },
  asked: {
    ...physicalStock,
    summed: { ...stockChangesBy, columns: ['sku', 'node', 'place', 'at', 'change'] },
    figure: { kind: 'level', change: 'sum(change)' },
    shows: ['at', 'sku', 'node', 'place', 'change', 'reason', 'order_id'],
    each: 'change',
  },
});
