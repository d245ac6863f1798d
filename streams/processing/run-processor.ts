/** The processor: reads the log, lets `processBatch` decide, commits. One per workspace works; others stand by. */
import type { Logger } from 'pino';
import type { Event } from '../events/index.ts';
import { type Checkpoint, type CommitInput, checkpointOf, commit, Fenced } from './commit.ts';
import { findDuplicates, identityOf } from './dedupe.ts';
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
  /** For reading states while a commit is under way. */
  redis: Redis;
  keys: Keys;
  catalog: Catalog;
  logger: Logger;
  /** Events in one commit and states of a kind in one generation of the memory, at most; smaller in simulations. */
  batchMax?: number;
  statesKeptMax?: number;
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
    await worker
      ?.settle()
      .catch((error: unknown) => logger.warn({ err: error }, 'the last commit was not carried out'));
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
      position: worker?.committed.position ?? '',
      seq: worker?.committed.seq ?? 0,
      lastError,
    }),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Worker = {
  /** How far events are applied in memory, and how far they are stored. */
  applied: Checkpoint;
  committed: Checkpoint;
  step(): Promise<void>;
  /** Resolves when nothing is under way. */
  settle(): Promise<void>;
};

async function openWorker(deps: ProcessorDeps): Promise<Worker> {
  const { reader, writer, keys, onCommit, batchMax = BATCH_MAX } = deps;
  const cache = createStateCache(deps.statesKeptMax);
  let ahead: Promise<LogEntry[]> | undefined;
  /** The commit that is under way while the next batch is already applied in memory. It fails the step after it. */
  let committing: Promise<void> = Promise.resolve();
  const uncommitted = new Set<string>();
  let trimmedAt = 0;

  async function carryOut(input: CommitInput, events: number, started: number): Promise<void> {
    await commit(writer, keys, input);
    const { facts } = input.batch;
    worker.committed = input.after;
    for (const { event } of facts) uncommitted.delete(identityOf(event));
    onCommit?.({ events: facts.length, duplicates: events - facts.length, tookMs: performance.now() - started });
    if (input.committedAt - trimmedAt < TRIM_EVERY_MS) return;
    trimmedAt = input.committedAt;
    // Only what the checkpoint has passed: nobody else reads the log.
    await writer
      .xTrim(keys.log, 'MINID', input.after.position as never, { strategyModifier: '~' })
      .catch(() => undefined);
  }

  const stands = checkpointOf(await writer.get(keys.checkpoint));
  const worker: Worker = {
    applied: stands,
    committed: stands,
    async step() {
      const before = worker.applied;
      const entries = await (ahead ?? readLog(reader, keys, before.position, batchMax, READ_BLOCK_MS));
      ahead = undefined;
      if (entries.length === 0) return committing;
      const started = performance.now();
      const position = entries.at(-1)!.position;
      // The next entries travel while these are applied.
      if (entries.length === batchMax) {
        ahead = readLog(reader, keys, position, batchMax, READ_BLOCK_MS);
        ahead.catch(() => undefined);
      }
      const events = entries.map((entry) => entry.event);
      const { fresh, duplicates } = await sortOut(deps, events, uncommitted);
      const batch = await applyAll(deps, cache, fresh, before.seq);
      const after = { position, seq: batch.seq };
      await committing;
      for (const event of fresh) uncommitted.add(identityOf(event));
      const input = { batch, maps: cache.maps, before, after, duplicates, committedAt: Date.now() };
      committing = carryOut(input, events.length, started);
      committing.catch(() => undefined);
      worker.applied = after;
      cache.turn();
    },
    settle: () => committing,
  };
  return worker;
}

/** @param uncommitted identities whose commit is still under way, so that Redis does not know them yet */
async function sortOut(
  deps: ProcessorDeps,
  events: Event[],
  uncommitted: Set<string>,
): Promise<{ fresh: Event[]; duplicates: Map<string, number> }> {
  // Asked before Redis is: a commit that ends in between leaves this set and may be too late for Redis's answer.
  const underWay = events.map((event) => uncommitted.has(identityOf(event)));
  const repeated = await findDuplicates(deps.redis, deps.keys, events, Date.now());
  const duplicates = new Map<string, number>();
  const fresh = events.filter((event, index) => {
    const known = repeated[index] || underWay[index];
    if (known) duplicates.set(event.source, (duplicates.get(event.source) ?? 0) + 1);
    return !known;
  });
  return { fresh, duplicates };
}

/** Applies events to the states in memory, fetching what is missing on the way. */
export async function applyAll(
  { redis, keys, catalog }: Pick<ProcessorDeps, 'redis' | 'keys' | 'catalog'>,
  cache: StateCache,
  events: Event[],
  seq: number,
) {
  await preload(redis, keys, events, cache.maps);
  const batch = beginBatch(cache.maps, seq);
  let next = 0;
  for (;;) {
    const progress = processBatch(batch, events, next, catalog);
    next = progress.next;
    if (progress.missing === null) break;
    const { kind, id } = progress.missing;
    await loadStates(redis, keys, new Map([[kind, new Set([id])]]), cache.maps);
  }
  return batch;
}
