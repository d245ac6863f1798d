import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const supplierDaysLate = defineKpi({
  id: 'supplier-days-late',
  name: 'Supplier days late',
  question: 'How late do units come?',
  formula: 'sum of units x days after the first confirmed date, for what has not come until now / units due',
  group: 'procurement',
  unit: 'days',
  direction: 'down',
  clock: 'the date the supplier named first; grows while units are missing',
  exclusions: 'what comes early makes up for nothing; units we cancelled before the date',
  owner: 'Head of procurement',
  target: 1,
  cadence: 'day',
  dimensions: ['node', 'supplier'],
  thresholds: null,
  sources: ['purchase-order.confirmed', 'purchase-order.changed', 'stock.received', 'deadline.passed'],
  exceptions: ['stockout-expected', 'oversold'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 90, figure: ratioOfColumns('unit_days', 'due') },
  sql: { file: 'supplier-days-late' },
});
