/** Orders as they were shipped: whole with the first shipment, split into several, and in how many. */
import { defineKpi, defineMeasure, firstVersion, type Measure } from '../definition.ts';
import { ours } from './cancelled-orders.ts';

/** What a shipped order was like. Steps of earlier versions do not say it and are left out. */
const shapes = ['single', 'whole', 'split', 'preorder'] as const;
const withoutPreorders = ['single', 'whole', 'split'] as const;

const shipped = (name: string, column: 'steps' | 'quantity' | 'filled', causes: readonly string[]): Measure =>
  defineMeasure({ name, grain: 'hour', terms: [{ step: 'order-completed', column, causes }] });

const ordersFilled = shipped('orders.filled', 'filled', shapes);
const ordersSplit = shipped('orders.split', 'steps', ['split']);
const ordersOfSeveral = shipped('orders.of-several', 'steps', ['whole', 'split']);
const shipments = shipped('shipments', 'quantity', withoutPreorders);
const ordersCounted = shipped('orders.shipped', 'steps', withoutPreorders);
const ordersAttempted = defineMeasure({
  name: 'orders.attempted',
  grain: 'hour',
  terms: [
    { step: 'order-completed', column: 'steps', causes: shapes },
    { step: 'order-cancelled', column: 'steps', causes: ours },
  ],
});

const words = {
  group: 'fulfilment',
  clock: 'last dispatch of the order',
  owner: 'Head of fulfilment',
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'fulfilment.dispatched'],
  exceptions: ['dispatch-unconfirmed', 'pick-delayed'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
} as const;

export const shippedOrders = [
  defineKpi({
    ...words,
    id: 'order-fill-rate',
    name: 'Order fill rate',
    question: 'How many orders leave with every line complete at the first attempt?',
    formula: 'orders all of whose lines left whole with their first shipment / orders shipped, or given up by us',
    unit: 'percent',
    direction: 'up',
    clock: 'last dispatch of the order; when it was cancelled, where we gave it up whole',
    exclusions:
      'units the customer or fraud control cancelled; an edit counts as if it had been ordered so. Lines of one order may leave in several shipments and still be whole: see the split-shipment rate',
    target: 95,
    thresholds: { look: 95, act: 90 },
    sources: ['order.placed', 'fulfilment.dispatched', 'order.cancelled'],
    exceptions: ['dispatch-unconfirmed', 'pick-delayed'],
    live: { kind: 'ratio', part: [ordersFilled], whole: [ordersAttempted] },
  }),
  defineKpi({
    ...words,
    id: 'split-shipment-rate',
    name: 'Split-shipment rate',
    question: 'How many orders leave in more than one shipment?',
    formula: 'orders with more than one shipment / shipped orders of more than one unit',
    unit: 'percent',
    direction: 'down',
    exclusions: 'orders with pre-orders, and orders of one unit, which cannot be split',
    target: 8,
    thresholds: { look: 8, act: 15 },
    live: { kind: 'ratio', part: [ordersSplit], whole: [ordersOfSeveral] },
  }),
  defineKpi({
    ...words,
    id: 'shipments-per-order',
    name: 'Shipments per order',
    question: 'In how many shipments does an order leave?',
    formula: 'distinct shipments / orders shipped',
    unit: 'ratio',
    direction: 'down',
    exclusions: 'orders with pre-orders',
    target: 1.1,
    thresholds: { look: 1.1, act: 1.25 },
    live: { kind: 'ratio', part: [shipments], whole: [ordersCounted], times: 1 },
  }),
];
