/** What becomes of returned goods, and how soon they can be sold again. */
import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';

const HOUR_MS = 3_600_000;

/** Resellable goods only: what ends as damaged says nothing about how fast stock comes back. */
export const returnToStockTimes = defineMeasure({
  name: 'return-to-stock',
  per: 'duration',
  grain: 'hour',
  terms: [{ step: 'return-judged', column: 'steps', causes: ['sellable'] }],
});
const unitsJudged = defineMeasure({
  name: 'returns.judged',
  grain: 'hour',
  terms: [{ step: 'return-judged', column: 'quantity' }],
});
const unitsRestocked = defineMeasure({
  name: 'returns.restocked',
  grain: 'hour',
  terms: [{ step: 'return-judged', column: 'quantity', causes: ['sellable'] }],
});

const words = {
  group: 'returns',
  clock: 'when the goods were judged, by somebody or by the policy',
  owner: 'Head of fulfilment',
  cadence: 'hour',
  dimensions: ['channel', 'node', 'country'],
  sources: ['return.received', 'return.judged'],
  exceptions: ['return-not-judged'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
} as const;

export const returnToStock = [
  ...([50, 90] as const).map((percent) =>
    defineKpi({
      ...words,
      id: `return-to-stock-p${percent}`,
      name: `Return to stock, p${percent}`,
      question:
        percent === 50
          ? 'How soon can returned goods be sold again?'
          : 'How long do the slowest tenth of returned goods take?',
      formula: `time from their receipt until they were sellable again, ${percent} % of judgements took no longer`,
      unit: 'hours',
      direction: 'down',
      exclusions:
        'goods that were not put back on sale, and goods that wait to be judged; each line of a judgement counts once',
      target: percent === 50 ? 24 : 48,
      thresholds: percent === 50 ? { look: 24, act: 48 } : { look: 48, act: 96 },
      live: { kind: 'quantile', of: returnToStockTimes.name, share: percent / 100, unitMs: HOUR_MS },
    }),
  ),
  defineKpi({
    ...words,
    id: 'resale-rate',
    name: 'Resellable share of returns',
    question: 'How much of what comes back can be sold again?',
    formula: 'returned units put back on sale / returned units judged',
    unit: 'percent',
    direction: 'up',
    exclusions: 'goods that wait to be judged',
    target: 85,
    thresholds: { look: 85, act: 70 },
    live: { kind: 'ratio', part: [unitsRestocked], whole: [unitsJudged] },
  }),
];
