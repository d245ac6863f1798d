/** What is predicted now, what was said before, and how often it came true, as the API tells it. */
import type { z } from 'zod';
import { predictionSums, predictionsSaid } from '../../analytics/clickhouse/queries/predictions.ts';
import { questionOf } from '../../analytics/predictions/questions.ts';
import { binsOf, figuresOf } from '../../analytics/predictions/reliability.ts';
import { type PredictionKind, predictionKinds } from '../../streams/events/signals.ts';
import type { Predicted } from '../../streams/operations/predictions/predicted.ts';
import type { PredictionRecord } from '../../streams/operations/predictions/prediction-record-state.ts';
import { corrected, noCorrection } from '../../streams/policies/chances/correction.ts';
import type {
  PredictionsPage,
  PredictionView,
  predictionsQuery,
  Reliability,
  ReliabilityAnswer,
  reliabilityQuery,
  SaidAnswer,
  saidQuery,
} from '../http/contract/predictions.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { byLikelihood, predictNow, readAllStates } from './predict-now.ts';

const DAY_MS = 86_400_000;
const OLD_AFTER_MS = 15_000;
/** Further ahead than anything is predicted. */
const HOURS_AHEAD_MAX = 100_000;
const CORNERS = 20;

export type PredictionsModel = {
  predictions(query: z.output<typeof predictionsQuery>): Promise<PredictionsPage>;
  predictionsSaid(query: z.output<typeof saidQuery>): Promise<SaidAnswer>;
  reliability(query: z.output<typeof reliabilityQuery>): Promise<ReliabilityAnswer>;
};

/** @param businessNow the moment predictions are worked out for */
export function createPredictionsModel(
  { redis, keys, history }: Pick<Runtime, 'redis' | 'keys' | 'history'>,
  { now, businessNow }: { now: () => number; businessNow: () => number },
): PredictionsModel {
  type Known = { at: number; list: Map<PredictionKind, Predicted[]> };
  let known: { readAt: number; answer: Promise<Known> } | undefined;

  async function build(): Promise<Known> {
    const at = businessNow();
    return { at, list: predictNow(await readAllStates(redis, keys), at) };
  }

  /** Reading everything is worth some seconds of age: many people look at the same list. */
  function current(): Promise<Known> {
    if (known === undefined || now() - known.readAt > OLD_AFTER_MS) {
      const answer = build();
      known = { readAt: now(), answer };
      answer.catch(() => {
        known = undefined;
      });
    }
    return known.answer;
  }

  async function reliabilityOf(
    prediction: PredictionKind,
    { days, node = '', hoursAheadMin, hoursAheadMax = HOURS_AHEAD_MAX }: z.output<typeof reliabilityQuery>,
  ): Promise<Reliability> {
    const range = { since: now() - days * DAY_MS, until: now(), hoursAheadMin, hoursAheadMax, among: node };
    const [{ sums, waiting }, text] = await Promise.all([
      reachable(predictionSums(history, { prediction, ...range })),
      redis.hGet(keys.state('prediction-record'), prediction),
    ]);
    const record = typeof text === 'string' ? (JSON.parse(text) as PredictionRecord) : undefined;
    const correction = record?.correction ?? noCorrection;
    const points = Array.from({ length: CORNERS + 1 }, (_, index): [number, number] => {
      const share = index / CORNERS;
      return [share, Math.round(corrected(share, correction) * 1_000) / 1_000];
    });
    const total = (of: 'count' | 'happened') => sums.tenths.reduce((sum, tenth) => sum + tenth[of], 0);
    return {
      prediction,
      question: questionOf[prediction],
      settled: total('count'),
      waiting,
      happened: Math.round(total('happened')),
      figures: figuresOf(sums),
      bins: binsOf(sums.tenths),
      correction: { learnedFrom: record?.settled ?? 0, points },
    };
  }

  return {
    async predictions(query) {
      const { cursor, limit, prediction } = query;
      const { at, list } = await current();
      const kinds = prediction === undefined ? predictionKinds : [prediction];
      const found = kinds.flatMap((kind) => list.get(kind) ?? []).filter((one) => fits(one, query));
      const sorted = found.sort(byLikelihood);
      const from = cursor === undefined ? 0 : sorted.findIndex((one) => nameOf(one) === cursor) + 1;
      const items = sorted.slice(from, from + limit);
      const next = from + limit < sorted.length ? nameOf(items.at(-1)!) : null;
      return { items: items.map(viewOf), next, asOf: at };
    },
    predictionsSaid: async (query) => ({ items: await reachable(predictionsSaid(history, query)) }),
    async reliability(query) {
      const kinds = query.prediction === undefined ? predictionKinds : [query.prediction];
      return { asOf: now(), items: await Promise.all(kinds.map((kind) => reliabilityOf(kind, query))) };
    },
  };
}

const nameOf = ({ prediction, subject }: Predicted): string => `${prediction}:${subject}`;

function fits(one: Predicted, { sku, node, supplier, subject, atLeast }: z.output<typeof predictionsQuery>): boolean {
  return (
    one.probability >= atLeast &&
    (sku === undefined || one.sku === sku) &&
    (node === undefined || one.node === node) &&
    (supplier === undefined || one.supplier === supplier) &&
    (subject === undefined || one.subject === subject)
  );
}

function viewOf({ among: _, ...one }: Predicted): PredictionView {
  return { ...one, supplier: one.supplier === '' ? null : one.supplier };
}
