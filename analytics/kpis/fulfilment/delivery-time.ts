import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const HOUR_MS = 3_600_000;

export const deliveryTimes = defineMeasure({
  name: 'delivery-time',
  per: 'duration',
  grain: 'hour',
  terms: [{ step: 'order-delivered', column: 'steps' }],
});

export const deliveryTime = ([50, 90] as const).map((percent) =>
  defineKpi({
    id: `delivery-time-p${percent}`,
    name: `Order to delivery, p${percent}`,
    question:
      percent === 50
        ? 'How long does a customer wait?'
        : 'How long do the slowest tenth of customers wait for an order?',
    formula: `time from acceptance to the last delivery, ${percent} % of delivered orders took no longer`,
    group: 'fulfilment',
    unit: 'hours',
    direction: 'down',
    clock: 'last delivery of the order',
    exclusions: 'orders not completely delivered, and carriers that do not report deliveries; time on hold is included',
    owner: 'Head of fulfilment',
    target: percent === 50 ? 48 : 96,
    thresholds: percent === 50 ? { look: 48, act: 72 } : { look: 96, act: 144 },
    cadence: 'hour',
    dimensions: ['channel', 'node', 'country'],
    sources: ['order.placed', 'fulfilment.dispatched', 'fulfilment.delivered'],
    exceptions: ['delivery-late'],
    version: 1,
    changes: firstVersion,
    recordedSince: 'judged-order',
    live: { kind: 'quantile', of: deliveryTimes.name, share: percent / 100, unitMs: HOUR_MS },
  }),
);
