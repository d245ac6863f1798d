/** One source: how it is, what it sent, what was wrong with it, and what depends on it. */
import { z } from 'zod';
import { feedState } from '../../live/contract.ts';
import { pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC

export const sourceView = z.object({
  asOf: time,
  feed: feedState,
  /** The newest business time it has told, and how far the moment of that telling was behind it. */
  watermark: time.nullable(),
  lagMs: z.int().nullable(),
  /** By how much its clock runs ahead of ours; 0 when it does not. */
  aheadMs: z.int(),
  silentSince: time.nullable(),
  firstReceivedAt: time.nullable(),
  /** The last whole quarter of an hour against what is usual then; null while that is not known. */
  volume: z.object({ from: time, count: z.int(), usual: z.number(), deviation: z.number() }).nullable(),
  /** The last 48 hours by business time, oldest first; `usual` is the same hour of the last weeks, null when there is none. */
  hours: z.array(
    z.object({ hour: time, events: z.int(), refused: z.int(), late: z.int(), usual: z.number().nullable() }),
  ),
  /** Over the last seven days. */
  problems: z.array(
    z.object({
      /** `refused`: understood, and against a rule. `dead-letter`: not understood. */
      kind: z.enum(['refused', 'dead-letter']),
      reason: z.string(),
      /** Of the events, or of the delivery. */
      type: z.string(),
      count: z.int(),
      lastAt: time,
    }),
  ),
  unknown: z.object({ values: z.array(z.string()), events: z.int(), since: time.nullable() }),
  silences: z.array(z.object({ exception: z.string(), since: time, endedAt: time.nullable() })),
  depends: z.object({
    channel: z.object({ channel: z.string(), openOrders: z.int() }).nullable(),
    node: z.object({ node: z.string(), name: z.string(), openOrders: z.int() }).nullable(),
    /** Exceptions that speak of it or follow from it. */
    exceptions: z.array(z.object({ id: z.string(), kind: z.string(), title: z.string() })),
  }),
  /** Set when it calls our webhook. */
  webhook: z.object({ connector: z.string(), secrets: z.int() }).nullable(),
});
export type SourceView = z.infer<typeof sourceView>;

export const deadLettersQuery = pageQuery.extend({ source: z.string().max(200).optional() });
export const settleRequest = z
  .object({
    how: z.enum(['replay', 'discard']),
    /** These; or all of a source, as many as fit into one request. */
    ids: z.array(z.string().max(200)).min(1).max(500).optional(),
    source: z.string().max(200).optional(),
  })
  .refine(({ ids, source }) => (ids === undefined) !== (source === undefined), 'name ids or a source, not both');
export const settleAnswer = z.object({
  settled: z.int(),
  /** Gone meanwhile, or on their way again already. */
  skipped: z.int(),
  /** Of the source, still waiting: ask again. */
  left: z.int(),
});
export type SettleAnswer = z.infer<typeof settleAnswer>;
