/**
 * What travels between the live gateway and a browser, defined once for both.
 *
 * A topic is a keyed collection. A subscriber gets the whole collection once (`snapshot`), then ordered differences.
 * Every difference raises the topic's version by one within an epoch; a gap or another epoch means: subscribe again.
 */
import { z } from 'zod';
import { conditions, exceptionAreas, severities, workStates } from '../../streams/events/exception-words.ts';
import { orderStatuses } from '../../streams/events/order-statuses.ts';

export * from './contract/tiles.ts';

const time = z.int(); // epoch milliseconds, UTC

export const exceptionRow = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  subject: z.string(),
  detail: z.string(),
  severity: z.enum(severities),
  since: time,
  updatedAt: time,
  /** The last useful moment. */
  deadline: time.nullable(),
  moneyAtRisk: z.int(),
  currency: z.string(),
  /** How the money was worked out: the formula in words and its inputs. */
  formula: z.string(),
  inputs: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  /** What to do about it. */
  advice: z.string(),
  sku: z.string().optional(),
  node: z.string().optional(),
  channel: z.string().optional(),
  order: z.string().optional(),
  source: z.string().optional(),
  acknowledgedBy: z.string().optional(),
  assignee: z.string().optional(),
  /** The last step of people, so that who comes second sees who came first. */
  lastWork: z.object({ what: z.string(), by: z.string(), at: time }).optional(),
  area: z.enum(exceptionAreas),
  /** Whether it holds, and what is done about it: two machines that never mix. */
  condition: z.enum(conditions),
  work: z.enum(workStates),
  /** Of the work; who changes it names the one that was looked at. */
  version: z.int(),
  /** Who takes care of it, by the ownership policy. */
  owner: z.string(),
  openedAt: time.nullable(),
  /** When it was last seen; null: it holds right now. */
  lastSeenAt: time.nullable(),
  /** How often it came back while it recovered. */
  returns: z.int(),
  snoozedUntil: z.record(z.string(), z.unknown()).optional(),
  /** What it follows from, and the exception beneath which it is shown, both as `kind:subject`. */
  cause: z.string().optional(),
  inhibitedBy: z.string().optional(),
  dependsOn: z.array(z.string()).optional(),
  /** What could be done about it, best first: actions with their input filled in. */
  suggests: z.array(z.object({ action: z.string(), input: z.record(z.string(), z.unknown()) })).optional(),
});
export type ExceptionRow = z.infer<typeof exceptionRow>;

/** What a list needs of an exception: thousands of them travel, so whatever one looks at alone is left to the API. */
export const exceptionLine = exceptionRow
  .omit({
    formula: true,
    inputs: true,
    advice: true,
    dependsOn: true,
    suggests: true,
    cause: true,
    openedAt: true,
    lastSeenAt: true,
    returns: true,
  })
  .extend({
    /** What it follows from in the end: the number of an exception that stands, or else `kind:subject`. */
    root: z.string().optional(),
  });
export type ExceptionLine = z.infer<typeof exceptionLine>;

/** Exceptions that belong together, as one line. */
export const exceptionGroup = z.object({
  /** What they share: for causes `kind:subject`; empty where they name none. */
  key: z.string(),
  title: z.string(),
  /** The number of the exception that is the cause of the others, when it stands. */
  head: z.string().nullable(),
  count: z.int(),
  moneyAtRisk: z.int(),
  currency: z.string(),
  severity: z.enum(severities),
  /** The earliest last useful moment among them. */
  deadline: time.nullable(),
  since: time,
  kinds: z.record(z.string(), z.int()),
  /** Their numbers, worst first; the first of many. */
  exceptions: z.array(z.string()),
});
export type ExceptionGroupRow = z.infer<typeof exceptionGroup>;

export const stockRow = z.object({
  sku: z.string(),
  node: z.string(),
  name: z.string(),
  sellable: z.int(),
  allocated: z.int(),
  quarantined: z.int(),
  damaged: z.int(),
  returnPending: z.int(),
  inTransit: z.int(),
  onHand: z.int(),
  safetyStock: z.int(),
  atp: z.int(),
  lastMovementAt: time.nullable(),
  lastCountAt: time.nullable(),
});
export type StockRow = z.infer<typeof stockRow>;

export const orderRow = z.object({
  order: z.string(),
  channel: z.string(),
  node: z.string(),
  country: z.string(),
  status: z.enum(orderStatuses),
  placedAt: time,
  shipBy: time.nullable(),
  dispatchedAt: time.nullable(),
  lines: z.int(),
  units: z.int(),
  openUnits: z.int(),
  amount: z.int(),
  currency: z.string(),
});
export type OrderRow = z.infer<typeof orderRow>;

export const workspaceView = z.object({
  workspace: z.string(),
  name: z.string(),
  currency: z.string(),
  timeZone: z.string(),
  simulated: z.boolean(),
  mode: z.enum(['advise', 'decide']),
  /** The moment the figures speak of: the wall clock, or the newest event of a replayed history. */
  businessNow: time,
  replaying: z.boolean(),
  empty: z.boolean(),
});
export type WorkspaceView = z.infer<typeof workspaceView>;

/**
 * The topics, by name, and what an entry of each holds. Keys:
 * `board:<board>` and `board-cost:<board>`: `board`, `pinned`, `tile:<tile>` (contract/boards.ts);
 * `exceptions`: the number of each that asks for somebody (a line); `exceptions-aside`: of each that is put away or stands
 * beneath another one (a line); `exception-groups`: `kind:subject` of the cause; `sources`: the source; `orders`: the order (the newest 200); `stock:<sku>`: the node;
 * `order:<order>`: `order`; `workspace`: `workspace`.
 */
export const TOPIC_MAX = 260;
export const topicName = z
  .string()
  .max(TOPIC_MAX)
  .regex(
    /^(exceptions|exceptions-aside|exception-groups|sources|orders|workspace|(board|board-cost|stock|order):.+)$/,
    'is not a topic',
  );

export const subscribeMessage = z.object({ topic: topicName });
export const displayedMessage = z.object({
  topic: topicName,
  /** From the change's `newest`: event times to the moment of painting, in the server's clock (epoch ms). */
  occurredAt: time,
  sentAt: time,
  displayedAt: time,
});

export type Entries = Record<string, unknown>;
export type Snapshot = { topic: string; epoch: string; version: number; entries: Entries };
export type Change = {
  topic: string;
  epoch: string;
  version: number;
  set: Entries;
  remove: string[];
  /** The newest event behind this change, for measuring latency; absent when only clocks moved. */
  newest?: { occurredAt: number; receivedAt: number; committedAt: number; sentAt: number };
};
export type SubscribeAnswer = Snapshot | { problem: string };

export type ServerToClient = {
  change: (change: Change) => void;
  /** On connect and every 30 s: the server's clock and the hash of the client build it serves. */
  hello: (hello: { now: number; build: string; epoch: string }) => void;
  /** The session ended; the client shows the sign-in page. */
  signedOut: () => void;
};
export type ClientToServer = {
  subscribe: (message: z.infer<typeof subscribeMessage>, answer: (answer: SubscribeAnswer) => void) => void;
  unsubscribe: (message: z.infer<typeof subscribeMessage>) => void;
  displayed: (message: z.infer<typeof displayedMessage>) => void;
  /** The client's `sentAt` comes back, to measure the offset of its clock. */
  clock: (sentAt: number, answer: (answer: { sentAt: number; now: number }) => void) => void;
};
