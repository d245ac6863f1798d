import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const cancelledAmount = defineMeasure({
  name: 'cancelled',
  per: 'currency',
  grain: 'hour',
  terms: [{ step: 'line-cancelled', column: 'amount' }],
});

export const cancelledValue = defineKpi({
  id: 'cancelled-value',
  name: 'Cancelled value',
  question: 'What are the units worth that were cancelled?',
  formula: 'sales value of cancelled units, whatever the cause',
  group: 'money',
  unit: 'money',
  direction: 'down',
  clock: 'when it was cancelled',
  exclusions: "orders in other currencies than the workspace's",
  owner: 'Head of sales',
  target: null,
  thresholds: null,
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.cancelled'],
  exceptions: ['oversold', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [cancelledAmount] },
});
