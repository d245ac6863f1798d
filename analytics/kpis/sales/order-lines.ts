import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const linesAccepted = defineMeasure({ name: 'lines', terms: [{ step: 'line-accepted', column: 'steps' }] });

export const orderLines = defineKpi({
  id: 'order-lines',
  name: 'Order lines',
  question: 'How many order lines came in?',
  formula: 'order lines accepted, with the order or by a later edit',
  group: 'sales',
  unit: 'count',
  direction: 'up',
  clock: 'when the order was placed, or the edit made that added the line',
  exclusions: 'none; a line cancelled later still counts, cancellations are shown apart',
  owner: 'Head of sales',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed', 'order.edited'],
  exceptions: ['kpi-anomaly', 'volume-abnormal', 'source-silent'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [linesAccepted] },
});
