/** Why a figure is not what it should be: which parts of it changed, what else happened then, and how it went before. */
import { z } from 'zod';
import { anomalyShapes, ROOTS_MAX } from '../../../streams/events/signals.ts';

const time = z.int(); // epoch milliseconds, UTC
const dimension = z.string().max(60);
/** Values of dimensions that belong together: `{ channel: 'web', country: 'DE' }`. */
const values = z.record(dimension, z.string().max(400));

/** What was there, and what would have been there otherwise. */
const sides = { value: z.number(), expected: z.number() };
/** `change` is value less expected of what is counted; `share` is its part of the whole change: all shares add up to 1. */
const shared = { change: z.number(), share: z.number() };

export const explainedRoot = z.object({
  values,
  /** As a planner says it: `Web shop, Germany`. */
  words: z.string(),
  /** In the unit of the KPI; of a rate its own rate, null where nothing is there to divide by. */
  value: z.number().nullable(),
  expected: z.number().nullable(),
  ...shared,
});
export type ExplainedRoot = z.output<typeof explainedRoot>;

export const explainedDimension = z.object({
  dimension,
  name: z.string(),
  /** Largest share first; what does not fit is summed in `rest`. Shares of one dimension add up to 1, less `mix`. */
  parts: z.array(z.object({ value: z.string(), words: z.string(), counted: z.object(sides), ...shared })),
  rest: z.object({ values: z.int(), ...shared }).nullable(),
});

export const explainedChange = z.object({
  kpi: z.string(),
  name: z.string(),
  unit: z.string(),
  /** Of amounts, which are in its minor units. */
  currency: z.string().nullable(),
  /** The series: empty for the whole workspace. */
  where: values,
  what: z.enum(anomalyShapes).nullable(),
  /** What is explained happened in this time. */
  from: time,
  to: time,
  /** In the unit of the KPI. */
  ...sides,
  /** What the shares are shares of: the figure itself, or what is divided in a rate. */
  counted: z.object({ words: z.string(), ...sides, change: z.number() }),
  /** Largest share first. None: no part stands out, the change is spread over all of them. */
  roots: z.array(explainedRoot).max(ROOTS_MAX),
  /** Of a rate: what comes from other weights of the parts, each of which kept its rate. Null for everything else. */
  mix: z.object({ words: z.string(), ...shared }).nullable(),
  /** What is left beside the roots and the mix. */
  rest: z.object({ words: z.string(), ...shared }),
  /** Every dimension by itself, the most telling one first. */
  dimensions: z.array(explainedDimension),
  /** What was looked through, and what the expectation is made of. */
  method: z.object({
    words: z.string(),
    dimensions: z.array(dimension),
    leaves: z.int(),
    /** Of earlier weeks, and how many of them counted. */
    weeks: z.int(),
    weeksLeftOut: z.int(),
    ms: z.number(),
  }),
});
export type ExplainedChange = z.output<typeof explainedChange>;

export const relatedKinds = [
  'calendar',
  'source-silent',
  'node-impaired',
  'policy',
  'terms',
  'anomaly',
  'exception',
] as const;
export type RelatedKind = (typeof relatedKinds)[number];

/** Something else that happened or stood in the same time. It may be a cause, an effect, or neither. */
export const relatedEvent = z.object({
  kind: z.enum(relatedKinds),
  title: z.string(),
  words: z.string(),
  from: time,
  /** Null while it stands, and of what happens at one moment. */
  to: time.nullable(),
  /** 0 to 1: how well it fits in time and in what it is about. Largest first. */
  fit: z.number().min(0).max(1),
  /** Why it fits: `began 4 minutes before`, `the same channel`. */
  because: z.array(z.string()),
  /** Where it is told: the exception, the entry of the calendar, the policy. */
  exception: z.string().nullable(),
  entry: z.string().nullable(),
  policy: z.string().nullable(),
});
export type RelatedEvent = z.output<typeof relatedEvent>;

export const episodeEnds = ['standing', 'resolved', 'dismissed', 'by-itself'] as const;
/** An earlier exception of the same kind, and how it ended. */
export const similarEpisode = z.object({
  /** Its number, such as `EX-17`. */
  exception: z.string(),
  title: z.string(),
  from: time,
  to: time.nullable(),
  /** 0 to 1; 1 for the same series, the same shape, the same hour of the week and the same size. */
  likeness: z.number().min(0).max(1),
  because: z.array(z.string()),
  ended: z.enum(episodeEnds),
  /** Who ended it and with which words, where somebody did. */
  by: z.string(),
  words: z.string(),
  /** What people wrote about it meanwhile, oldest first. */
  comments: z.array(z.string()),
  /** Minutes; null while it did not come to that. */
  acknowledgedAfter: z.number().nullable(),
  overAfter: z.number().nullable(),
  moneyAtRiskMax: z.int(),
});
export type SimilarEpisode = z.output<typeof similarEpisode>;

export const exceptionExplanation = z.object({
  /** `kind:subject`. */
  exception: z.string(),
  /** Null for what is no change of a figure, or cannot be split: `notExplained` says why. */
  change: explainedChange.nullable(),
  notExplained: z.string().nullable(),
  related: z.array(relatedEvent),
  /** Likest first. */
  similar: z.array(similarEpisode),
  /** Of all earlier episodes of the same subject or, where there is none, of the same kind. */
  before: z.object({
    episodes: z.int(),
    resolved: z.int(),
    dismissed: z.int(),
    byThemselves: z.int(),
    /** Half of them were over after this many minutes. */
    medianMinutes: z.number().nullable(),
  }),
  /** The moment up to which history is complete, and how many events it is behind the live state. */
  dataAsOf: time.nullable(),
  eventsBehind: z.int(),
});
export type ExceptionExplanation = z.output<typeof exceptionExplanation>;
