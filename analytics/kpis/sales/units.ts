import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const unitsAccepted = defineMeasure({
  name: 'units',
  terms: [
    { step: 'line-accepted', column: 'quantity' },
    { step: 'line-edited', column: 'quantity' },
  ],
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
  thresholds: null,
  sources: ['order.placed', 'order.edited'],
  exceptions: ['kpi-anomaly', 'volume-abnormal', 'source-silent'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [unitsAccepted] },
});
