import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const counts = defineMeasure({ name: 'records.counted', terms: [{ step: 'record-counted', column: 'steps' }] });
const right = defineMeasure({ name: 'records.right', terms: [{ step: 'record-counted', column: 'filled' }] });

export const recordAccuracy = defineKpi({
  id: 'record-accuracy',
  name: 'Inventory record accuracy',
  question: 'How often does the shelf hold what the record says?',
  formula:
    'counts that found the record within tolerance of its class (A 1 %, B 3 %, C 5 % unless the policy says otherwise) / counts',
  group: 'stock',
  unit: 'percent',
  direction: 'up',
  clock: 'when it was counted, against the figure as of then',
  exclusions: 'assertions of systems; items without a class count as C; pluses are never netted against minuses',
  owner: 'Inventory control',
  target: 97,
  cadence: 'minute',
  dimensions: ['node', 'class'],
  thresholds: { look: 97, act: 90 },
  sources: ['stock.counted'],
  exceptions: ['count-variance', 'confidence-low', 'negative-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [right], whole: [counts] },
});
