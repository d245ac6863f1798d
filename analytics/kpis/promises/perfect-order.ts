import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { ordersPromised } from './promise-accuracy.ts';

const ordersPerfect = defineMeasure({
  name: 'orders.perfect',
  grain: 'hour',
  terms: [{ step: 'order-perfect', column: 'steps' }],
});
/** Orders whose delivery nobody reports are judged when they have to leave; the others are counted as promised. */
const ordersJudged = defineMeasure({
  name: 'orders.judged',
  grain: 'hour',
  terms: [
    { step: 'order-due', column: 'steps', causes: ['dispatch'] },
    { step: 'order-given-up', column: 'steps', causes: ['dispatch'] },
  ],
});

export const perfectOrder = defineKpi({
  id: 'perfect-order',
  name: 'Perfect order',
  question: 'How many orders had nothing wrong with them?',
  formula: 'orders with no line that failed in quantity, time or condition / orders judged',
  group: 'promises',
  unit: 'percent',
  direction: 'up',
  clock:
    'where deliveries are reported, delivery or the first deliver-by, whichever came first; otherwise ship-by. Hours that are over; a return in bad condition changes it later',
  exclusions:
    'orders without a promise, and orders that customers or fraud control cancelled whole. Each order is judged as one: it is no product of rates. Condition fails with a return for a reason that the disposition policy does not put back on sale',
  owner: 'Head of fulfilment',
  target: 90,
  thresholds: { look: 90, act: 80 },
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'order.cancelled', 'fulfilment.dispatched', 'fulfilment.delivered', 'return.received'],
  exceptions: ['ship-by-at-risk', 'delivery-late', 'oversold'],
  version: 1,
  changes: firstVersion,
  ahead: true,
  recordedSince: 'judged-order',
  live: { kind: 'ratio', part: [ordersPerfect], whole: [ordersJudged, ordersPromised] },
});
