import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

/** Steps of earlier versions did not count lines: they have no cause. */
const causes = ['dispatch', 'delivery'] as const;

const linesDue = defineMeasure({
  name: 'lines.due',
  grain: 'hour',
  terms: [
    { step: 'order-due', column: 'quantity', causes },
    { step: 'order-given-up', column: 'quantity', causes },
  ],
});
const linesKept = defineMeasure({
  name: 'lines.kept',
  grain: 'hour',
  terms: [{ step: 'order-kept', column: 'quantity' }],
});

export const otif = defineKpi({
  id: 'otif',
  name: 'OTIF, dispatch',
  question: 'How many lines leave complete by the moment we promised?',
  formula: 'lines completely dispatched at or before ship-by / lines due',
  group: 'promises',
  unit: 'percent',
  direction: 'up',
  clock: 'ship-by, as last agreed; hours that are over',
  exclusions:
    'orders without a ship-by; units that customers or fraud control cancelled are not owed. Lines never shipped, and lines we cancelled ourselves, count against; a line counts by its last shipment',
  owner: 'Head of fulfilment',
  target: 95,
  thresholds: { look: 95, act: 90 },
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'order.edited', 'order.cancelled', 'fulfilment.dispatched'],
  exceptions: [
    'ship-by-at-risk',
    'pick-delayed',
    'dispatch-unconfirmed',
    'node-impaired',
    'node-over-capacity',
    'oversold',
  ],
  version: 1,
  changes: firstVersion,
  ahead: true,
  recordedSince: 'judged-order',
  live: { kind: 'ratio', part: [linesKept], whole: [linesDue] },
});
