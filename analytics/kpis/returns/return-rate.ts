import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { unitsShipped } from '../fulfilment/shipped.ts';

const unitsCameBack = defineMeasure({
  name: 'units.came-back',
  grain: 'hour',
  terms: [{ step: 'line-came-back', column: 'quantity' }],
});

export const returnRate = defineKpi({
  id: 'return-rate',
  name: 'Return rate',
  question: 'How much of what we shipped then has come back since?',
  formula: 'units returned of those shipped in the period / units shipped in the period',
  group: 'returns',
  unit: 'percent',
  direction: 'down',
  clock:
    'when the units were shipped, from the node that shipped them; of a line shipped in parts, its last shipment. Figures of the last weeks still rise',
  exclusions: 'returns whose order line is not known, and units that came back beyond what was shipped',
  owner: 'Head of customer service',
  target: 10,
  thresholds: { look: 10, act: 20 },
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['fulfilment.dispatched', 'return.received'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
  live: { kind: 'ratio', part: [unitsCameBack], whole: [unitsShipped] },
});
