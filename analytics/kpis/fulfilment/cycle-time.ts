import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const HOUR_MS = 3_600_000;

export const cycleTimes = defineMeasure({
  name: 'cycle-time',
  per: 'duration',
  terms: [{ step: 'order-completed', column: 'steps' }],
});

export const cycleTime = ([50, 90] as const).map((percent) =>
  defineKpi({
    id: `cycle-time-p${percent}`,
    name: `Order cycle time, p${percent}`,
    question:
      percent === 50
        ? 'How long does an order take to leave?'
        : 'How long do the slowest tenth of orders take to leave?',
    formula: `time from acceptance to the last dispatch, ${percent} % of completed orders took no longer`,
    group: 'fulfilment',
    unit: 'hours',
    direction: 'down',
    clock: 'last dispatch of the order',
    exclusions: 'orders not completely dispatched, and orders cancelled whole; time on hold is included',
    owner: 'Head of fulfilment',
    target: percent === 50 ? 8 : 24,
    cadence: 'minute',
    dimensions: ['channel', 'node', 'country'],
    thresholds: null,
    sources: ['order.placed', 'fulfilment.dispatched'],
    exceptions: ['pick-delayed', 'dispatch-unconfirmed', 'hold-ageing'],
    version: 1,
    changes: firstVersion,
    live: { kind: 'quantile', of: cycleTimes.name, share: percent / 100, unitMs: HOUR_MS },
  }),
);
