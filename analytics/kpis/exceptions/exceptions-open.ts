import { isAtRisk } from '../../../streams/exceptions/work-machine.ts';
import { defineKpi, firstVersion } from '../definition.ts';

export const exceptionsOpen = defineKpi({
  id: 'exceptions-open',
  name: 'Open exceptions',
  question: 'How many things are wrong that nobody has settled?',
  formula: 'exceptions whose condition holds or has only just ended, and that were neither resolved nor dismissed',
  group: 'exceptions',
  unit: 'count',
  direction: 'down',
  clock: 'level at a moment',
  exclusions: 'those that are pending; a snooze takes none away',
  owner: 'Head of operations',
  target: null,
  cadence: 'minute',
  dimensions: ['kind'],
  thresholds: null,
  sources: ['deadline.passed', 'exception.resolved', 'exception.dismissed', 'exception.reopened'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'level', read: ({ exceptions }) => exceptions.filter(isAtRisk).length },
  asked: {
    kind: 'level',
    terms: [
      { step: 'exception-opened', column: 'steps' },
      { step: 'exception-reopened', column: 'steps' },
      { step: 'exception-ended', column: 'steps', sign: -1 },
    ],
    emptyIsZero: true,
  },
});
