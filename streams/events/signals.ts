/** What detectors find, what was planned and explains it, and what was predicted and came true or did not. */
import { z } from 'zod';
import { id, instant, money, text } from './fields.ts';

/** What is unusual about a series. `down` is below what was expected. */
export const anomalyShapes = [
  'spike',
  'drop',
  'shift-up',
  'shift-down',
  'drift-up',
  'drift-down',
  'flat',
  'missing',
  'variance',
] as const;
export type AnomalyShape = (typeof anomalyShapes)[number];

/** Which series: a KPI, of the whole workspace or of one of these. */
const series = { kpi: id, channel: id.optional(), node: id.optional(), source: id.optional(), sku: id.optional() };

export const ROOTS_MAX = 5;
/** Values of dimensions that made a part of the change together; the shares of all roots and the rest add up to 1. */
const root = z.object({
  values: z.record(z.string().max(60), id),
  share: z.number(),
  value: z.number(),
  expected: z.number(),
});

export const plannedKinds = ['promotion', 'launch', 'holiday', 'price-change', 'deployment', 'other'] as const;
export type PlannedKind = (typeof plannedKinds)[number];

export const predictionKinds = ['stockout', 'cut-off-miss', 'late-receipt'] as const;
export type PredictionKind = (typeof predictionKinds)[number];
export const PREDICTED_ROWS_MAX = 2_000;
const probability = z.number().min(0).max(1);
const predicted = {
  /** `SKU|NODE`, `NODE|promise in epoch ms` or `PURCHASE-ORDER/LINE`. */
  subject: z.string().min(1).max(460),
  /** What was said, and what was worked out before it was corrected by what had come true. */
  probability,
  uncorrected: probability.optional(),
  /** Among which it is compared with what is usual: its node, or its supplier. */
  among: id.optional(),
};

export const signalEvents = {
  /** A KPI series left its expected band, or is found to be worse; told again while it is open, it replaces what was said. */
  'anomaly.detected': z.object({
    ...series,
    at: instant,
    value: z.number(),
    low: z.number(),
    expected: z.number(),
    high: z.number(),
    /** How surprising, 0 to 1. */
    score: z.number().min(0).max(1),
    what: z.enum(anomalyShapes).optional(),
    /** The width of what `value` counts. */
    minutes: z.int().min(1).optional(),
    /** When it began, where that is before `at`. */
    since: instant.optional(),
    /** Other series that left their bands at the same time. */
    agrees: z.array(text).max(10).optional(),
    roots: z.array(root).max(ROOTS_MAX).optional(),
    moneyAtRisk: money.optional(),
    formula: text.optional(),
    /** The figure in words and its unit, and who answers for it by the terms in force. */
    name: text.optional(),
    unit: z.string().max(40).optional(),
    owner: text.optional(),
    /** Whether this way is the bad one: fewer orders, a longer wait. */
    bad: z.boolean().optional(),
  }),
  'anomaly.cleared': z.object({ ...series, at: instant, value: z.number() }),
  /** Something that is known to change figures for a time. The newest of an id holds. */
  'calendar.planned': z.object({
    entry: id,
    kind: z.enum(plannedKinds),
    name: text.min(1),
    from: instant,
    to: instant,
    channel: id.optional(),
    node: id.optional(),
    /** What it is about; all items when both are left out. */
    skus: z.array(id).max(500).optional(),
    category: id.optional(),
    /** How much more or less is expected, in percent, where somebody knows. */
    effectPercent: z.number().min(-100).max(10_000).optional(),
    by: text.optional(),
  }),
  'calendar.withdrawn': z.object({ entry: id, by: text.optional() }),
  /** How likely something is, said at one moment about many subjects; each is settled once. */
  'prediction.made': z.object({
    prediction: z.enum(predictionKinds),
    at: instant,
    /** What happens up to then counts. */
    horizon: instant,
    rows: z.array(z.object(predicted)).min(1).max(PREDICTED_ROWS_MAX),
  }),
  /** What had happened by the horizon; what was said is told again, so that it can be learned from. */
  'prediction.settled': z.object({
    prediction: z.enum(predictionKinds),
    /** When it was said. */
    at: instant,
    horizon: instant,
    rows: z
      .array(z.object({ ...predicted, probability: probability.optional(), happened: z.boolean() }))
      .min(1)
      .max(PREDICTED_ROWS_MAX),
  }),
};
