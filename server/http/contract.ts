/** What the HTTP API takes and answers, defined once: the routes check with it, the OpenAPI document and the client use it. */
import { z } from 'zod';
import { feedState, orderRow, stockRow, workspaceView } from '../live/contract.ts';
import { ability } from './contract/access.ts';
import { deviceSession } from './contract/devices.ts';
import { signInOffers } from './contract/provider-sign-in.ts';

const time = z.int(); // epoch milliseconds, UTC
export const PAGE_MAX = 500;

export const rejectedItem = z.object({ index: z.int(), id: z.string().nullable(), problem: z.string() });

/** RFC 9457. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** What to do about it. */
  remedy: z.string().optional(),
  /** `line` where what was sent has lines. */
  errors: z.array(z.object({ path: z.string(), message: z.string(), line: z.int().optional() })).optional(),
  /** Of a batch in which nothing was right. */
  rejected: z.array(rejectedItem).optional(),
});
export type Problem = z.infer<typeof problem>;

export const pageQuery = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(100),
});
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });

// --- Ingestion
export const accepted = z.object({
  delivery: z.string(),
  accepted: z.int(),
  rejected: z.array(rejectedItem),
  /** True when more items were wrong than are listed. */
  rejectedTruncated: z.boolean().optional(),
});
export type Accepted = z.infer<typeof accepted>;

// --- Signing in
export const session = z.object({
  user: z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.string() }),
  abilities: z.array(ability),
  expiresAt: time,
});
export type Session = z.infer<typeof session>;
export const signIn = z.object({ email: z.email().max(200), password: z.string().min(1).max(1_000) });
export const setUp = z.object({
  token: z.string().min(1).max(200),
  email: z.email().max(200),
  name: z.string().min(1).max(200),
  password: z.string().min(12, 'must have at least 12 characters').max(1_000),
});
/** Answer of GET /v1/session: who is signed in, or whether the first admin is still to be made. */
export const sessionState = z.object({
  session: session.nullable(),
  /** A paired wall screen instead of a person. */
  device: deviceSession.nullable(),
  needsSetUp: z.boolean(),
  workspace: z.string(),
  signIn: signInOffers,
});
export type SessionState = z.infer<typeof sessionState>;

// --- Live topics by HTTP
export const snapshotView = z.object({
  topic: z.string(),
  epoch: z.string(),
  version: z.int(),
  entries: z.record(z.string(), z.unknown()),
});

// --- Stock. Fields of cost are absent for whoever may not see it; null means that the cost is not known.
export const waterfallStep = z.object({ step: z.string(), quantity: z.int() });
export const skuView = z.object({
  sku: z.string(),
  name: z.string(),
  category: z.string().nullable(),
  unitCost: z.int().nullable().optional(),
  unitPrice: z.int().nullable(),
  currency: z.string(),
  nodes: z.array(stockRow),
  /** The other side of every movement; with the nodes these add up to zero. */
  outside: z.object({ supplier: z.int(), customer: z.int(), loss: z.int(), unknown: z.int() }),
  /** Units accepted from customers that no node could allocate. */
  waiting: z.int(),
  /** Available to promise per channel, as steps that add up. */
  channels: z.array(z.object({ channel: z.string(), name: z.string(), atp: z.int(), steps: z.array(waterfallStep) })),
});
export type SkuView = z.infer<typeof skuView>;
export const movementRow = z.object({
  seq: z.int(),
  occurredAt: time,
  receivedAt: time,
  source: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  fromNode: z.string(),
  fromPlace: z.string(),
  toNode: z.string(),
  toPlace: z.string(),
  quantity: z.int(),
  reason: z.string(),
  order: z.string(),
  /** What this movement did to the asked node and bucket, and the balance after it. Null when no node was asked for. */
  change: z.int().nullable(),
  balance: z.int().nullable(),
});
export type MovementRow = z.infer<typeof movementRow>;
export const movementsQuery = z.object({
  node: z.string().max(200).optional(),
  bucket: z.string().max(40).optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(100),
});
export const movementsAnswer = z.object({
  items: z.array(movementRow),
  next: z.number().nullable(),
  /** How far history is behind the live state, in events. */
  eventsBehind: z.int(),
});
export type MovementsAnswer = z.infer<typeof movementsAnswer>;

// --- Orders
export const ordersPage = page(orderRow);
export const orderView = orderRow.extend({
  customer: z.string().nullable(),
  source: z.string(),
  holds: z.array(z.string()),
  /** Reasons that hold it: since when, when that is too long, whether it is; and whether it gave its stock back. */
  holding: z.array(z.object({ hold: z.string(), since: time, agesAt: time, aged: z.boolean() })),
  gaveStockBack: z.boolean(),
  deliverBy: time.nullable(),
  releasedAt: time.nullable(),
  service: z.string(),
  carrier: z.string(),
  /** In minor units: what the customer paid besides the lines, and what went back. */
  extras: z.int(),
  refunded: z.int(),
  /** Where another system decides: what we would have done, in units per node. */
  advised: z.array(z.object({ node: z.string(), units: z.int() })).nullable(),
  items: z.array(
    z.object({
      line: z.string(),
      sku: z.string(),
      name: z.string(),
      quantity: z.int(),
      unitPrice: z.int(),
      allocated: z.array(z.object({ node: z.string(), quantity: z.int() })),
      waiting: z.int(),
      picked: z.int(),
      packed: z.int(),
      dispatched: z.int(),
      delivered: z.int(),
      cancelled: z.int(),
      returned: z.int(),
      scanned: z.int(),
      preorder: z.boolean(),
    }),
  ),
  /** Everything that happened to it, oldest first. */
  timeline: z.array(
    z.object({
      seq: z.int(),
      occurredAt: time,
      receivedAt: time,
      source: z.string(),
      type: z.string(),
      summary: z.string(),
    }),
  ),
});
export type OrderView = z.infer<typeof orderView>;

// --- KPIs
export const grains = ['minute', 'hour', 'day'] as const;
export const kpiDefinition = z.object({
  id: z.string(),
  name: z.string(),
  question: z.string(),
  formula: z.string(),
  /** Under what it is found by those who choose one. */
  group: z.enum([
    'sales',
    'promises',
    'fulfilment',
    'reservations',
    'returns',
    'stock',
    'procurement',
    'exceptions',
    'money',
    'data',
  ]),
  unit: z.string(),
  direction: z.enum(['up', 'down', 'none']),
  clock: z.string(),
  exclusions: z.string(),
  owner: z.string(),
  target: z.number().nullable(),
  cadence: z.string(),
  dimensions: z.array(z.string()),
  thresholds: z.object({ look: z.number(), act: z.number() }).nullable(),
  /** Types of the events it is made of. */
  sources: z.array(z.string()),
  version: z.int(),
  changes: z.array(z.object({ version: z.int(), on: z.string(), words: z.string() })),
  /** Kinds of exceptions that tell when it goes wrong, or why. */
  exceptions: z.array(z.string()),
  /** What must come before it can be known; null: it is known. */
  waitsFor: z.string().nullable(),
});
export const kpisAnswer = z.object({
  items: z.array(kpiDefinition.extend({ value: z.number().nullable(), asOf: time.nullable() })),
});
export const kpiQuery = z.object({
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
  grain: z.enum(grains).default('hour'),
  by: z.enum(['channel', 'node', 'country', 'supplier', 'kind', 'class', 'category']).optional(),
});
export const kpiSeries = z.object({
  kpi: kpiDefinition,
  from: time,
  to: time,
  grain: z.enum(grains),
  by: z.string().nullable(),
  series: z.array(
    z.object({
      key: z.string(),
      points: z.array(z.tuple([time, z.number().nullable()])),
      total: z.number().nullable(),
    }),
  ),
  total: z.number().nullable(),
  eventsBehind: z.int(),
});

// --- Sources and dead letters
export const sourcesAnswer = z.object({ items: z.array(feedState) });
export const deadLetter = z.object({
  id: z.string(),
  source: z.string(),
  receivedAt: time,
  failedAt: time,
  reason: z.string(),
  attempts: z.int(),
  bytes: z.int(),
  contentType: z.string(),
  topic: z.string().nullable(),
  status: z.enum(['waiting', 'replaying']),
});
export type DeadLetter = z.infer<typeof deadLetter>;
export const deadLettersPage = page(deadLetter);
/** `raw` is the body as it came, as text when it is UTF-8, else base64. */
export const deadLetterView = deadLetter.extend({ raw: z.string(), encoding: z.enum(['utf8', 'base64']) });

// --- Health
export const dependencyHealth = z.object({
  name: z.string(),
  status: z.enum(['ok', 'degraded', 'down']),
  detail: z.string(),
  latencyMs: z.number().nullable(),
});
export const health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  roles: z.array(z.string()),
  uptimeSeconds: z.number(),
  dependencies: z.array(dependencyHealth),
});
export type Health = z.infer<typeof health>;
export { workspaceView };
