/** How far records can be trusted, what to count, and what systems state, as the API tells it. */
import { z } from 'zod';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().min(1).max(200);
const share = z.number().min(0).max(1);

// --- Accuracy
const reliability = z.object({
  /** Records that had been given a confidence in this range before they were counted. */
  from: share,
  to: share,
  counted: z.int(),
  /** The mean of what was said, and the share of counts that found the record right. */
  said: share,
  right: share,
});
const nodeAccuracy = z.object({
  /** Null for the whole company. */
  node: z.string().nullable(),
  records: z.int(),
  /** Weighted by the value on hand; null where nothing is on hand. */
  confidence: share.nullable(),
  /** Of what is on hand, in minor units. */
  stockValue: z.int().optional(),
  /** Counts so far, and the share of them that found the record within tolerance; null without counts. */
  counted: z.int(),
  recordAccuracy: share.nullable(),
});
export const accuracyAnswer = z.object({
  company: nodeAccuracy,
  nodes: z.array(nodeAccuracy),
  /** What was said of records against what counts found that nobody's doubt had chosen. */
  calibration: z.array(reliability),
  /** What the company's own counts add to the log odds of every record. */
  shift: z.number(),
  asOf: time,
});
export type AccuracyAnswer = z.infer<typeof accuracyAnswer>;

export const recordsQuery = pageQuery.extend({
  node: name.optional(),
  q: z.string().max(200).optional(),
  /** Only records whose confidence is below this. */
  below: z.coerce.number().min(0).max(1).optional(),
});
export const recordAccuracy = z.object({
  sku: z.string(),
  node: z.string(),
  name: z.string(),
  abc: z.enum(['A', 'B', 'C']).nullable(),
  onHand: z.int(),
  /** Units the record may be off and still be right. */
  tolerance: z.int(),
  confidence: share,
  /** What lowers it most, in words; the whole sum is explained under `confidence:SKU|NODE`. */
  because: z.array(z.string()),
  lastCountAt: time.nullable(),
  countRequestedAt: time.nullable(),
});
export const recordsPage = page(recordAccuracy);
export type RecordsPage = z.output<typeof recordsPage>;

// --- Count list
export const countListQuery = pageQuery.extend({
  node: name.optional(),
  /** Also records that somebody has been asked to count already. */
  requested: z.stringbool().default(false),
});
export const countListPage = page(
  recordAccuracy.extend({
    /** The probability that a count finds a difference beyond the tolerance, and what it is worth, in minor units. */
    chance: share,
    expectedUnits: z.number(),
    worthPerUnit: z.int().optional(),
    expectedValue: z.int().optional(),
  }),
);
export const COUNTS_PER_REQUEST_MAX = 200;
export const countRequests = z.object({
  records: z
    .array(z.object({ sku: name, node: name }))
    .min(1)
    .max(COUNTS_PER_REQUEST_MAX),
  reason: z.string().max(2_000).optional(),
});
export const countRequestsAnswer = z.object({
  requested: z.int(),
  /** Records that are to be counted already, and those that nobody keeps. */
  waiting: z.array(z.object({ sku: z.string(), node: z.string() })),
  unknown: z.array(z.object({ sku: z.string(), node: z.string() })),
});

// --- Drift
export const driftAnswer = z.object({
  items: z.array(
    z.object({
      source: z.string(),
      name: z.string(),
      /** Statements kept: one per record and measure; those that disagree beyond the tolerance. */
      stated: z.int(),
      drifting: z.int(),
      /** Units it states beyond ours, and below ours: never netted. */
      unitsOver: z.int(),
      unitsUnder: z.int(),
      /** Minutes that what is open has been open, summed; and the same of what has ended, with how many there were. */
      openMinutes: z.int(),
      endedMinutes: z.int(),
      ended: z.int(),
      lastAt: time,
    }),
  ),
});
export const driftRecordsQuery = pageQuery.extend({ source: name.optional(), node: name.optional() });
export const driftRecordsPage = page(
  z.object({
    sku: z.string(),
    node: z.string(),
    source: z.string(),
    measure: z.string(),
    stated: z.int(),
    /** Stated less ours as of the moment stated. */
    drift: z.int(),
    at: time,
    since: time,
    openMinutes: z.int(),
  }),
);

// --- Snapshots
export const snapshotsQuery = pageQuery.extend({ source: name.optional(), node: name.optional() });
const snapshotRow = z.object({
  snapshot: z.string(),
  source: z.string(),
  node: z.string(),
  measure: z.string(),
  complete: z.boolean(),
  status: z.enum(['gathering', 'quarantined', 'settled']),
  /** The moment it speaks of. */
  at: time,
  receivedAt: time,
  parts: z.int(),
  came: z.array(z.int()),
  rows: z.int(),
  /** What speaks against it, and the numbers behind that. */
  doubts: z.array(z.string()),
  figures: z
    .object({
      rows: z.int(),
      lastRows: z.int(),
      units: z.int(),
      ourUnits: z.int(),
      changed: z.int(),
      records: z.int(),
    })
    .nullable(),
  /** Worth at unit cost of what it would change, in minor units. */
  worth: z.int(),
});
export const snapshotsPage = page(snapshotRow);
/** With the rows that differ most from ours as of its moment. */
export const snapshotView = snapshotRow.extend({
  changes: z.array(z.object({ sku: z.string(), stated: z.int(), ours: z.int(), difference: z.int() })),
});
export type SnapshotView = z.infer<typeof snapshotView>;
