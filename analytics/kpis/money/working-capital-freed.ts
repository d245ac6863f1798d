import { defineKpi, firstVersion } from '../definition.ts';
import { totalOfColumn } from '../history-figures.ts';

export const workingCapitalFreed = defineKpi({
  id: 'working-capital-freed',
  name: 'Working capital freed',
  question: 'How much money is not bound in stock any more?',
  formula:
    '(days inventory outstanding of the frozen baseline, in the same weeks of the year - of the last 28 days) x cost of goods dispatched a day',
  group: 'money',
  unit: 'money',
  direction: 'up',
  clock: 'measured once an hour, never again',
  exclusions: 'unknown until a baseline of days inventory outstanding was frozen',
  owner: 'Finance',
  target: null,
  cadence: 'hour',
  dimensions: [],
  thresholds: null,
  sources: ['kpi.measured', 'kpi.baseline-frozen'],
  exceptions: ['excess-or-aged-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: totalOfColumn('part') },
  sql: { file: 'measured', parameters: { kpi: 'working-capital-freed', last: 1 } },
});
