import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const DAY_MS = 86_400_000;

export const leadTimes = defineMeasure({
  name: 'lead-time',
  grain: 'hour',
  per: 'duration',
  terms: [{ step: 'supply-completed', column: 'steps' }],
});

const words = {
  group: 'procurement',
  unit: 'days',
  direction: 'down',
  clock: 'when the last unit of the line came',
  exclusions: 'the time until the supplier confirmed (approval is apart); lines of which units are missing',
  owner: 'Head of procurement',
  target: null,
  cadence: 'hour',
  dimensions: ['node', 'supplier'],
  thresholds: null,
  sources: ['purchase-order.confirmed', 'purchase-order.changed', 'stock.received'],
  exceptions: ['stockout-expected'],
  version: 1,
  changes: firstVersion,
} as const;

export const leadTime = [
  ...([50, 90] as const).map((percent) =>
    defineKpi({
      ...words,
      id: `lead-time-p${percent}`,
      name: `Lead time, p${percent}`,
      question: percent === 50 ? 'How long does a supplier take?' : 'How long do the slowest tenth of receipts take?',
      formula: `time from confirmation to complete receipt of a purchase order line, ${percent} % took no longer`,
      live: { kind: 'quantile', of: leadTimes.name, share: percent / 100, unitMs: DAY_MS },
    }),
  ),
  defineKpi({
    ...words,
    id: 'lead-time-mean',
    name: 'Lead time, mean',
    question: 'With how long a lead time is there to plan?',
    formula: 'sum of times from confirmation to complete receipt / lines completed',
    live: {
      kind: 'ratio',
      part: [
        defineMeasure({
          name: 'supply.lead-ms',
          grain: 'hour',
          terms: [{ step: 'supply-completed', column: 'duration_ms' }],
        }),
      ],
      whole: [
        defineMeasure({
          name: 'supply.completed',
          grain: 'hour',
          terms: [{ step: 'supply-completed', column: 'steps' }],
        }),
      ],
      times: 1 / DAY_MS,
    },
  }),
];
