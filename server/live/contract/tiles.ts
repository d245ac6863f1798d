/** What tiles and the lists beside them say: one KPI, orders to ship, one node, one feed. */
import { z } from 'zod';

export const statuses = ['ok', 'high', 'critical', 'none'] as const;
export const units = [
  'count',
  'percent',
  'money',
  'milliseconds',
  'minutes',
  'hours',
  'days',
  'ratio',
  'perMinute',
  'perYear',
] as const;

const time = z.int(); // epoch milliseconds, UTC
const nullable = z.number().nullable();

/** One KPI as a wall tile shows it. `value` null means: no data. Percentages are 0..100. Money is in minor units. */
export const kpiTile = z.object({
  id: z.string(),
  name: z.string(),
  question: z.string(),
  /** The time that the value covers, in words: `today`, `now`, `last 24 hours`. */
  period: z.string(),
  /** The part of the operation it is about, by name; the whole when empty. */
  part: z.object({ node: z.string().optional(), channel: z.string().optional() }),
  /** Why there is no value, when there is none. */
  why: z.string().nullable(),
  unit: z.enum(units),
  currency: z.string().optional(),
  value: nullable,
  target: nullable,
  direction: z.enum(['up', 'down', 'none']),
  status: z.enum(statuses),
  /** The same figure at the same local time a week ago, and what to call it: `vs last Tue`. Null: not on record. */
  comparison: z.object({ label: z.string(), value: nullable, change: nullable, relative: z.boolean() }).nullable(),
  /** Oldest first; null is a hole, never a zero. */
  spark: z.object({
    from: time,
    stepMs: z.int(),
    values: z.array(nullable),
    /** The expected band at the same steps, when it is known. */
    low: z.array(nullable).optional(),
    high: z.array(nullable).optional(),
  }),
  /** Business time of the newest fact in this figure; null when there is none. */
  asOf: time.nullable(),
  /** Names of the silent sources this figure depends on. */
  staleSources: z.array(z.string()),
});
export type KpiTile = z.infer<typeof kpiTile>;

/** Orders to ship over the day against the pace that still makes the cut-off. */
export const shipStory = z.object({
  toShip: z.int(),
  from: time,
  to: time,
  stepMs: z.int(),
  actual: z.array(nullable),
  lastWeek: z.array(nullable),
  /** Straight from now to nothing left at the cut-off. */
  needed: z.array(z.tuple([time, z.number()])),
  /** At the pace of now until all that is due is shipped, whether that is before the cut-off or after. */
  forecast: z.array(z.tuple([time, z.number()])),
  cutOff: time.nullable(),
  cutOffLabel: z.string(),
  /** Orders still open at the cut-off if nothing changes. */
  lateAtCutOff: z.int().nullable(),
});
export type ShipStory = z.infer<typeof shipStory>;

export const nodeCard = z.object({
  node: z.string(),
  name: z.string(),
  status: z.enum(statuses),
  toShip: z.int(),
  /** Shares 0..1 of today's work: picked so far, and where that should be by now. */
  pickedShare: nullable,
  expectedShare: nullable,
  clearsAt: time.nullable(),
  dueAt: time.nullable(),
  timeZone: z.string(),
});
export type NodeCard = z.infer<typeof nodeCard>;

export const feedState = z.object({
  source: z.string(),
  name: z.string(),
  kind: z.string(),
  status: z.enum(['live', 'stale', 'replayed', 'never']),
  lastOccurredAt: time.nullable(),
  lastReceivedAt: time.nullable(),
  events: z.int(),
  duplicates: z.int(),
  deadLetters: z.int(),
  eventsPerMinute: z.number().nullable(),
  silentAfterMinutes: z.int(),
});
export type FeedState = z.infer<typeof feedState>;
