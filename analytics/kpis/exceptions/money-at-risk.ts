import { isAtRisk } from '../../../streams/exceptions/work-machine.ts';
import { moneyAtRiskChanges } from '../../sql/asked-rows.ts';
import { defineKpi, firstVersion } from '../definition.ts';
import { matches } from '../levels.ts';

export const moneyAtRisk = defineKpi({
  id: 'money-at-risk',
  name: 'Money at risk',
  question: 'What do the open exceptions put at risk?',
  formula: 'sum of the money at risk of open exceptions, each by its own formula',
  group: 'exceptions',
  unit: 'money',
  direction: 'down',
  clock: 'level at a moment',
  exclusions:
    'what was resolved or dismissed, until it comes back; exceptions without a price count as 0; by channel or node, exceptions that name none',
  owner: 'Head of operations',
  target: 0,
  cadence: 'minute',
  dimensions: ['channel', 'node'],
  thresholds: null,
  sources: ['deadline.passed', 'exception.resolved', 'exception.dismissed'],
  version: 1,
  changes: firstVersion,
  live: {
    kind: 'level',
    // No open exception is good news and no gap in the data.
    read: ({ exceptions }, filter) =>
      exceptions.reduce((sum, open) => (isAtRisk(open) && matches(open, filter) ? sum + open.moneyAtRisk : sum), 0),
  },
  sql: { file: 'money-at-risk', emptyIsZero: true },
  asked: {
    kind: 'rows',
    rows: moneyAtRiskChanges,
    moment: 'at',
    figure: { kind: 'level', change: 'sum(amount)', emptyIsZero: true },
    dimensions: { channel: 'channel', node: 'node', kind: 'kind' },
    shows: ['at', 'exception_id', 'kind', 'title', 'change', 'channel', 'node', 'amount'],
    each: 'amount',
  },
});
