/** The KPI buckets that screens look at: minutes of the last hours, hours and days of the last week. */
import { type BucketGrain, bucketStart, HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import { type Bucket, type BucketIndex, ids } from '../../streams/operations/states.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const DAY_MS = 24 * HOUR_MS;
export const windowMs = { minute: 3 * HOUR_MS, hour: 8 * DAY_MS, day: 15 * DAY_MS } as const;
/** Promises lie ahead of now: their buckets are part of the window. */
const AHEAD_MS = 3 * DAY_MS;
const FIELDS_PER_READ_MAX = 2_000;
/** While a replay changes buckets faster than this, the window is read whole. */
const WHOLE_READ_EVERY_MS = 2_000;

type Entry = { grain: BucketGrain; start: number; channel: string; node: string; bucket: Bucket };
export type BucketFilter = { channel?: string; node?: string };
export type BucketWindow = ReturnType<typeof createBucketWindow>;

export function createBucketWindow(redis: Redis, keys: Keys) {
  let entries = new Map<string, Entry>();
  let loadedAt = 0;
  let centre = 0;
  let behind = false;

  const inWindow = (grain: BucketGrain, start: number, now: number) =>
    start > now - windowMs[grain] - DAY_MS && start < now + AHEAD_MS;

  async function refresh(changed: Set<string> | '*' | undefined, now: number, timeZone: string): Promise<void> {
    const moved = Math.abs(now - centre) > HOUR_MS;
    if (changed === '*' || moved) behind = true;
    if (behind) {
      if (Date.now() - loadedAt < WHOLE_READ_EVERY_MS && !moved) return;
      loadedAt = Date.now();
      centre = now;
      behind = false;
      entries = await readWindow(now, timeZone);
      return;
    }
    if (changed !== undefined)
      await readInto(
        entries,
        [...changed].filter((id) => isWanted(id, now)),
      );
  }

  function isWanted(id: string, now: number): boolean {
    const { grain, start } = parseId(id);
    return inWindow(grain, start, now);
  }

  async function readWindow(now: number, timeZone: string): Promise<Map<string, Entry>> {
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
        if (hour < now - windowMs.minute - HOUR_MS) continue;
        for (let minute = hour; minute < hour + HOUR_MS; minute += MINUTE_MS) {
          wanted.add(ids.bucket('minute', minute, channel, node));
        }
      }
    }
    const read = new Map<string, Entry>();
    await readInto(read, [...wanted]);
    return read;
  }

  async function readInto(target: Map<string, Entry>, wanted: string[]): Promise<void> {
    const reads: Promise<void>[] = [];
    for (let from = 0; from < wanted.length; from += FIELDS_PER_READ_MAX) {
      const fields = wanted.slice(from, from + FIELDS_PER_READ_MAX);
      reads.push(
        redis.hmGet(keys.state('bucket'), fields).then((values) => {
          for (const [index, id] of fields.entries()) {
            const value = values[index];
            if (value !== null && value !== undefined) target.set(id, { ...parseId(id), bucket: JSON.parse(value) });
          }
        }),
      );
    }
    await Promise.all(reads);
  }

  /** Buckets of one grain whose start lies in [from, to), for one channel or node if asked. */
  function select(grain: BucketGrain, from: number, to: number, filter: BucketFilter = {}): Entry[] {
    const chosen: Entry[] = [];
    for (const entry of entries.values()) {
      if (entry.grain !== grain || entry.start < from || entry.start >= to) continue;
      if (filter.channel !== undefined && entry.channel !== filter.channel) continue;
      if (filter.node !== undefined && entry.node !== filter.node) continue;
      chosen.push(entry);
    }
    return chosen;
  }

  return { refresh, select };
}

function parseId(id: string): { grain: BucketGrain; start: number; channel: string; node: string } {
  const [grain, start, channel, node] = id.split('|') as [BucketGrain, string, string, string];
  return { grain, start: Number(start), channel, node };
}
