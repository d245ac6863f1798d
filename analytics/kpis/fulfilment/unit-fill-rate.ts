import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const unitsFilled = defineMeasure({
  name: 'units.filled',
  grain: 'hour',
  terms: [{ step: 'line-attempted', column: 'quantity' }],
});
const unitsAttempted = defineMeasure({
  name: 'units.attempted',
  grain: 'hour',
  terms: [
    { step: 'line-attempted', column: 'quantity' },
    { step: 'line-attempted', column: 'short' },
  ],
});

export const unitFillRate = defineKpi({
  id: 'unit-fill-rate',
  name: 'Unit fill rate',
  question: 'How many of the units asked for leave at the first attempt?',
  formula: 'units shipped with the first shipment of their line / units open then',
  group: 'fulfilment',
  unit: 'percent',
  direction: 'up',
  clock: 'first shipment of the line, or its first cancellation for stock or fulfilment',
  exclusions:
    'units the customer or fraud control cancelled before the first shipment, and units shipped beyond the order',
  owner: 'Head of fulfilment',
  target: 98,
  thresholds: { look: 98, act: 95 },
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['fulfilment.dispatched', 'order.cancelled'],
  exceptions: ['oversold', 'stockout-expected', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [unitsFilled], whole: [unitsAttempted] },
});
