import { defineKpi, defineMeasure } from './definition.ts';

export const ordersAccepted = defineMeasure({ name: 'orders', steps: { 'order-accepted': (step) => step.sign } });

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
  live: { kind: 'count', plus: [ordersAccepted] },
  sql: { file: 'orders' },
});
