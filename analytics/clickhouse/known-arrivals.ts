/** Which old arrivals we had already, asked only when history holds what the dedupe window no longer remembers. */
import { setTimeout as wait } from 'node:timers/promises';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { LATE_TO_LOG_MS, LOG_START } from '../../streams/processing/event-log.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { HistoryClient } from './client.ts';
import { readPosition } from './history-position.ts';
import { alreadyInHistory } from './history-reader.ts';

/** The delivery is tried again later when history has not come that far in this time. */
const BEHIND_MS_MAX = 5_000;
const LOOK_EVERY_MS = 100;
/**
 * So long "history holds all that was appended before" is good for further questions: what came since was received
 * within the dedupe window of whatever arrives now. Far less than what the window leaves beside late appends.
 */
const COVERED_FOR_MS = LATE_TO_LOG_MS / 12;

type Stores = { redis: Redis; keys: Keys; history: HistoryClient };

/**
 * An old arrival may be the repeat of an event that still waits in the log or the outbox, longer than the dedupe window
 * remembers it: after a machine has slept over a weekend, or while history was away.
 * @returns `source|id` of those that history has
 * @throws while history is away, or does not cover what the dedupe window may have forgotten
 */
export async function knownArrivals(
  stores: Stores,
  events: readonly { source: string; id: string }[],
  now: () => number = Date.now,
): Promise<Set<string>> {
  for (let looks = 0; !(await isCovered(stores, now)); looks++) {
    if (looks * LOOK_EVERY_MS >= BEHIND_MS_MAX) throw new Error('history is behind: old arrivals wait');
    await wait(LOOK_EVERY_MS);
  }
  return alreadyInHistory(stores.history, events);
}

/**
 * Aims at the newest entry of the log, and holds on to that aim until history has reached it: to wait for whatever is
 * newest at each look would be to wait for a pause in the stream. The aim is forgotten with each late append.
 */
async function isCovered({ redis, keys }: Stores, now: () => number): Promise<boolean> {
  const [aim, aimedAt, seq, covered] = await redis.hmGet(keys.historyCovers, ['aim', 'aimedAt', 'seq', 'covered']);
  const isReached = aim != null && covered === aim;
  if (isReached && now() - Number(aimedAt) < COVERED_FOR_MS) return true;
  if (aim == null || isReached) {
    const before = now();
    const newest = (await redis.xRevRange(keys.log, '+', '-', { COUNT: 1 }))?.[0]?.id ?? LOG_START;
    await redis
      .multi()
      .del(keys.historyCovers)
      .hSet(keys.historyCovers, { aim: newest, aimedAt: String(before) })
      .exec();
    return false;
  }
  const checkpoint = checkpointOf(await redis.get(keys.checkpoint));
  if (seq == null) {
    if (isPast(checkpoint.position, aim)) await redis.hSet(keys.historyCovers, { seq: String(checkpoint.seq) });
    return false;
  }
  if ((await readPosition(redis, keys)).seq < Number(seq)) return false;
  // Beside an aim that is another one by now, this says nothing.
  await redis.hSet(keys.historyCovers, { covered: aim });
  return false;
}

function isPast(position: string, entry: string): boolean {
  const [ms, seq] = position.split('-').map(Number) as [number, number];
  const [entryMs, entrySeq] = entry.split('-').map(Number) as [number, number];
  return ms > entryMs || (ms === entryMs && seq >= entrySeq);
}
