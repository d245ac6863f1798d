import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const sourceCompleteness = defineKpi({
  id: 'source-completeness',
  name: 'Source completeness',
  question: 'Do sources send as much as they usually do?',
  formula: 'events of a quarter of an hour / events usual at that hour of working days or weekends',
  group: 'data',
  unit: 'percent',
  direction: 'none',
  clock: 'arrival: the last whole quarter of an hour before each hour',
  exclusions: 'sources of which less than a week is known, silent ones and replays; repeats of known events',
  owner: 'Operations engineering',
  target: null,
  cadence: 'hour',
  dimensions: ['source'],
  thresholds: null,
  sources: ['kpi.measured'],
  exceptions: ['volume-abnormal', 'source-silent'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 1, figure: ratioOfColumns('part', 'whole', 100) },
  sql: { file: 'measured', parameters: { kpi: 'source-completeness', last: 0 } },
});
