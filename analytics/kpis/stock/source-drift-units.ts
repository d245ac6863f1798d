import { defineKpi, firstVersion } from '../definition.ts';
import { totalOfColumn } from '../history-figures.ts';

export const sourceDriftUnits = defineKpi({
  id: 'source-drift-units',
  name: 'Source drift, units',
  question: 'By how many units do systems disagree with us?',
  formula:
    'stated - our figure as of then, over the statements that disagree beyond the tolerance: above zero a source sees more than we do',
  group: 'stock',
  unit: 'count',
  direction: 'none',
  clock: 'measured once an hour, never again',
  exclusions:
    'statements within tolerance; over several sources pluses and minuses make up for each other: look at them one by one',
  owner: 'Integration owner',
  target: null,
  cadence: 'hour',
  dimensions: ['source'],
  thresholds: null,
  sources: ['kpi.measured', 'stock.asserted', 'stock.snapshot'],
  exceptions: ['channel-drift', 'snapshot-quarantined'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: totalOfColumn('part') },
  sql: { file: 'measured', parameters: { kpi: 'source-drift-units', last: 1 } },
});
