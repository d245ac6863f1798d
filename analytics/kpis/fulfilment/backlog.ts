/** Open work: orders and lines that are accepted and neither shipped nor cancelled. */
import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { sumOf } from '../levels.ts';

/** What each minute added to the backlog; with the level of now it gives the level of any earlier minute. */
export const backlogChanges = [
  defineMeasure({
    name: 'open-orders.change',
    terms: [
      { step: 'order-opened', column: 'steps' },
      { step: 'order-closed', column: 'steps', sign: -1 },
    ],
  }),
  defineMeasure({
    name: 'open-lines.change',
    terms: [
      { step: 'line-opened', column: 'steps' },
      { step: 'line-closed', column: 'steps', sign: -1 },
    ],
  }),
] as const;

const words = {
  group: 'fulfilment',
  unit: 'count',
  direction: 'down',
  clock: 'level at a moment',
  exclusions: 'none; orders on hold are included',
  owner: 'Head of fulfilment',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed', 'order.edited', 'order.cancelled', 'fulfilment.dispatched'],
  exceptions: ['order-unallocated', 'hold-ageing', 'node-over-capacity', 'ship-by-at-risk'],
  version: 1,
  changes: firstVersion,
} as const;

export const backlog = [
  defineKpi({
    ...words,
    id: 'open-orders',
    name: 'Open orders',
    question: 'How many orders wait to be shipped?',
    formula: 'orders with units neither dispatched nor cancelled',
    live: { kind: 'level', read: ({ backlogs }, filter) => sumOf(backlogs, filter, ({ orders }) => orders) },
    asked: { kind: 'level', terms: backlogChanges[0].terms },
  }),
  defineKpi({
    ...words,
    id: 'open-lines',
    name: 'Open lines',
    question: 'How many order lines wait to be shipped?',
    formula: 'order lines with units neither dispatched nor cancelled',
    live: {
      kind: 'level',
      read: ({ backlogs }, filter) =>
        sumOf(backlogs, filter, ({ lines }) => Object.values(lines).reduce((sum, count) => sum + count, 0)),
    },
    asked: { kind: 'level', terms: backlogChanges[1].terms },
  }),
];
