import { defineKpi, firstVersion } from '../definition.ts';
import { totalOfColumn } from '../history-figures.ts';

export const sourceEvents = defineKpi({
  id: 'source-events',
  name: 'Events received',
  question: 'How much do sources send?',
  formula: 'events that were received, refused ones among them',
  group: 'data',
  unit: 'count',
  direction: 'none',
  clock: 'arrival',
  exclusions: 'replays of files, our own findings, and repeats of known events',
  owner: 'Operations engineering',
  target: null,
  cadence: 'hour',
  dimensions: ['source'],
  thresholds: null,
  sources: ['source.defined'],
  exceptions: ['kpi-anomaly', 'volume-abnormal', 'source-silent'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 1, figure: totalOfColumn('part') },
  sql: { file: 'source-events' },
});
