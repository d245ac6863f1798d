/** What an order is made of. */
import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { linesAccepted } from './order-lines.ts';
import { ordersAccepted } from './orders.ts';
import { unitsAccepted } from './units.ts';

const orderAmounts = defineMeasure({
  name: 'orders.amount',
  per: 'currency',
  grain: 'hour',
  terms: [{ step: 'order-accepted', column: 'amount' }],
});
const ordersPerCurrency = defineMeasure({
  name: 'orders.in',
  per: 'currency',
  grain: 'hour',
  terms: [{ step: 'order-accepted', column: 'steps' }],
});

const words = {
  group: 'sales',
  direction: 'up',
  owner: 'Head of sales',
  target: null,
  thresholds: null,
  dimensions: ['channel', 'node', 'country'],
  version: 1,
  changes: firstVersion,
} as const;
const exclusions = 'none; what was cancelled later still counts';

export const perOrder = [
  defineKpi({
    ...words,
    id: 'average-order-value',
    name: 'Average order value',
    question: 'What is an order worth?',
    formula: 'sales value of orders as they were placed / orders',
    unit: 'money',
    clock: 'when the order was placed',
    exclusions: "orders in other currencies than the workspace's; later edits and cancellations",
    cadence: 'hour',
    sources: ['order.placed'],
    live: { kind: 'ratio', part: [orderAmounts], whole: [ordersPerCurrency], times: 1 },
  }),
  defineKpi({
    ...words,
    id: 'units-per-order',
    name: 'Units per order',
    question: 'How many units does an order have?',
    formula: 'units of accepted lines, with what edits changed / orders accepted',
    unit: 'ratio',
    clock: 'when the order was placed; an edit counts when it was made',
    exclusions,
    cadence: 'minute',
    sources: ['order.placed', 'order.edited'],
    live: { kind: 'ratio', part: [unitsAccepted], whole: [ordersAccepted], times: 1 },
  }),
  defineKpi({
    ...words,
    id: 'lines-per-order',
    name: 'Lines per order',
    question: 'How many lines does an order have?',
    formula: 'lines accepted / orders accepted',
    unit: 'ratio',
    direction: 'none',
    clock: 'when the order was placed, or the edit made that added the line',
    exclusions,
    cadence: 'minute',
    sources: ['order.placed', 'order.edited'],
    live: { kind: 'ratio', part: [linesAccepted], whole: [ordersAccepted], times: 1 },
  }),
];
