import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const revenueAccepted = defineMeasure({
  name: 'revenue',
  per: 'currency',
  terms: [
    { step: 'line-accepted', column: 'amount' },
    { step: 'line-edited', column: 'amount' },
  ],
});

export const revenue = defineKpi({
  id: 'revenue',
  name: 'Revenue',
  question: 'What are the orders worth that came in?',
  formula: 'sales value of accepted lines after discounts, and what later edits added to or took from it',
  group: 'money',
  unit: 'money',
  direction: 'up',
  clock: 'when the order was placed; an edit counts when it was made',
  exclusions: "orders in other currencies than the workspace's; cancellations and refunds are not taken off",
  owner: 'Head of sales',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed', 'order.edited'],
  exceptions: ['kpi-anomaly', 'volume-abnormal'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [revenueAccepted] },
});
