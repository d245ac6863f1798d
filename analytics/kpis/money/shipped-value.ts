import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const shippedAmount = defineMeasure({
  name: 'shipped',
  per: 'currency',
  grain: 'hour',
  terms: [{ step: 'line-dispatched', column: 'amount' }],
});

export const shippedValue = defineKpi({
  id: 'shipped-value',
  name: 'Shipped value',
  question: 'What are the goods worth that left?',
  formula: 'sales value of dispatched units',
  group: 'money',
  unit: 'money',
  direction: 'up',
  clock: 'when it was dispatched',
  exclusions: "orders in other currencies than the workspace's; what came back is not taken off",
  owner: 'Head of fulfilment',
  target: null,
  thresholds: null,
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['fulfilment.dispatched'],
  exceptions: ['dispatch-unconfirmed'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [shippedAmount] },
});
