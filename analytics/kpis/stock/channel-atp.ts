import { defineKpi, firstVersion } from '../definition.ts';
import { totalOfColumn } from '../history-figures.ts';

export const channelAtpKpi = defineKpi({
  id: 'channel-atp',
  name: 'Channel ATP',
  question: 'What may each channel still promise?',
  formula:
    'sum over items and eligible nodes of ATP - stock protected for others - the buffer of the channel - demand that waits, below zero included',
  group: 'stock',
  unit: 'count',
  direction: 'none',
  clock: 'measured once an hour, never again',
  exclusions: 'over all channels the same units count for each that may promise them',
  owner: 'Inventory planning',
  target: null,
  cadence: 'hour',
  dimensions: ['channel'],
  thresholds: null,
  sources: ['kpi.measured'],
  exceptions: ['oversold', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: totalOfColumn('part') },
  sql: { file: 'measured', parameters: { kpi: 'channel-atp', last: 1 } },
});
