import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { revenueAccepted } from './revenue.ts';

const refunded = defineMeasure({
  name: 'refunds',
  per: 'currency',
  grain: 'hour',
  terms: [{ step: 'order-refunded', column: 'amount' }],
});

const words = {
  group: 'money',
  direction: 'down',
  owner: 'Head of customer service',
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  version: 1,
  changes: firstVersion,
} as const;

export const refunds = [
  defineKpi({
    ...words,
    id: 'refunds',
    name: 'Refunds',
    question: 'How much money went back to customers?',
    formula: 'sum of refunds, less refunds that were taken back',
    unit: 'money',
    clock: 'when the money went back',
    exclusions: "orders in other currencies than the workspace's",
    target: null,
    thresholds: null,
    sources: ['order.refunded'],
    live: { kind: 'count', plus: [refunded] },
  }),
  defineKpi({
    ...words,
    id: 'refund-rate',
    name: 'Refund rate',
    question: 'How much of what we sell goes back as money?',
    formula: 'refunds / revenue',
    unit: 'percent',
    clock:
      'refunds when the money went back, revenue when the order was placed: over a short period the two are not the same orders',
    exclusions: "orders in other currencies than the workspace's",
    target: 5,
    thresholds: { look: 5, act: 10 },
    sources: ['order.refunded', 'order.placed', 'order.edited'],
    live: { kind: 'ratio', part: [refunded], whole: [revenueAccepted] },
  }),
];
