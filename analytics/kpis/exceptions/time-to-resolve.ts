import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const HOUR_MS = 3_600_000;

export const timesToResolve = defineMeasure({
  name: 'time-to-resolve',
  per: 'duration',
  terms: [{ step: 'exception-ended', column: 'steps' }],
});

export const timeToResolve = ([50, 90] as const).map((percent) =>
  defineKpi({
    id: `time-to-resolve-p${percent}`,
    name: `Time to resolve, p${percent}`,
    question: 'How long do things stay wrong?',
    formula: `time from the opening of an exception until it was resolved, dismissed or over, ${percent} % took no longer`,
    group: 'exceptions',
    unit: 'hours',
    direction: 'down',
    clock: 'when it ended',
    exclusions: 'exceptions that are open; a snooze stops no clock',
    owner: 'Head of operations',
    target: percent === 50 ? 4 : 24,
    cadence: 'minute',
    dimensions: ['channel', 'node', 'kind'],
    thresholds: null,
    sources: ['deadline.passed', 'exception.resolved', 'exception.dismissed'],
    version: 1,
    changes: firstVersion,
    live: { kind: 'quantile', of: timesToResolve.name, share: percent / 100, unitMs: HOUR_MS },
  }),
);
