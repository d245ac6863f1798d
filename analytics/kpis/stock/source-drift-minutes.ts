import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const sourceDriftMinutes = defineKpi({
  id: 'source-drift-minutes',
  name: 'Source drift, open for',
  question: 'For how long have systems disagreed with us?',
  formula: 'minutes since a statement began to disagree, as the mean over those that do',
  group: 'stock',
  unit: 'minutes',
  direction: 'down',
  clock: 'measured once an hour, never again',
  exclusions: 'statements within tolerance',
  owner: 'Integration owner',
  target: null,
  cadence: 'hour',
  dimensions: ['source'],
  thresholds: null,
  sources: ['kpi.measured', 'stock.asserted', 'stock.snapshot'],
  exceptions: ['channel-drift'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: ratioOfColumns('part', 'whole') },
  sql: { file: 'measured', parameters: { kpi: 'source-drift-minutes', last: 1 } },
});
