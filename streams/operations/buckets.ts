/** KPI buckets: counts and sums per minute, hour and local day, for each channel and node. */
import type { EventOf } from '../events/index.ts';
import type { Draft } from './draft.ts';
import type { Increment } from './effects.ts';
import { workspaceOf } from './master-data.ts';
import { type Bucket, ids } from './states.ts';
import { startOfLocalDay } from './time-zone.ts';

export const bucketGrains = ['minute', 'hour', 'day'] as const;
export type BucketGrain = (typeof bucketGrains)[number];
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** Live minutes are kept this long after their hour; older minutes are answered by history. */
export const MINUTES_KEPT_MS = 9 * 24 * HOUR_MS;

export function bucketStart(grain: BucketGrain, at: number, timeZone: string): number {
  if (grain === 'minute') return Math.floor(at / MINUTE_MS) * MINUTE_MS;
  if (grain === 'hour') return Math.floor(at / HOUR_MS) * HOUR_MS;
  return startOfLocalDay(timeZone, at);
}

/** What a batch has measured and not yet added to its buckets, by minute, channel and node. */
export type Tally = Map<string, Tallied>;
/** `sums` go into buckets of every grain, `hourly` into those of hours and days only. */
export type Tallied = { at: number; channel: string; node: string; source: string; sums: Bucket; hourly: Bucket };

/** Notes what an event measured. No rule reads buckets, so they are written once per batch and not with every event. */
export function tallyUp(tally: Tally, increments: Increment[], source: string): void {
  // What one step counts mostly counts at one moment: the place of the increment before is nearly always its own.
  let known: Tallied | undefined;
  for (const { measure, at, channel, node, value, hourly } of increments) {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    if (known?.at !== minute || known.channel !== channel || known.node !== node) {
      known = talliedAt(tally, { at: minute, channel, node, source });
    }
    const sums = hourly ? known.hourly : known.sums;
    sums[measure] = (sums[measure] ?? 0) + value;
  }
}

function talliedAt(tally: Tally, place: Omit<Tallied, 'sums' | 'hourly'>): Tallied {
  const key = `${place.at}|${place.channel}|${place.node}`;
  const known = tally.get(key);
  if (known !== undefined) return known;
  const fresh = { ...place, sums: {}, hourly: {} };
  tally.set(key, fresh);
  return fresh;
}

/** Adds what a minute measured to its buckets: of the minute, the hour and the local day. */
export function addToBuckets(draft: Draft, { at, channel, node, source, sums, hourly }: Tallied): void {
  const timeZone = workspaceOf(draft).timeZone;
  for (const grain of bucketGrains) {
    const start = bucketStart(grain, at, timeZone);
    const id = ids.bucket(grain, start, channel, node);
    const known = draft.get('bucket', id);
    if (grain !== 'minute')
      draft.put('bucket', id, sumOf(known, isEmpty(hourly) ? sums : { ...sums, ...hourly }), known);
    else if (!isEmpty(sums)) draft.put('bucket', id, sumOf(known, sums), known);
    // Hours are found by this, also those that have no minute.
    if (grain === 'minute' && known === undefined) remember(draft, source, start, `${channel}|${node}`);
  }
}

function isEmpty(sums: Bucket): boolean {
  for (const _ in sums) return false;
  return true;
}

/** Measures stand in the order of their names: how the log was cut into batches must not show in the bytes. */
function sumOf(known: Bucket = {}, sums: Bucket): Bucket {
  const bucket = { ...known };
  let grown = false;
  for (const measure in sums) {
    grown ||= bucket[measure] === undefined;
    bucket[measure] = (bucket[measure] ?? 0) + sums[measure]!;
  }
  return grown ? Object.fromEntries(Object.entries(bucket).sort(([a], [b]) => (a < b ? -1 : 1))) : bucket;
}

/** Notes which minute buckets an hour has, so that they can be dropped together when their time is over. */
function remember(draft: Draft, source: string, minute: number, pair: string): void {
  const hour = Math.floor(minute / HOUR_MS) * HOUR_MS;
  const id = String(hour);
  const index = draft.get('bucket-index', id);
  if (index?.pairs.includes(pair)) return;
  draft.put('bucket-index', id, { pairs: [...(index?.pairs ?? []), pair].sort() });
  if (index === undefined) draft.setDeadline(source, 'expire-minutes', id, hour + HOUR_MS + MINUTES_KEPT_MS);
}

export function minutesExpired(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const hour = Number(event.data.subject);
  for (const pair of draft.get('bucket-index', event.data.subject)?.pairs ?? []) {
    for (let minute = hour; minute < hour + HOUR_MS; minute += MINUTE_MS) {
      draft.remove('bucket', `minute|${minute}|${pair}`);
    }
  }
  draft.remove('bucket-index', event.data.subject);
}
