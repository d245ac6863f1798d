import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const unitsReturned = defineMeasure({
  name: 'units.returned',
  grain: 'hour',
  terms: [{ step: 'return-received', column: 'quantity' }],
});

export const unitsReturnedCount = defineKpi({
  id: 'units-returned',
  name: 'Units returned',
  question: 'How many units came back?',
  formula: 'units received as returns',
  group: 'returns',
  unit: 'count',
  direction: 'down',
  clock: 'when they came back, at the node that received them',
  exclusions: 'none; a return whose order is not known when it comes has no channel',
  owner: 'Head of customer service',
  target: null,
  thresholds: null,
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['return.received'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
  live: { kind: 'count', plus: [unitsReturned] },
});
