/** What left and what arrived, in units, lines and orders. */
import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const ordersShipped = defineMeasure({
  name: 'orders.completed',
  terms: [{ step: 'order-completed', column: 'steps' }],
});
export const unitsShipped = defineMeasure({
  name: 'units.shipped',
  terms: [{ step: 'line-dispatched', column: 'quantity' }],
});
const linesShipped = defineMeasure({
  name: 'lines.shipped',
  grain: 'hour',
  terms: [{ step: 'line-dispatched', column: 'steps' }],
});
const unitsDelivered = defineMeasure({
  name: 'units.delivered',
  grain: 'hour',
  terms: [{ step: 'line-delivered', column: 'quantity' }],
});
const ordersDelivered = defineMeasure({
  name: 'orders.delivered',
  grain: 'hour',
  terms: [{ step: 'order-delivered', column: 'steps' }],
});

const words = {
  group: 'fulfilment',
  unit: 'count',
  direction: 'up',
  owner: 'Head of fulfilment',
  target: null,
  thresholds: null,
  dimensions: ['channel', 'node', 'country'],
  version: 1,
  changes: firstVersion,
} as const;

export const shipped = [
  defineKpi({
    ...words,
    id: 'orders-shipped',
    name: 'Orders shipped',
    question: 'How many orders left?',
    formula: 'orders completely dispatched',
    clock: 'last dispatch of the order',
    exclusions: 'orders of which something is still to be shipped',
    cadence: 'minute',
    sources: ['fulfilment.dispatched'],
    exceptions: ['dispatch-unconfirmed', 'pick-delayed'],
    live: { kind: 'count', plus: [ordersShipped] },
  }),
  defineKpi({
    ...words,
    id: 'units-shipped',
    name: 'Units shipped',
    question: 'How many units left?',
    formula: 'units dispatched',
    clock: 'when they were dispatched',
    exclusions: 'none; what came back is not taken off',
    cadence: 'minute',
    sources: ['fulfilment.dispatched'],
    exceptions: ['dispatch-unconfirmed', 'pick-delayed'],
    live: { kind: 'count', plus: [unitsShipped] },
  }),
  defineKpi({
    ...words,
    id: 'lines-shipped',
    name: 'Lines shipped',
    question: 'How many order lines did nodes ship?',
    formula: 'lines dispatched, once per shipment',
    clock: 'when they were dispatched',
    exclusions: 'none; a line that leaves in two shipments counts twice, as it was work twice',
    cadence: 'hour',
    sources: ['fulfilment.dispatched'],
    exceptions: ['dispatch-unconfirmed', 'pick-delayed'],
    live: { kind: 'count', plus: [linesShipped] },
  }),
  defineKpi({
    ...words,
    id: 'units-delivered',
    name: 'Units delivered',
    question: 'How many units arrived?',
    formula: 'units reported as delivered',
    clock: 'when they were delivered',
    exclusions: 'carriers that do not report deliveries',
    cadence: 'hour',
    sources: ['fulfilment.delivered'],
    exceptions: ['dispatch-unconfirmed', 'pick-delayed'],
    live: { kind: 'count', plus: [unitsDelivered] },
  }),
  defineKpi({
    ...words,
    id: 'orders-delivered',
    name: 'Orders delivered',
    question: 'How many orders arrived complete?',
    formula: 'orders completely dispatched all of whose units were reported as delivered',
    clock: 'last delivery of the order',
    exclusions: 'carriers that do not report deliveries',
    cadence: 'hour',
    sources: ['fulfilment.dispatched', 'fulfilment.delivered'],
    exceptions: ['dispatch-unconfirmed', 'pick-delayed'],
    recordedSince: 'judged-order',
    live: { kind: 'count', plus: [ordersDelivered] },
  }),
];
