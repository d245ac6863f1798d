import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { ordersAccepted } from '../sales/orders.ts';

const promisesMoved = defineMeasure({
  name: 'orders.promise-moved',
  grain: 'hour',
  terms: [{ step: 'order-promise-moved', column: 'steps' }],
});

export const promisesMovedRate = defineKpi({
  id: 'promises-moved',
  name: 'Promises moved',
  question: 'How often do we tell a customer a later date than at first?',
  formula: 'orders whose ship-by or deliver-by stands later than first told / orders accepted',
  group: 'promises',
  unit: 'percent',
  direction: 'down',
  clock:
    'orders when they were placed, a moved promise when it was last edited: over a short period the two are not the same orders',
  exclusions: 'promises that were moved to an earlier date',
  owner: 'Head of fulfilment',
  target: 2,
  thresholds: { look: 2, act: 5 },
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'order.edited'],
  exceptions: ['ship-by-at-risk', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
  live: { kind: 'ratio', part: [promisesMoved], whole: [ordersAccepted] },
});
