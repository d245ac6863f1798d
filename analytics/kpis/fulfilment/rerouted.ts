import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const unitsRerouted = defineMeasure({
  name: 'units.rerouted',
  grain: 'hour',
  terms: [{ step: 'line-rerouted', column: 'quantity' }],
});

export const rerouted = defineKpi({
  id: 'units-rerouted',
  name: 'Units rerouted',
  question: 'How much work had to go to another node?',
  formula: 'units that were moved to another node after the order was accepted',
  group: 'fulfilment',
  unit: 'count',
  direction: 'down',
  clock: 'when they were moved; counted at the node that took them over',
  exclusions: 'none',
  owner: 'Head of fulfilment',
  target: null,
  thresholds: null,
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.rerouted', 'reroute.approved'],
  exceptions: ['node-impaired'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'count', plus: [unitsRerouted] },
});
