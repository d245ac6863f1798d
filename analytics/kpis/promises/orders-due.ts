/** Orders by the moment they were promised for: how many were due, and how many of them were not kept. */
import { defineKpi, firstVersion } from '../definition.ts';
import { ordersDue, ordersOnTime } from './on-time-dispatch.ts';

const words = {
  group: 'promises',
  unit: 'count',
  clock: 'ship-by, as last agreed; only minutes that have begun',
  exclusions: 'orders without a ship-by, and orders cancelled whole before anything was shipped',
  owner: 'Head of fulfilment',
  target: null,
  thresholds: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'order.edited', 'fulfilment.dispatched', 'order.cancelled'],
  exceptions: ['ship-by-at-risk', 'pick-delayed', 'dispatch-unconfirmed', 'node-impaired', 'node-over-capacity'],
  version: 1,
  changes: firstVersion,
  ahead: true,
} as const;

export const dueOrders = [
  defineKpi({
    ...words,
    id: 'orders-due',
    name: 'Orders due',
    question: 'How many orders had to leave?',
    formula: 'orders whose ship-by has come',
    direction: 'none',
    live: { kind: 'count', plus: [ordersDue] },
  }),
  defineKpi({
    ...words,
    id: 'orders-late',
    name: 'Orders dispatched late or not at all',
    question: 'How many orders did not leave by the moment we promised?',
    formula: 'orders due - orders completely dispatched at or before ship-by',
    direction: 'down',
    live: { kind: 'count', plus: [ordersDue], minus: [ordersOnTime] },
  }),
];
