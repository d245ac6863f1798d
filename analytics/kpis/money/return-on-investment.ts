import { defineKpi, firstVersion } from '../definition.ts';
import { ratioOfColumns } from '../history-figures.ts';

export const returnOnInvestment = defineKpi({
  id: 'return-on-investment',
  name: 'Return on investment',
  question: 'Is it worth what it costs?',
  formula:
    '(sum of the changes of KPIs since their frozen baselines, on their good side, x what a unit is worth in a month - run cost) / run cost, over the last 28 days',
  group: 'money',
  unit: 'percent',
  direction: 'up',
  clock: 'measured once an hour, never again',
  exclusions: 'KPIs without a baseline; unknown until the policy names unit values and the run cost',
  owner: 'Finance',
  target: null,
  cadence: 'hour',
  dimensions: [],
  thresholds: null,
  sources: ['kpi.measured', 'kpi.baseline-frozen', 'policy.defined'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: ratioOfColumns('part', 'whole', 100) },
  sql: { file: 'measured', parameters: { kpi: 'return-on-investment', last: 1 } },
});
