/** Time on hold, apart from the work: how long orders stood, and how long they took without it. */
import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const HOUR_MS = 3_600_000;

export const holdTimes = defineMeasure({
  name: 'hold-time',
  per: 'duration',
  grain: 'hour',
  terms: [{ step: 'order-hold-time', column: 'steps', causes: ['held'] }],
});
/** Most orders never stood on hold: those that did are taken out with their whole time and put back without it. */
export const workingTimes = defineMeasure({
  name: 'working-time',
  per: 'duration',
  grain: 'hour',
  terms: [
    { step: 'order-completed', column: 'steps', causes: ['single', 'whole', 'split', 'preorder'] },
    { step: 'order-hold-time', column: 'steps', causes: ['gross'], sign: -1 },
    { step: 'order-hold-time', column: 'steps', causes: ['net'] },
  ],
});

const words = {
  group: 'fulfilment',
  unit: 'hours',
  direction: 'down',
  clock: 'last dispatch of the order',
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['order.placed', 'order.held', 'order.released', 'fulfilment.dispatched'],
  exceptions: ['hold-ageing'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
} as const;

export const holdTime = ([50, 90] as const).flatMap((percent) => [
  defineKpi({
    ...words,
    id: `working-time-p${percent}`,
    name: `Order cycle time without holds, p${percent}`,
    question:
      percent === 50
        ? 'How long does an order take to leave when nothing holds it?'
        : 'How long do the slowest tenth of orders take when nothing holds them?',
    formula: `time from acceptance to the last dispatch less the time on hold, ${percent} % of completed orders took no longer`,
    exclusions: 'orders not completely dispatched, and orders cancelled whole',
    owner: 'Head of fulfilment',
    target: percent === 50 ? 6 : 20,
    thresholds: percent === 50 ? { look: 6, act: 12 } : { look: 20, act: 36 },
    live: { kind: 'quantile', of: workingTimes.name, share: percent / 100, unitMs: HOUR_MS },
  }),
  defineKpi({
    ...words,
    id: `hold-time-p${percent}`,
    name: `Time on hold, p${percent}`,
    question:
      percent === 50 ? 'How long is an order held that is held at all?' : 'How long are the longest tenth of holds?',
    formula: `time during which at least one hold was on, ${percent} % of shipped orders that were held took no longer`,
    exclusions: 'orders that were never held, and held orders that have not left',
    owner: 'Head of customer service',
    target: percent === 50 ? 1 : 8,
    thresholds: percent === 50 ? { look: 1, act: 4 } : { look: 8, act: 24 },
    live: { kind: 'quantile', of: holdTimes.name, share: percent / 100, unitMs: HOUR_MS },
  }),
]);
