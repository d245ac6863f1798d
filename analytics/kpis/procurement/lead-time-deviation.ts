import { defineKpi, firstVersion } from '../definition.ts';
import { momentsOf } from '../history-figures.ts';

export const leadTimeDeviation = defineKpi({
  id: 'lead-time-deviation',
  name: 'Lead time, deviation',
  question: 'How far does a lead time stray?',
  formula: 'standard deviation of the times from confirmation to complete receipt',
  group: 'procurement',
  unit: 'days',
  direction: 'down',
  clock: 'when the last unit of the line came',
  exclusions: 'lines of which units are missing',
  owner: 'Head of procurement',
  target: null,
  cadence: 'day',
  dimensions: ['node', 'supplier'],
  thresholds: null,
  sources: ['purchase-order.confirmed', 'purchase-order.changed', 'stock.received', 'deadline.passed'],
  exceptions: ['stockout-expected', 'oversold'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 90, figure: (rows) => momentsOf(rows)?.deviation ?? null },
  sql: { file: 'lead-time-spread' },
});
