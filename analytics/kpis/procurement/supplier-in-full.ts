import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { linesDue } from './supplier-on-time.ts';

const linesInFull = defineMeasure({
  name: 'supply.in-full',
  grain: 'hour',
  terms: [{ step: 'supply-in-full', column: 'steps' }],
});

export const supplierInFull = defineKpi({
  id: 'supplier-in-full',
  name: 'Supplier in full',
  question: 'How often has everything come that was due, however late?',
  formula: 'purchase order lines due of which all units have come by now / lines due',
  group: 'procurement',
  unit: 'percent',
  direction: 'up',
  clock: 'the date the supplier named first; a line that becomes complete later restates it',
  exclusions: 'units we cancelled before the date; no tolerance: the last missing unit counts',
  owner: 'Head of procurement',
  target: 98,
  cadence: 'hour',
  dimensions: ['node', 'supplier'],
  thresholds: { look: 98, act: 90 },
  sources: ['purchase-order.confirmed', 'purchase-order.changed', 'stock.received', 'deadline.passed'],
  exceptions: ['stockout-expected', 'oversold'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [linesInFull], whole: [linesDue] },
});
