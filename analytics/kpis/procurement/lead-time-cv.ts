import { defineKpi, firstVersion, type HistoryRow } from '../definition.ts';
import { momentsOf } from '../history-figures.ts';

function variation(rows: readonly HistoryRow[]): number | null {
  const moments = momentsOf(rows);
  return moments === null || moments.mean === 0 ? null : moments.deviation / moments.mean;
}

export const leadTimeCv = defineKpi({
  id: 'lead-time-cv',
  name: 'Lead time, coefficient of variation',
  question: 'How reliable is a lead time?',
  formula: 'standard deviation / mean of the times from confirmation to complete receipt',
  group: 'procurement',
  unit: 'ratio',
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
  live: { kind: 'history', of: 'period', days: 90, figure: variation },
  sql: { file: 'lead-time-spread' },
});
