import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const linesAttempted = defineMeasure({ name: 'lines.attempted', terms: [{ step: 'line-attempted', column: 'steps' }] });
const linesFilled = defineMeasure({
  name: 'lines.filled',
  terms: [{ step: 'line-attempted', column: 'filled' }],
});

export const lineFillRate = defineKpi({
  id: 'line-fill-rate',
  name: 'Line fill rate',
  question: 'How many lines leave complete at the first attempt?',
  formula: 'lines shipped complete at the first attempt / lines attempted',
  group: 'fulfilment',
  unit: 'percent',
  direction: 'up',
  clock: 'first shipment of the line, or its first cancellation for stock or fulfilment',
  exclusions: 'lines the customer or fraud control cancelled before the first shipment',
  owner: 'Head of fulfilment',
  target: 98,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['fulfilment.dispatched', 'order.cancelled'],
  exceptions: ['oversold', 'stockout-expected', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [linesFilled], whole: [linesAttempted] },
});
