import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { revenueAccepted } from './revenue.ts';

export const costAccepted = defineMeasure({
  name: 'cost',
  per: 'currency',
  terms: [
    { step: 'line-accepted', column: 'cost' },
    { step: 'line-edited', column: 'cost' },
  ],
});

export const margin = defineKpi({
  id: 'margin',
  name: 'Margin',
  question: 'What do the orders leave over that came in?',
  formula: 'revenue - units x unit cost at the moment of acceptance',
  group: 'money',
  unit: 'money',
  direction: 'up',
  clock: 'when the order was placed; an edit counts when it was made',
  exclusions: "orders in other currencies than the workspace's; items without a unit cost count at no cost",
  owner: 'Head of sales',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed', 'order.edited', 'item.defined'],
  exceptions: ['kpi-anomaly', 'unknown-values'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [revenueAccepted], minus: [costAccepted] },
});
