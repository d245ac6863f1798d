import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const opened = defineMeasure({
  name: 'exceptions.opened',
  terms: [{ step: 'exception-opened', column: 'steps' }],
});

export const exceptionsOpened = defineKpi({
  id: 'exceptions-opened',
  name: 'Exceptions opened',
  question: 'How many things went wrong?',
  formula: 'exceptions that came to be open',
  group: 'exceptions',
  unit: 'count',
  direction: 'down',
  clock: 'when it opened',
  exclusions: 'what was over before its hold time; one that comes back while it recovers is the same',
  owner: 'Head of operations',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'kind'],
  thresholds: null,
  sources: ['deadline.passed'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [opened] },
});
