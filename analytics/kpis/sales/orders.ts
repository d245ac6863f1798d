import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const ordersAccepted = defineMeasure({ name: 'orders', terms: [{ step: 'order-accepted', column: 'steps' }] });

export const orders = defineKpi({
  id: 'orders',
  name: 'Orders',
  question: 'How many orders came in?',
  formula: 'orders accepted',
  group: 'sales',
  unit: 'count',
  direction: 'up',
  clock: 'when the order was placed',
  exclusions: 'none; an order cancelled later still counts, cancellations are shown apart',
  owner: 'Head of sales',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed'],
  exceptions: ['kpi-anomaly', 'volume-abnormal', 'source-silent'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [ordersAccepted] },
});
