import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

export const ordersDue = defineMeasure({
  name: 'orders.due',
  clock: 'promise',
  terms: [{ step: 'order-due', column: 'steps' }],
});
/** Counted at the promise, not at the dispatch, so that both sides of the ratio speak of the same orders. */
export const ordersOnTime = defineMeasure({
  name: 'orders.on-time',
  terms: [{ step: 'order-completed', column: 'on_time' }],
  clock: 'promise',
  at: (step) => (step.shipBy > 0 ? step.shipBy : null),
});

export const onTimeDispatch = defineKpi({
  id: 'on-time-dispatch',
  name: 'On-time dispatch',
  question: 'Do orders leave by the moment we promised?',
  formula: 'orders completely dispatched at or before ship-by / orders due',
  group: 'promises',
  unit: 'percent',
  direction: 'up',
  clock: 'ship-by, as last agreed; only minutes that have begun',
  exclusions:
    'orders without a ship-by, and orders cancelled whole before anything was shipped; never shipped counts against',
  owner: 'Head of fulfilment',
  target: 96,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed', 'fulfilment.dispatched', 'order.cancelled'],
  exceptions: ['ship-by-at-risk', 'pick-delayed', 'dispatch-unconfirmed', 'node-impaired', 'node-over-capacity'],
  version: 1,
  changes: firstVersion,
  ahead: true,
  live: { kind: 'ratio', part: [ordersOnTime], whole: [ordersDue] },
});
