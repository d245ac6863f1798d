/** Facts on their way to history: entries of the facts stream, joined to one insert without looking into the lines. */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { RESP_TYPES } from 'redis';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

export type FactBatch = {
  first: number;
  last: number;
  /** JSON lines, one per fact, as the pieces they came in. */
  lines: Buffer[];
  bytes: number;
  /** Names these rows and no others: a repeated insert with the same token adds nothing. */
  token: string;
};

/** What must be true of the stream or of history is not; nothing is written until somebody has seen to it. */
export class HistoryBroken extends Error {}

export type CollectLimits = { factsMax: number; bytesMax: number; lingerMs: number };

const ENTRIES_PER_READ_MIN = 8;
const ENTRIES_PER_READ_MAX = 500;
const BYTES_PER_READ = 4 * 1024 * 1024;
const LINGER_STEP_MS = 100;
const NEWLINE: Buffer = Buffer.from('\n');

/**
 * The facts after `after`, in order: as many as the limits allow, waiting a little for more.
 * @returns null when there are none
 * @throws HistoryBroken when a sequence number is missing
 */
export async function collectFacts(
  redis: Redis,
  keys: Keys,
  after: number,
  limits: CollectLimits,
  stopping: AbortSignal,
): Promise<FactBatch | null> {
  const pieces: Buffer[] = [];
  const until = performance.now() + limits.lingerMs;
  let last = after;
  let bytes = 0;
  while (last - after < limits.factsMax && bytes < limits.bytesMax) {
    const entryBytes = pieces.length === 0 ? 0 : bytes / pieces.length;
    const fitting = entryBytes === 0 ? ENTRIES_PER_READ_MIN : Math.floor(BYTES_PER_READ / entryBytes);
    const count = Math.min(ENTRIES_PER_READ_MAX, Math.max(ENTRIES_PER_READ_MIN, fitting));
    const entries = await readEntries(redis, keys, `(${last}-0`, '+', count);
    for (const entry of entries) {
      follows(entry, last);
      last = entry.last;
      bytes += entry.lines.length;
      pieces.push(entry.lines);
    }
    if (entries.length === count) continue;
    if (pieces.length === 0) return null;
    const left = until - performance.now();
    if (left <= 0 || stopping.aborted) break;
    await wait(Math.min(left, LINGER_STEP_MS), undefined, { signal: stopping }).catch(() => undefined);
  }
  return batchOf(keys, after + 1, last, pieces);
}

/**
 * Exactly the facts from `first` to `last`, for an insert whose outcome is unknown.
 * @throws HistoryBroken when the stream no longer holds them as they were
 */
export async function rereadFacts(
  redis: Redis,
  keys: Keys,
  range: { first: number; last: number; token: string },
): Promise<FactBatch> {
  const entries = await readEntries(redis, keys, `${range.first}-0`, `${range.last}-0`, range.last - range.first + 1);
  let last = range.first - 1;
  for (const entry of entries) {
    follows(entry, last);
    last = entry.last;
  }
  const pieces = entries.map((entry) => entry.lines);
  const batch = batchOf(keys, range.first, last, pieces);
  if (batch.token === range.token) return batch;
  throw new HistoryBroken(`facts ${range.first} to ${range.last} were being written and are no longer what they were`);
}

function batchOf(keys: Keys, first: number, last: number, entries: Buffer[]): FactBatch {
  const lines = entries.flatMap((entry, index) => (index === 0 ? [entry] : [NEWLINE, entry]));
  const hash = createHash('sha1');
  let bytes = 0;
  for (const piece of lines) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { first, last, lines, bytes, token: `${keys.workspace}:facts:${first}-${last}:${hash.digest('hex')}` };
}

type Entry = { first: number; last: number; lines: Buffer };

async function readEntries(redis: Redis, keys: Keys, from: string, to: string, count: number): Promise<Entry[]> {
  // As bytes: the lines are passed on as they are, never decoded.
  const binary = redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const messages = (await binary.xRange(keys.facts, from, to, { COUNT: count })) as unknown as {
    id: Buffer;
    message: Record<string, Buffer>;
  }[];
  return messages.map(({ id, message: { s, n, f } }) => {
    const first = Number(s);
    const last = first + Number(n) - 1;
    if (f === undefined || !Number.isSafeInteger(last) || id.toString() !== `${last}-0`) {
      throw new HistoryBroken(`entry ${id} of the facts stream does not hold facts ${s} and ${n} in number`);
    }
    return { first, last, lines: f };
  });
}

function follows(entry: Entry, last: number): void {
  if (entry.first === last + 1) return;
  throw new HistoryBroken(`facts ${last + 1} to ${entry.first - 1} are missing from the facts stream`);
}
