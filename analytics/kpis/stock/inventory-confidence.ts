import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const inventoryConfidence = defineKpi({
  id: 'inventory-confidence',
  name: 'Inventory confidence',
  question: 'How far can the records be trusted?',
  formula: 'probability that a record is within its tolerance, weighed by what is on hand at unit cost',
  group: 'stock',
  unit: 'ratio',
  direction: 'up',
  clock: 'measured once an hour, never again',
  exclusions: 'records that never moved; items without a cost weigh nothing',
  owner: 'Inventory control',
  target: 0.9,
  cadence: 'hour',
  dimensions: ['node'],
  thresholds: { look: 0.9, act: 0.75 },
  sources: ['kpi.measured', 'stock.counted', 'stock.asserted'],
  exceptions: ['confidence-low', 'count-variance', 'channel-drift'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: ratioOfColumns('part', 'whole') },
  sql: { file: 'measured', parameters: { kpi: 'inventory-confidence', last: 1 } },
});
