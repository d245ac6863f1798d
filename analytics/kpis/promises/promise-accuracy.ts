/** What was promised first is what the customer remembers: an edit that moves a promise does not mend it here. */
import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const ordersPromised = defineMeasure({
  name: 'orders.promised',
  grain: 'hour',
  terms: [{ step: 'order-promised', column: 'steps' }],
});
const ordersDelivered = defineMeasure({
  name: 'orders.promised.kept',
  grain: 'hour',
  terms: [{ step: 'order-promised', column: 'filled' }],
});
const linesPromised = defineMeasure({
  name: 'lines.promised',
  grain: 'hour',
  terms: [{ step: 'order-promised', column: 'quantity' }],
});
const linesDelivered = defineMeasure({
  name: 'lines.promised.kept',
  grain: 'hour',
  terms: [
    { step: 'order-promised', column: 'quantity' },
    { step: 'order-promised', column: 'short', sign: -1 },
  ],
});

const words = {
  group: 'promises',
  unit: 'percent',
  direction: 'up',
  clock: 'when all of it was delivered, at the latest when the first promise ran out; hours that are over',
  owner: 'Head of fulfilment',
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'order.edited', 'order.cancelled', 'fulfilment.delivered'],
  exceptions: ['delivery-late', 'ship-by-at-risk'],
  version: 1,
  changes: firstVersion,
  ahead: true,
  recordedSince: 'judged-order',
} as const;
const exclusions =
  'orders without a deliver-by, orders placed while nobody reported deliveries, and orders that customers or fraud control cancelled whole; never delivered, and cancelled by us, counts against';

export const promiseAccuracy = [
  defineKpi({
    ...words,
    id: 'promise-accuracy',
    name: 'Promise accuracy',
    question: 'Do orders arrive by the moment the customer was told first?',
    formula: 'orders delivered complete by their first deliver-by / orders delivered by then or due',
    exclusions,
    target: 95,
    thresholds: { look: 95, act: 90 },
    live: { kind: 'ratio', part: [ordersDelivered], whole: [ordersPromised] },
  }),
  defineKpi({
    ...words,
    id: 'otif-delivered',
    name: 'OTIF, delivery',
    question: 'How many lines arrive complete by the moment the customer was told first?',
    formula: 'lines delivered complete by the first deliver-by of their order / lines delivered by then or due',
    exclusions,
    target: 95,
    thresholds: { look: 95, act: 90 },
    live: { kind: 'ratio', part: [linesDelivered], whole: [linesPromised] },
  }),
];
