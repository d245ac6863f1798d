/** The processor: reads the log, lets `processBatch` decide, commits. One per workspace works; others stand by. */
import type { Logger } from 'pino';
import type { Event } from '../events/index.ts';
import { type Checkpoint, checkpointOf, commit, Fenced } from './commit.ts';
import { findDuplicates } from './dedupe.ts';
import { type LogEntry, readLog } from './event-log.ts';
import type { Keys } from './keys.ts';
import { keepLease } from './lease.ts';
import { beginBatch, type Catalog, processBatch } from './process-batch.ts';
import type { Redis } from './redis.ts';
import { createStateCache, type StateCache } from './state-cache.ts';
import { loadStates, preload } from './state-store.ts';

/** Events applied in one commit at most. */
export const BATCH_MAX = 1_000;
const READ_BLOCK_MS = 1_000;
const RETRY_AFTER_MS = 500;
const TRIM_EVERY_MS = 1_000;

export type ProcessorDeps = {
  /** For reading the log (it blocks) and for committing (it watches): a connection each. */
  reader: Redis;
  writer: Redis;
  keys: Keys;
  catalog: Catalog;
  logger: Logger;
  /** Called after each commit, for metrics. */
  onCommit?: (commit: { events: number; duplicates: number; tookMs: number }) => void;
};

export type Processor = {
  stop(): Promise<void>;
  status(): { working: boolean; position: string; seq: number; lastError: string };
};

export function startProcessor(deps: ProcessorDeps): Processor {
  const { keys, logger } = deps;
  let running = true;
  let lastError = '';
  let worker: Worker | undefined;
  const lease = keepLease(deps.writer, keys.lease, (held) => logger.info({ held }, 'processor lease'));

  const loop = async () => {
    while (running) {
      if (!lease.held()) {
        worker = undefined;
        await pause(100);
        continue;
      }
      try {
        worker ??= await openWorker(deps);
        await worker.step();
        lastError = '';
      } catch (error) {
        // Whatever is in memory may differ from what is stored: start again from the checkpoint.
        worker = undefined;
        if (!running) return;
        lastError = error instanceof Error ? error.message : String(error);
        if (error instanceof Fenced) logger.warn({ reason: lastError }, 'commit refused, reading the checkpoint again');
        else logger.error({ err: error }, 'processing stopped, trying again');
        await pause(error instanceof Fenced ? 0 : RETRY_AFTER_MS);
      }
    }
  };
  const finished = loop();
  return {
    async stop() {
      running = false;
      await finished;
      await lease.stop();
    },
    status: () => ({
      working: worker !== undefined,
      position: worker?.checkpoint.position ?? '',
      seq: worker?.checkpoint.seq ?? 0,
      lastError,
    }),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Worker = { checkpoint: Checkpoint; step(): Promise<void> };

async function openWorker(deps: ProcessorDeps): Promise<Worker> {
  const { reader, writer, keys, onCommit } = deps;
  const cache = createStateCache();
  let ahead: Promise<LogEntry[]> | undefined;
  let trimmedAt = 0;
  const worker: Worker = {
    checkpoint: checkpointOf(await writer.get(keys.checkpoint)),
    async step() {
      const entries = await (ahead ?? readLog(reader, keys, worker.checkpoint.position, BATCH_MAX, READ_BLOCK_MS));
      ahead = undefined;
      if (entries.length === 0) return;
      const started = performance.now();
      const last = entries.at(-1)!.position;
      // The next entries travel while these are applied.
      if (entries.length === BATCH_MAX) {
        ahead = readLog(reader, keys, last, BATCH_MAX, READ_BLOCK_MS);
        ahead.catch(() => undefined);
      }
      const events = entries.map((entry) => entry.event);
      const { fresh, duplicates } = await sortOut(deps, events);
      const batch = await applyAll(deps, cache, fresh, worker.checkpoint.seq);
      const after = { position: last, seq: batch.seq };
      const committedAt = Date.now();
      await commit(writer, keys, {
        batch,
        maps: cache.maps,
        before: worker.checkpoint,
        after,
        duplicates,
        committedAt,
      });
      worker.checkpoint = after;
      cache.turn();
      onCommit?.({
        events: fresh.length,
        duplicates: events.length - fresh.length,
        tookMs: performance.now() - started,
      });
      if (committedAt - trimmedAt > TRIM_EVERY_MS) {
        trimmedAt = committedAt;
        // Only what the checkpoint has passed: nobody else reads the log.
        void writer.xTrim(keys.log, 'MINID', after.position as never, { strategyModifier: '~' }).catch(() => undefined);
      }
    },
  };
  return worker;
}

async function sortOut(
  deps: ProcessorDeps,
  events: Event[],
): Promise<{ fresh: Event[]; duplicates: Map<string, number> }> {
  const repeated = await findDuplicates(deps.writer, deps.keys, events);
  const duplicates = new Map<string, number>();
  const fresh = events.filter((event, index) => {
    if (repeated[index]) duplicates.set(event.source, (duplicates.get(event.source) ?? 0) + 1);
    return !repeated[index];
  });
  return { fresh, duplicates };
}

/** Applies events to the states in memory, fetching what is missing on the way. */
export async function applyAll(
  { writer, keys, catalog }: Pick<ProcessorDeps, 'writer' | 'keys' | 'catalog'>,
  cache: StateCache,
  events: Event[],
  seq: number,
) {
  await preload(writer, keys, events, cache.maps);
  const batch = beginBatch(cache.maps, seq);
  let next = 0;
  while (next < events.length) {
    const progress = processBatch(batch, events, next, catalog);
    next = progress.next;
    if (progress.missing === null) break;
    const { kind, id } = progress.missing;
    await loadStates(writer, keys, new Map([[kind, new Set([id])]]), cache.maps);
  }
  return batch;
}
