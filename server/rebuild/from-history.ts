/** Live states made anew from history: all events, in order, through the same flow. */
import { lastSeqInHistory, readEvents } from '../../analytics/clickhouse/history-reader.ts';
import { catalog } from '../../analytics/kpis/index.ts';
import type { Event } from '../../streams/events/index.ts';
import { checkpointOf, commit } from '../../streams/processing/commit.ts';
import { sliceOf, slicesAt } from '../../streams/processing/dedupe.ts';
import { applyAll } from '../../streams/processing/run-processor.ts';
import { createStateCache } from '../../streams/processing/state-cache.ts';
import type { Runtime } from '../runtime.ts';

/** History is written within a second; a rebuild waits this long for the newest events. */
const HISTORY_WAIT_MS_MAX = 60_000;
const LOOK_EVERY_MS = 200;

/** Applies all events of history, in order, to an empty Redis. */
export async function rebuildStates(
  { redis, history, keys }: Pick<Runtime, 'redis' | 'history' | 'keys'>,
  toSeq: number,
  onProgress: (done: number) => void,
): Promise<void> {
  const cache = createStateCache();
  const waitedFrom = Date.now();
  let checkpoint = checkpointOf(null);
  while (checkpoint.seq < toSeq) {
    const before = checkpoint.seq;
    // Only what is there: the newest events may still be on their way to history.
    const there = Math.min(toSeq, await lastSeqInHistory(history));
    for await (const facts of readEvents(history, { fromSeq: checkpoint.seq + 1, toSeq: there })) {
      const events = facts.map((fact) => fact.event);
      const batch = await applyAll({ redis, keys, catalog }, cache, events, checkpoint.seq);
      const after = { position: `0-${batch.seq}`, seq: batch.seq };
      // The outbox, the notices and what the dedupe window has passed have no reader.
      await commit(redis, keys, {
        batch,
        maps: cache.maps,
        before: checkpoint,
        after,
        duplicates: new Map(),
        committedAt: 0,
      });
      await redis.unlink([keys.facts, keys.changes, ...passedSlices(events).map(keys.seen)]);
      checkpoint = after;
      cache.turn();
      onProgress(checkpoint.seq);
    }
    if (checkpoint.seq > before) continue;
    if (Date.now() - waitedFrom > HISTORY_WAIT_MS_MAX) {
      throw new Error(`history ends at event ${checkpoint.seq}, the live state stands at ${toSeq}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function passedSlices(events: Event[]): number[] {
  const open = slicesAt(Date.now());
  return [...new Set(events.map((event) => sliceOf(event.receivedAt)))].filter((slice) => !open.includes(slice));
}
