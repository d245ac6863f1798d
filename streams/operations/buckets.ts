/** KPI buckets: counts and sums per minute, hour and local day, for each channel and node. */
import type { EventOf } from '../events/index.ts';
import type { Draft } from './draft.ts';
import type { Increment } from './effects.ts';
import { workspaceOf } from './master-data.ts';
import { ids } from './states.ts';
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

/** Adds what one event measured to its buckets. */
export function addToBuckets(draft: Draft, increments: Increment[], source: string): void {
  const timeZone = workspaceOf(draft).timeZone;
  const groups = new Map<string, Increment[]>();
  for (const increment of increments) {
    const key = `${bucketStart('minute', increment.at, timeZone)}|${increment.channel}|${increment.node}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [increment]);
    else group.push(increment);
  }
  for (const group of groups.values()) {
    const { at, channel, node } = group[0]!;
    for (const grain of bucketGrains) {
      const start = bucketStart(grain, at, timeZone);
      const id = ids.bucket(grain, start, channel, node);
      const known = draft.get('bucket', id);
      const bucket = { ...known };
      for (const { measure, value } of group) bucket[measure] = (bucket[measure] ?? 0) + value;
      draft.put('bucket', id, bucket, known);
      if (grain === 'minute' && known === undefined) remember(draft, source, start, `${channel}|${node}`);
    }
  }
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
