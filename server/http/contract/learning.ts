/** What was learned of the exceptions that people were told: whether they were worth it, and what could be set better. */
import { z } from 'zod';
import { exceptionAreas } from '../../../streams/events/exception-words.ts';
import { exceptionEvents } from '../../../streams/events/exceptions.ts';

const time = z.int(); // epoch milliseconds, UTC
const money = z.int(); // minor units of the workspace's currency
/** 0 to 1; null where nothing is known that it could be made of. */
const share = z.number().min(0).max(1).nullable();

// --- Ratings: one person about one exception; the newest of a person holds
export const ratingRequest = exceptionEvents['exception.rated'].pick({ useful: true, reason: true });
export const rating = z.object({ by: z.string(), at: time, useful: z.boolean(), reason: z.string() });
export type Rating = z.infer<typeof rating>;
/**
 * Whether what an exception claimed came true, by facts that came later. `unknown`: it is not over, nothing could tell, or it
 * states what is and claims nothing.
 */
export const outcomeWords = ['came-true', 'did-not', 'unknown'] as const;
export const outcome = z.object({
  outcome: z.enum(outcomeWords),
  /** What was asked of the facts; empty where its kind claims nothing that facts could tell. */
  question: z.string(),
  /** What the facts say, in words. */
  because: z.string(),
});
export type Outcome = z.infer<typeof outcome>;
export const ratingsAnswer = z.object({
  /** Its number, and what it is as `kind:subject`. */
  number: z.string(),
  exception: z.string(),
  items: z.array(rating),
  ...outcome.shape,
});
export type RatingsAnswer = z.infer<typeof ratingsAnswer>;
/** `applied` false: it is stored, and will be applied in a moment. */
export const ratedAnswer = z.object({
  number: z.string(),
  exception: z.string(),
  applied: z.boolean(),
  rating,
});
export type RatedAnswer = z.infer<typeof ratedAnswer>;

// --- How each rule does
export const LEARNING_DAYS_MAX = 92;
export const learningQuery = z.object({
  /** The last days, up to now. */
  days: z.coerce.number().int().min(1).max(LEARNING_DAYS_MAX).default(28),
});

const rule = z.object({
  /** The kind of exception. */
  kind: z.string(),
  area: z.enum(exceptionAreas),
  /** Exceptions that opened in this time, and those of them that still stand. */
  told: z.int(),
  open: z.int(),
  perDay: z.number(),
  /** Minutes it was open, of those that are over. */
  medianMinutes: z.number().nullable(),
  /**
   * What people said: useful if the newest ratings of more people say so than say otherwise. An exception that was dismissed as
   * a false alarm, and that nobody rated, counts as not useful; `dismissed` says how many of them.
   */
  rated: z.object({ useful: z.int(), notUseful: z.int(), dismissed: z.int(), precision: share }),
  /**
   * What the facts said. `prevented`: it did not happen, and somebody had worked on it; the precision leaves these out. `question`
   * is null where the kind states what is and claims nothing.
   */
  outcomes: z.object({
    cameTrue: z.int(),
    didNot: z.int(),
    prevented: z.int(),
    unknown: z.int(),
    precision: share,
    question: z.string().nullable(),
  }),
  /** Of what is known to have happened, what was told before; null where no fact says what happened. */
  recall: z
    .object({
      question: z.string(),
      happened: z.int(),
      told: z.int(),
      share,
      /** Minutes from the opening to what happened. */
      medianLeadMinutes: z.number().nullable(),
    })
    .nullable(),
  /** Of those that are over, whose outcome is known and on which somebody worked. */
  money: z.object({ exceptions: z.int(), atRiskWhenTold: money, lost: money, saved: money }),
});
export type LearningRule = z.infer<typeof rule>;

export const learningAnswer = z.object({
  from: time,
  to: time,
  currency: z.string(),
  /** False: there were more exceptions than are looked at, and the oldest of this time are left out. */
  complete: z.boolean(),
  /** How far history is behind the live state, in events. */
  eventsBehind: z.int(),
  rules: z.array(rule),
  total: z.object({
    told: z.int(),
    perDay: z.number(),
    /** Known to be for nothing, by people or by facts. */
    falseAlarms: z.int(),
    falseAlarmsPerDay: z.number(),
    ratedPrecision: share,
    outcomePrecision: share,
    saved: money,
  }),
  /** How `saved` is worked out. */
  savedFormula: z.string(),
  /** Messages delivered to each recipient (`person:<e-mail>`, `channel:<id>`), most first; null: no delivery is known. */
  people: z
    .array(
      z.object({ recipient: z.string(), name: z.string(), messages: z.int(), perDay: z.number(), onWorstDay: z.int() }),
    )
    .nullable(),
});
export type LearningAnswer = z.infer<typeof learningAnswer>;

// --- What could be set better
export const suggestionStates = ['to-replay', 'replaying', 'ready', 'failed', 'accepted', 'dismissed'] as const;

/** Exceptions or alarms of a time, by what is known of them. */
const labelled = z.object({ told: z.int(), useful: z.int(), notUseful: z.int(), unknown: z.int(), moneyAtRisk: money });
export const suggestion = z.object({
  /** The same for the same change of the same version of the policy. */
  id: z.string(),
  policy: z.enum(['exceptions', 'signals']),
  /** The kind of exception, or the series (`orders/channel=web`). */
  about: z.string(),
  /** Within the policy, such as `kinds.clock-skew.thresholds.aheadSeconds`. Null before: its default holds. */
  change: z.object({
    path: z.string(),
    before: z.union([z.number(), z.boolean(), z.null()]),
    after: z.union([z.number(), z.boolean()]),
  }),
  /** What is proposed, and why, in words. */
  words: z.string(),
  why: z.string(),
  /** The version of the policy that it changes. */
  basedOn: z.int(),
  /**
   * `to-replay`: its effect is not known yet, POST .../replay finds it out. `ready`: `effect` is known, and it may be accepted.
   */
  state: z.enum(suggestionStates),
  /** 0 to 1, while it is replayed. */
  progress: z.number(),
  problem: z.string().optional(),
  /**
   * What the change would have done in the last weeks. `rejudged`: worked out from what is kept of each alarm; `replayed`: all
   * events were folded again under the changed policy.
   */
  effect: z
    .object({
      how: z.enum(['rejudged', 'replayed']),
      from: time,
      to: time,
      before: labelled,
      after: labelled,
      /** Useful ones that would not have been told, the most money first, at most 20. */
      lost: z.array(z.object({ subject: z.string(), title: z.string(), at: time, moneyAtRisk: money })),
    })
    .nullable(),
  decided: z.object({ by: z.string(), at: time, reason: z.string(), version: z.int().nullable() }).nullable(),
});
export type Suggestion = z.infer<typeof suggestion>;
export type LearningEffect = NonNullable<Suggestion['effect']>;
export type Labelled = z.infer<typeof labelled>;

/** Those that wait for somebody first, then what was decided, newest first. */
export const suggestionsAnswer = z.object({ from: time, to: time, currency: z.string(), items: z.array(suggestion) });
export type SuggestionsAnswer = z.infer<typeof suggestionsAnswer>;
export const suggestionsQuery = learningQuery;
export const acceptRequest = z.object({ note: z.string().trim().max(1_000).default('') });
export const dismissRequest = z.object({ reason: z.string().trim().min(1).max(1_000) });
export const acceptedAnswer = z.object({ version: z.int() });
