import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { ended } from './exceptions-ended.ts';

const endedInTime = defineMeasure({
  name: 'exceptions.in-time',
  terms: [{ step: 'exception-ended', column: 'on_time' }],
});

export const exceptionsInSla = defineKpi({
  id: 'exceptions-in-sla',
  name: 'Exceptions in SLA',
  question: 'How often is it settled while that still helps?',
  formula: 'exceptions that ended by their deadline / exceptions that ended',
  group: 'exceptions',
  unit: 'percent',
  direction: 'up',
  clock: 'when it ended; held against the deadline it had then',
  exclusions: 'exceptions that are open, also those past their deadline; one without a deadline is in time',
  owner: 'Head of operations',
  target: 90,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'kind'],
  thresholds: { look: 90, act: 80 },
  sources: ['deadline.passed', 'exception.resolved', 'exception.dismissed'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [endedInTime], whole: [ended] },
});
