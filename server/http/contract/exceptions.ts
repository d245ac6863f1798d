/** Exceptions as the API tells them and takes work on them. */
import { z } from 'zod';
import {
  conditions,
  exceptionAreas,
  groupings,
  severities,
  workStates,
} from '../../../streams/events/exception-words.ts';
import { exceptionEvents } from '../../../streams/events/exceptions.ts';
import { exceptionGroup, exceptionRow } from '../../live/contract.ts';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().max(200).optional();

export const exceptionsQuery = pageQuery.extend({
  /**
   * `calling`: open, put away by nobody, inhibited by nothing. `put-away`: snoozed, resolved or dismissed while they hold.
   * `inhibited`: beneath another one. `all`: also those that are only pending.
   */
  show: z.enum(['calling', 'put-away', 'inhibited', 'all']).default('calling'),
  /** Answers with lines of what belongs together instead of single exceptions. */
  group: z.enum(groupings).optional(),
  kind: z.string().max(60).optional(),
  severity: z.enum(severities).optional(),
  area: z.enum(exceptionAreas).optional(),
  condition: z.enum(conditions).optional(),
  work: z.enum(workStates).optional(),
  node: name,
  channel: name,
  sku: name,
  order: name,
  source: name,
  owner: name,
  assignee: name,
});
export type ExceptionsQuery = z.output<typeof exceptionsQuery>;
export const exceptionsPage = z.union([page(exceptionRow), page(exceptionGroup)]);
export type ExceptionsPage = z.output<typeof exceptionsPage>;

const evidence = z.object({ source: z.string(), id: z.string(), type: z.string(), at: time, words: z.string() });

export const exceptionView = exceptionRow.extend({
  /** What it is, as `kind:subject`. */
  name: z.string(),
  /** Since when it is over; null while it stands. One that is over is told from history, without formula and comments. */
  overSince: time.nullable(),
  /** The question it answers, what a good planner does about it, and what ends it. */
  question: z.string(),
  playbook: z.array(z.string()),
  endsWhen: z.string(),
  comments: z.array(z.object({ by: z.string(), at: time, comment: z.string() })),
  /** How it stood when it was put away, by whom and why. */
  settled: z
    .object({
      by: z.string(),
      at: time,
      reason: z.string(),
      because: z.string(),
      moneyAtRisk: z.int(),
      severity: z.enum(severities),
    })
    .nullable(),
  /** What made it seem over, while it recovers. */
  ended: evidence.nullable(),
  /** Exceptions that follow from it or stand beneath it. */
  effects: z.object({ count: z.int(), moneyAtRisk: z.int(), exceptions: z.array(z.string()) }),
});
export type ExceptionView = z.output<typeof exceptionView>;

export const exceptionChange = z.object({
  seq: z.int(),
  at: time,
  receivedAt: time,
  change: z.string(),
  title: z.string(),
  severity: z.string(),
  moneyAtRisk: z.int(),
  by: z.string(),
  /** A reason or a comment, where somebody gave one. */
  words: z.string(),
  /** The event that did it: for `recovering` and for a `closed` right after `open`, the evidence that it is over. */
  event: z.object({ source: z.string(), id: z.string(), type: z.string() }),
});
export const changesQuery = z.object({
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const changesPage = z.object({ items: z.array(exceptionChange), next: z.int().nullable() });
export type ChangesPage = z.output<typeof changesPage>;

export const exceptionCatalog = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      area: z.enum(exceptionAreas),
      question: z.string(),
      owner: z.string(),
      playbook: z.array(z.string()),
      endsWhen: z.string(),
      /** What states it watches; null: a detector outside tells it. */
      watches: z.string().nullable(),
      /** As they are used now: the policy's, or else the rule's own. */
      off: z.boolean(),
      holdMinutes: z.number(),
      recoverMinutes: z.number(),
      thresholds: z.record(z.string(), z.number()),
      /** Standing now, and how many of them ask for somebody. */
      standing: z.int(),
      calling: z.int(),
    }),
  ),
  /** Which kinds stand beneath which others, and why. */
  inhibitions: z.array(z.object({ by: z.string(), field: z.string(), why: z.string() })),
});
export type ExceptionCatalog = z.output<typeof exceptionCatalog>;

/** What callers say; the rest of each event is known: which exception, who, when. */
const said = (data: z.ZodObject) => data.omit({ exception: true, by: true, number: true });

export const workRequests = {
  acknowledge: said(exceptionEvents['exception.acknowledged']),
  assign: said(exceptionEvents['exception.assigned']),
  start: said(exceptionEvents['exception.started']),
  comment: said(exceptionEvents['exception.commented']),
  snooze: said(exceptionEvents['exception.snoozed']),
  wake: said(exceptionEvents['exception.woken']),
  resolve: said(exceptionEvents['exception.resolved']),
  dismiss: said(exceptionEvents['exception.dismissed']),
  reopen: said(exceptionEvents['exception.reopened']),
} as const;
export type WorkAction = keyof typeof workRequests;

/** Exceptions taken in one request of work on many. */
export const MANY_MAX = 200;
const named = z.object({ id: z.string().min(1).max(460), version: z.int().min(0).optional() });
const commandId = z.string().regex(/^[\w-]{8,64}$/, 'must be 8 to 64 letters, digits and hyphens');
const many = (action: WorkAction) =>
  workRequests[action].omit({ version: true }).extend({
    action: z.literal(action),
    exceptions: z.array(named).min(1).max(MANY_MAX),
    /** Chosen by who asks: the same command sent twice is done once. */
    command: commandId.optional(),
  });
const actions = Object.keys(workRequests) as WorkAction[];
/** One step for many at once: what one of them refuses does not hold up the others. */
export const workOnMany = z.discriminatedUnion('action', actions.map(many) as unknown as [ReturnType<typeof many>]);
export type WorkOnMany = {
  action: WorkAction;
  exceptions: z.output<typeof named>[];
  command?: string;
} & Record<string, unknown>;
export const workedOnMany = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      /** `stored`: it will be applied in a moment. `refused`: with the reason. */
      outcome: z.enum(['applied', 'stored', 'refused']),
      reason: z.string().optional(),
      /** How it stands now, also when it was refused; absent when it is over. */
      exception: exceptionRow.optional(),
    }),
  ),
});
export type WorkedOnMany = z.output<typeof workedOnMany>;
