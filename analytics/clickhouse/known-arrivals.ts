/** Which old arrivals we had already, asked only when history holds everything that was accepted before the question. */
import { setTimeout as wait } from 'node:timers/promises';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { LOG_START } from '../../streams/processing/event-log.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { HistoryClient } from './client.ts';
import { readPosition } from './history-position.ts';
import { alreadyInHistory } from './history-reader.ts';

/** History is written within two seconds; the delivery is tried again later when it is further behind. */
const BEHIND_MS_MAX = 5_000;
const LOOK_EVERY_MS = 100;

/**
 * An old arrival may be the repeat of an event that still waits in the log or the outbox, longer than the dedupe window
 * remembers it: after a machine has slept over a weekend, or while history was away.
 * @returns `source|id` of those that history has
 * @throws while history is away, or behind what was accepted before
 */
export async function knownArrivals(
  { redis, keys, history }: { redis: Redis; keys: Keys; history: HistoryClient },
  events: readonly { source: string; id: string }[],
): Promise<Set<string>> {
  const newest = (await redis.xRevRange(keys.log, '+', '-', { COUNT: 1 }))?.[0]?.id ?? LOG_START;
  for (let looks = 0; ; looks++) {
    const checkpoint = checkpointOf(await redis.get(keys.checkpoint));
    const { seq } = await readPosition(redis, keys);
    if (isPast(checkpoint.position, newest) && seq >= checkpoint.seq) break;
    if (looks * LOOK_EVERY_MS >= BEHIND_MS_MAX) throw new Error('history is behind: old arrivals wait');
    await wait(LOOK_EVERY_MS);
  }
  return alreadyInHistory(history, events);
}

function isPast(position: string, entry: string): boolean {
  const [ms, seq] = position.split('-').map(Number) as [number, number];
  const [entryMs, entrySeq] = entry.split('-').map(Number) as [number, number];
  return ms > entryMs || (ms === entryMs && seq >= entrySeq);
}
