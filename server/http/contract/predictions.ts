/** What is predicted now, what was said before, and how often what was said came true. */
import { z } from 'zod';
import { predictionKinds } from '../../../streams/events/signals.ts';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().min(1).max(460);
const share = z.number().min(0).max(1);

export const predictionKind = z.enum(predictionKinds);

/** Without `prediction` all kinds; likeliest first. */
export const predictionsQuery = pageQuery.extend({
  prediction: predictionKind.optional(),
  sku: name.optional(),
  node: name.optional(),
  supplier: name.optional(),
  /** Exactly this one: `SKU|NODE`, `NODE|promise in epoch ms`, or `PURCHASE-ORDER/LINE`. */
  subject: name.optional(),
  /** Only what is at least this likely. */
  atLeast: z.coerce.number().min(0).max(1).default(0),
});

export const predictionView = z.object({
  prediction: predictionKind,
  subject: z.string(),
  /** In words: `Runs out at BER-1 before PO-7 comes`. */
  title: z.string(),
  /** The moment it was worked out for, and up to when it counts. */
  at: time,
  horizon: time,
  /** As corrected by what came true before, and as it was worked out. */
  probability: share,
  uncorrected: share,
  sku: z.string().nullable(),
  node: z.string().nullable(),
  purchaseOrder: z.string().nullable(),
  supplier: z.string().nullable(),
  /**
   * When it happens, should it happen by the horizon or not: with a chance of a tenth, a half and nine tenths it has
   * happened by these. A stockout: when nothing is left. A cut-off: when the work due is done. A receipt: when all of it
   * has come. Null: not within what is looked ahead.
   */
  when: z.object({ p10: time.nullable(), p50: time.nullable(), p90: time.nullable() }),
  /** What the probability follows from, by name with the unit at its end, and how. */
  inputs: z.record(z.string(), z.union([z.number(), z.string()])),
  formula: z.string(),
});
export type PredictionView = z.output<typeof predictionView>;
export const predictionsPage = page(predictionView).extend({ asOf: time });
export type PredictionsPage = z.output<typeof predictionsPage>;

/** What was said about one subject, newest first. */
export const saidQuery = z.object({
  prediction: predictionKind,
  subject: name,
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const saidAnswer = z.object({
  items: z.array(
    z.object({
      at: time,
      horizon: time,
      probability: share,
      uncorrected: share,
      /** Null: it is not settled yet. */
      happened: z.boolean().nullable(),
      settledAt: time.nullable(),
    }),
  ),
});
export type SaidAnswer = z.output<typeof saidAnswer>;

export const reliabilityQuery = z.object({
  prediction: predictionKind.optional(),
  /** Predictions whose horizon lies within so many days before now. */
  days: z.coerce.number().int().min(1).max(400).default(90),
  node: name.optional(),
  /** Only what was said at least, and at most, so many hours before the horizon. */
  hoursAheadMin: z.coerce.number().min(0).max(1_000).default(0),
  hoursAheadMax: z.coerce.number().min(0).max(1_000).optional(),
});

/** Mean squared difference between what was said (0 to 1) and what happened (0 or 1): less is better, 0 is perfect. */
const brier = z.number().min(0).max(1);

/** Predictions that were given a probability in `from` to `to`: all of a bin's are counted, also where there are none. */
export const reliabilityBin = z.object({
  from: share,
  to: share,
  count: z.int(),
  /** The mean of what was said, and the share that happened; null without any. */
  said: share.nullable(),
  happened: share.nullable(),
  /** The share that happened lies between these with 95 % confidence, by the count (Wilson). */
  low: share.nullable(),
  high: share.nullable(),
});

export const reliability = z.object({
  prediction: predictionKind,
  /** What exactly counts as having happened. */
  question: z.string(),
  /** Predictions of the time asked for: those settled, and those that wait. */
  settled: z.int(),
  waiting: z.int(),
  happened: z.int(),
  /** Null: nothing is settled. */
  figures: z
    .object({
      brier,
      /** The same of what was worked out before it was corrected. */
      brierUncorrected: brier,
      /** The share that happened at all, and the score of whoever says just that each time, knowing it beforehand. */
      baseRate: share,
      brierBaseRate: brier,
      /** The score of whoever says each time what share had happened at this node (or with this supplier) before. */
      brierClimatology: brier,
      /** 1 - brier / brierClimatology: 1 is perfect, 0 no better than habit, below 0 worse. */
      skill: z.number(),
      /** Brier = off - apart + baseRate (1 - baseRate): how far bins are off, and how far they are apart (Murphy 1973). */
      off: z.number(),
      apart: z.number(),
      /** The mean distance of what was said from what happened, by bin, weighted by count. */
      calibrationError: share,
    })
    .nullable(),
  /** Ten. */
  bins: z.array(reliabilityBin),
  /** How what is worked out is corrected now: corners of a line that never falls; learned from so many settled ones. */
  correction: z.object({ learnedFrom: z.int(), points: z.array(z.tuple([share, share])) }),
});
export type Reliability = z.output<typeof reliability>;
export const reliabilityAnswer = z.object({ asOf: time, items: z.array(reliability) });
export type ReliabilityAnswer = z.output<typeof reliabilityAnswer>;
