import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const linesDue = defineMeasure({
  name: 'supply.due',
  grain: 'hour',
  terms: [{ step: 'supply-due', column: 'steps' }],
});
const linesOnTime = defineMeasure({
  name: 'supply.on-time',
  grain: 'hour',
  terms: [{ step: 'supply-due', column: 'filled' }],
});

export const supplierOnTime = defineKpi({
  id: 'supplier-on-time',
  name: 'Supplier on time',
  question: 'How often does everything come by the day that was confirmed?',
  formula: 'purchase order lines fully received by the first confirmed date, a day of grace included / lines due',
  group: 'procurement',
  unit: 'percent',
  direction: 'up',
  clock: 'the date the supplier named first',
  exclusions: 'units we cancelled before the date; lines that never come count against it',
  owner: 'Head of procurement',
  target: 95,
  cadence: 'hour',
  dimensions: ['node', 'supplier'],
  thresholds: { look: 95, act: 85 },
  sources: ['purchase-order.confirmed', 'purchase-order.changed', 'stock.received', 'deadline.passed'],
  exceptions: ['stockout-expected', 'oversold'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [linesOnTime], whole: [linesDue] },
});
