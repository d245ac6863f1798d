import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const ended = defineMeasure({
  name: 'exceptions.ended',
  terms: [{ step: 'exception-ended', column: 'steps' }],
});

export const exceptionsEnded = defineKpi({
  id: 'exceptions-ended',
  name: 'Exceptions closed',
  question: 'How many exceptions came to an end?',
  formula: 'exceptions resolved or dismissed by people, or over by themselves, whichever came first',
  group: 'exceptions',
  unit: 'count',
  direction: 'up',
  clock: 'when it ended',
  exclusions: 'none; one that is opened again ends again',
  owner: 'Head of operations',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'kind'],
  thresholds: null,
  sources: ['deadline.passed', 'exception.resolved', 'exception.dismissed'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [ended] },
});
