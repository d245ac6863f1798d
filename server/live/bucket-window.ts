/**
 * The KPI buckets that screens look at, kept in memory: minutes of the last hours, hours and days of the last week, and
 * the minutes around the moments that figures of now are compared with (yesterday, a week ago).
 */
import { type BucketGrain, bucketStart, HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import { type Bucket, type BucketIndex, ids } from '../../streams/operations/states.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { type BucketFilter, type Cell, createBucketTable } from './bucket-table.ts';

const DAY_MS = 24 * HOUR_MS;
export const windowMs = { minute: 3 * HOUR_MS, hour: 8 * DAY_MS, day: 15 * DAY_MS } as const;
/** Promises lie ahead of now: their buckets are part of the window. */
const AHEAD_MS = 3 * DAY_MS;
/** Windows that end now begin or ended at these moments; clocks that change move them by an hour. */
const COMPARED_BEFORE_MS = [DAY_MS, 7 * DAY_MS, 8 * DAY_MS];
const COMPARED_AROUND_MS = 2 * HOUR_MS;
const FIELDS_PER_READ_MAX = 2_000;
/** While a replay changes buckets faster than this, the window is read whole. */
const WHOLE_READ_EVERY_MS = 2_000;
/** Until then, what screens show as now is read alone. */
const LATEST_MINUTES = 15;

export type BucketWindow = ReturnType<typeof createBucketWindow>;

export function createBucketWindow(redis: Redis, keys: Keys) {
  let table = createBucketTable();
  let loadedAt = 0;
  let centre = 0;
  let behind = false;

  async function refresh(changed: Set<string> | '*' | undefined, now: number, timeZone: string): Promise<void> {
    const moved = Math.abs(now - centre) > HOUR_MS;
    if (changed === '*' || moved) behind = true;
    if (behind && (moved || Date.now() - loadedAt >= WHOLE_READ_EVERY_MS)) {
      loadedAt = Date.now();
      centre = now;
      behind = false;
      table = await readWindow(now, timeZone);
      return;
    }
    if (changed === '*') return readInto(table, latest(now, timeZone));
    if (changed !== undefined)
      await readInto(
        table,
        [...changed].filter((id) => isWanted(id, now)),
      );
  }

  /** Of every channel and node that is known. */
  function latest(now: number, timeZone: string): string[] {
    const minute = bucketStart('minute', now, timeZone);
    const hour = bucketStart('hour', now, timeZone);
    return table
      .pairs()
      .flatMap(([channel, node]) => [
        ids.bucket('day', bucketStart('day', now, timeZone), channel, node),
        ids.bucket('hour', hour, channel, node),
        ids.bucket('hour', hour - HOUR_MS, channel, node),
        ...Array.from({ length: LATEST_MINUTES }, (_, back) =>
          ids.bucket('minute', minute - back * MINUTE_MS, channel, node),
        ),
      ]);
  }

  function isWanted(id: string, now: number): boolean {
    const { grain, start } = parseId(id);
    return grain === 'minute' ? isMinuteShown(start, now) : inWindow(grain, start, now);
  }

  async function readWindow(now: number, timeZone: string): Promise<ReturnType<typeof createBucketTable>> {
    const wanted = new Set<string>();
    const hours: number[] = [];
    const first = bucketStart('hour', now - windowMs.day, timeZone);
    for (let hour = first; hour < now + AHEAD_MS; hour += HOUR_MS) hours.push(hour);
    const indexes = await redis.hmGet(keys.state('bucket-index'), hours.map(String));
    for (const [position, text] of indexes.entries()) {
      if (text === null || text === undefined) continue;
      const hour = hours[position]!;
      for (const pair of (JSON.parse(text) as BucketIndex).pairs) {
        const [channel, node] = pair.split('|') as [string, string];
        wanted.add(ids.bucket('day', bucketStart('day', hour, timeZone), channel, node));
        wanted.add(ids.bucket('day', bucketStart('day', hour + HOUR_MS - 1, timeZone), channel, node));
        if (inWindow('hour', hour, now)) wanted.add(ids.bucket('hour', hour, channel, node));
        if (!isMinuteShown(hour, now)) continue;
        for (let minute = hour; minute < hour + HOUR_MS; minute += MINUTE_MS) {
          wanted.add(ids.bucket('minute', minute, channel, node));
        }
      }
    }
    const read = createBucketTable();
    await readInto(read, [...wanted]);
    return read;
  }

  async function readInto(target: typeof table, wanted: string[]): Promise<void> {
    const reads: Promise<void>[] = [];
    for (let from = 0; from < wanted.length; from += FIELDS_PER_READ_MAX) {
      const fields = wanted.slice(from, from + FIELDS_PER_READ_MAX);
      reads.push(
        redis.hmGet(keys.state('bucket'), fields).then((values) => {
          for (const [index, id] of fields.entries()) {
            const value = values[index];
            if (value !== null && value !== undefined) {
              target.put({ ...parseId(id), bucket: JSON.parse(value) as Bucket });
            }
          }
        }),
      );
    }
    await Promise.all(reads);
  }

  return {
    refresh,
    /** Buckets of one grain whose start lies in [from, to), for one channel or node if asked. */
    select: (grain: BucketGrain, from: number, to: number, filter: BucketFilter = {}): Cell[] =>
      table.select(grain, from, to, filter),
    /** What the buckets of one start add up to; undefined when there is none. */
    sum: (grain: BucketGrain, start: number, filter: BucketFilter = {}): Bucket | undefined =>
      table.sum(grain, start, filter),
    /** The earliest start on record within the window; infinite when there is none. */
    earliest: (grain: BucketGrain): number => table.earliest(grain),
  };
}

const inWindow = (grain: BucketGrain, start: number, now: number): boolean =>
  start > now - windowMs[grain] - DAY_MS && start < now + AHEAD_MS;

function isMinuteShown(start: number, now: number): boolean {
  if (start >= now - windowMs.minute - HOUR_MS) return start < now + AHEAD_MS;
  return COMPARED_BEFORE_MS.some((before) => Math.abs(start - (now - before)) <= COMPARED_AROUND_MS + HOUR_MS);
}

function parseId(id: string): Omit<Cell, 'bucket'> {
  const [grain, start, channel, node] = id.split('|') as [BucketGrain, string, string, string];
  return { grain, start: Number(start), channel, node };
}
