import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const unitsPicked = defineMeasure({
  name: 'units.picked',
  grain: 'hour',
  terms: [{ step: 'line-picked', column: 'quantity' }],
});
const unitsShortPicked = defineMeasure({
  name: 'units.short-picked',
  grain: 'hour',
  terms: [{ step: 'line-short-picked', column: 'quantity' }],
});

const words = {
  group: 'fulfilment',
  owner: 'Head of fulfilment',
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  version: 1,
  changes: firstVersion,
} as const;

export const picking = [
  defineKpi({
    ...words,
    id: 'units-picked',
    name: 'Units picked',
    question: 'How many units did nodes pick?',
    formula: 'units reported as picked',
    unit: 'count',
    direction: 'up',
    clock: 'when they were picked',
    exclusions: 'nodes that do not report picking',
    target: null,
    thresholds: null,
    sources: ['fulfilment.picked'],
    exceptions: ['pick-delayed', 'count-variance'],
    live: { kind: 'count', plus: [unitsPicked] },
  }),
  defineKpi({
    ...words,
    id: 'short-pick-rate',
    name: 'Short-pick rate',
    question: 'How often does a picker not find what the record says?',
    formula: 'units not found / units picked and not found',
    unit: 'percent',
    direction: 'down',
    clock: 'when they were picked, or missed',
    exclusions: 'nodes that do not report picking',
    target: 0.5,
    thresholds: { look: 0.5, act: 2 },
    sources: ['fulfilment.picked', 'fulfilment.short-picked'],
    exceptions: ['pick-delayed', 'count-variance'],
    live: { kind: 'ratio', part: [unitsShortPicked], whole: [unitsPicked, unitsShortPicked] },
  }),
];
