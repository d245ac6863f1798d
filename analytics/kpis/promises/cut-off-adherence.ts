import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const releasedInTime = defineMeasure({
  name: 'orders.cut-off',
  grain: 'hour',
  terms: [{ step: 'order-cut-off', column: 'steps' }],
});
const leftSameDay = defineMeasure({
  name: 'orders.cut-off.kept',
  grain: 'hour',
  terms: [{ step: 'order-cut-off-kept', column: 'steps' }],
});

export const cutOffAdherence = defineKpi({
  id: 'cut-off-adherence',
  name: 'Cut-off adherence',
  question: 'Does what was released before the cut-off leave on the same day?',
  formula: 'orders released before the cut-off and completely dispatched that day / orders released before the cut-off',
  group: 'promises',
  unit: 'percent',
  direction: 'up',
  clock: "the end of the day of release in the node's own time; days that are over",
  exclusions:
    'orders released after the cut-off or on a day without work, orders that were never released in a wave, orders cancelled whole; an order that several nodes ship counts by its first release',
  owner: 'Head of fulfilment',
  target: 97,
  thresholds: { look: 97, act: 92 },
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['node.defined', 'wave.released', 'fulfilment.dispatched'],
  exceptions: ['ship-by-at-risk', 'pick-delayed', 'dispatch-unconfirmed', 'node-impaired', 'node-over-capacity'],
  version: 1,
  changes: firstVersion,
  ahead: true,
  recordedSince: 'judged-order',
  live: { kind: 'ratio', part: [leftSameDay], whole: [releasedInTime] },
});
