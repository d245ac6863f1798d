import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { ended } from './exceptions-ended.ts';

const falseAlarms = defineMeasure({
  name: 'exceptions.false-alarm',
  terms: [
    { step: 'exception-dismissed', column: 'steps' },
    { step: 'exception-dismissed', column: 'filled', sign: -1 },
  ],
});

export const falseAlarmShare = defineKpi({
  id: 'false-alarm-share',
  name: 'False alarms',
  question: 'How many exceptions cried wolf?',
  formula: 'exceptions dismissed as a false alarm / exceptions that ended',
  group: 'exceptions',
  unit: 'percent',
  direction: 'down',
  clock: 'when it ended',
  exclusions: 'dismissals for other reasons; what was over before anybody judged it counts as true',
  owner: 'Head of operations',
  target: 10,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'kind'],
  thresholds: { look: 10, act: 25 },
  sources: ['exception.dismissed', 'exception.resolved', 'deadline.passed'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [falseAlarms], whole: [ended] },
});
