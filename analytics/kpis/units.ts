import { defineKpi, defineMeasure } from './definition.ts';

export const unitsAccepted = defineMeasure({
  name: 'units',
  steps: {
    'line-accepted': (step) => step.sign * step.quantity,
    'line-edited': (step) => step.sign * step.quantity,
  },
});

export const units = defineKpi({
  id: 'units',
  name: 'Units',
  question: 'How many units were ordered?',
  formula: 'units of accepted lines, and what later edits added to or took from them',
  group: 'sales',
  unit: 'count',
  direction: 'up',
  clock: 'when the order was placed; an edit counts when it was made',
  exclusions: 'none; units cancelled later still count, cancellations are shown apart',
  owner: 'Head of sales',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  live: { kind: 'count', plus: [unitsAccepted] },
  sql: { file: 'units' },
});
