import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const MINUTE_MS = 60_000;

export const timesToAcknowledge = defineMeasure({
  name: 'time-to-acknowledge',
  per: 'duration',
  terms: [{ step: 'exception-acknowledged', column: 'steps' }],
});

export const timeToAcknowledge = ([50, 90] as const).map((percent) =>
  defineKpi({
    id: `time-to-acknowledge-p${percent}`,
    name: `Time to acknowledge, p${percent}`,
    question: 'How long does it take until somebody is on it?',
    formula: `time from the opening of an exception until it was acknowledged or started, ${percent} % took no longer`,
    group: 'exceptions',
    unit: 'minutes',
    direction: 'down',
    clock: 'when it was acknowledged',
    exclusions: 'exceptions nobody acknowledged; what is opened again counts from then',
    owner: 'Head of operations',
    target: percent === 50 ? 15 : 60,
    cadence: 'minute',
    dimensions: ['channel', 'node', 'kind'],
    thresholds: null,
    sources: ['exception.acknowledged', 'exception.started'],
    version: 1,
    changes: firstVersion,
    live: { kind: 'quantile', of: timesToAcknowledge.name, share: percent / 100, unitMs: MINUTE_MS },
  }),
);
