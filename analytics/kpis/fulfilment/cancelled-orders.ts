/** Orders of which nothing was shipped and nothing is left. */
import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { ordersAccepted } from '../sales/orders.ts';

/** Causes that are held against us. */
export const ours = ['stock', 'fulfilment'] as const;

const ordersCancelled = defineMeasure({
  name: 'orders.cancelled',
  grain: 'hour',
  terms: [{ step: 'order-cancelled', column: 'steps' }],
});
const ordersGivenUp = defineMeasure({
  name: 'orders.cancelled.ours',
  grain: 'hour',
  terms: [{ step: 'order-cancelled', column: 'steps', causes: ours }],
});

const words = {
  group: 'fulfilment',
  direction: 'down',
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'order.cancelled'],
  exceptions: ['oversold', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
} as const;
const bothClocks =
  'cancellations when they were made, orders when they were placed: over a short period the two are not the same orders';

export const cancelledOrders = [
  defineKpi({
    ...words,
    id: 'cancelled-orders',
    name: 'Orders cancelled',
    question: 'How many orders were cancelled whole?',
    formula: 'orders of which everything was cancelled before anything was shipped',
    unit: 'count',
    clock: 'last cancellation of the order',
    exclusions: 'orders of which something was shipped or is still open',
    owner: 'Head of sales',
    target: null,
    thresholds: null,
    live: { kind: 'count', plus: [ordersCancelled] },
  }),
  defineKpi({
    ...words,
    id: 'order-cancel-rate',
    name: 'Order cancel rate',
    question: 'How many orders come to nothing?',
    formula: 'orders cancelled whole / orders accepted',
    unit: 'percent',
    clock: bothClocks,
    exclusions: 'orders of which something was shipped or is still open',
    owner: 'Head of sales',
    target: 3,
    thresholds: { look: 3, act: 6 },
    live: { kind: 'ratio', part: [ordersCancelled], whole: [ordersAccepted] },
  }),
  defineKpi({
    ...words,
    id: 'orders-given-up',
    name: 'Orders given up by us',
    question: 'How many orders did we let down whole?',
    formula: 'orders cancelled whole of which units were cancelled for stock or fulfilment',
    unit: 'count',
    clock: 'last cancellation of the order',
    exclusions: 'orders cancelled by customers, for fraud and for other reasons',
    owner: 'Head of fulfilment',
    target: 0,
    thresholds: null,
    live: { kind: 'count', plus: [ordersGivenUp] },
  }),
];
