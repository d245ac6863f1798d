/**
 * Writes facts to history, exactly once and without holes: the range is written down, inserted under a token that names
 * its rows, and passed. Whatever stops in between is repeated with the same token, which then adds nothing.
 */
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { checkpointOf } from '../../streams/processing/commit.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import { keepLease } from '../../streams/processing/lease.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { type HistoryClient, insertLines } from './client.ts';
import { type CollectLimits, collectFacts, HistoryBroken, rereadFacts } from './fact-batch.ts';
import { type HistoryPosition, PositionMoved, passRange, readPosition, writeDown } from './history-position.ts';
import { lastSeqInHistory } from './history-reader.ts';

export type HistoryWriterDeps = {
  /** A connection of its own: WATCH belongs to the connection. */
  redis: Redis;
  history: HistoryClient;
  keys: Keys;
  logger: {
    info(fields: object, words: string): void;
    warn(fields: object, words: string): void;
    error(fields: object, words: string): void;
  };
  /** Called after each insert, for metrics. */
  onWrite?: (write: { facts: number; bytes: number; tookMs: number }) => void;
};

export type HistoryStatus = {
  /** `retrying` when a neighbour is away; `degraded` when something is broken that waiting does not mend. */
  state: 'standby' | 'writing' | 'retrying' | 'degraded';
  writtenSeq: number;
  /** Facts committed and not yet in history, as of the last look. */
  behindEvents: number;
  lastError: string;
};

export type HistoryWriter = { stop(): Promise<void>; position(): number; status(): HistoryStatus };

/** A batch ends at the first of these; at a trickle, facts are in history half a second after their commit. */
export const COLLECT: CollectLimits = { factsMax: 20_000, bytesMax: 24 * 1024 * 1024, lingerMs: 400 };
/**
 * An insert costs the engine nearly as much for one fact as for a thousand (some 10 ms for each table): the wait for more
 * facts grows with what the last one took, so that a trickle leaves most of a busy machine to others.
 */
const LINGER_PER_INSERT = 4;
const LINGER_MS_MAX = 2_000;
const IDLE_MS = 100;
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 10_000;
/** An insert that has not ended this long after the stop is left to be repeated at the next start. */
const STOP_MS_MAX = 4_000;

/** Starts at once; without its lease it stands by. Never throws: it tries again for ever and tells by `status`. */
export function startHistoryWriter(deps: HistoryWriterDeps): HistoryWriter {
  const { redis, keys, logger } = deps;
  const stopping = new AbortController();
  const abandoned = new AbortController();
  const status: HistoryStatus = { state: 'standby', writtenSeq: 0, behindEvents: 0, lastError: '' };
  const pause = (ms: number) => wait(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const lease = keepLease(redis, keys.historyLease, (held) => logger.info({ held }, 'history writer lease'));

  async function run(): Promise<void> {
    let known: HistoryPosition | undefined;
    let failures = 0;
    let lingerMs = COLLECT.lingerMs;
    while (!stopping.signal.aborted) {
      if (!lease.held()) {
        known = undefined;
        status.state = 'standby';
        await pause(IDLE_MS);
        continue;
      }
      try {
        known ??= await openPosition(deps);
        const before = known.seq;
        const limits = { ...COLLECT, lingerMs };
        const { position, tookMs } = await writeNext(deps, known, limits, stopping.signal, abandoned.signal);
        known = position;
        if (tookMs > 0) lingerMs = Math.min(LINGER_MS_MAX, Math.max(COLLECT.lingerMs, tookMs * LINGER_PER_INSERT));
        failures = 0;
        Object.assign(status, { state: 'writing', lastError: '', writtenSeq: known.seq });
        await look();
        if (known.seq === before) await pause(IDLE_MS);
      } catch (error) {
        known = undefined;
        if (stopping.signal.aborted) return;
        if (error instanceof PositionMoved) continue;
        failures += 1;
        tell(error, failures);
        const grown = error instanceof HistoryBroken ? RETRY_MS_MAX : RETRY_MS_MIN * 2 ** Math.min(failures, 10);
        await look().catch(() => undefined);
        await pause(Math.min(RETRY_MS_MAX, grown) * (0.5 + Math.random() / 2));
      }
    }
  }

  async function look(): Promise<void> {
    const { seq } = checkpointOf(await redis.get(keys.checkpoint));
    status.behindEvents = Math.max(0, seq - status.writtenSeq);
  }

  function tell(error: unknown, failures: number): void {
    const words = error instanceof Error ? error.message : String(error);
    const broken = error instanceof HistoryBroken;
    if (words !== status.lastError) {
      if (broken) logger.error({ reason: words }, 'history is not written any more: something is broken');
      else logger.warn({ reason: words, failures }, 'history could not be written, trying again');
    }
    Object.assign(status, { state: broken ? 'degraded' : 'retrying', lastError: words });
  }

  const finished = run();
  return {
    async stop() {
      stopping.abort();
      const timer = setTimeout(() => abandoned.abort(), STOP_MS_MAX);
      await finished;
      clearTimeout(timer);
      await lease.stop();
    },
    position: () => status.writtenSeq,
    status: () => ({ ...status }),
  };
}

/**
 * Where to go on, after making sure that Redis and history speak of the same past.
 * @throws HistoryBroken when one of them has lost what the other still has
 */
async function openPosition({ redis, history, keys }: HistoryWriterDeps): Promise<HistoryPosition> {
  const known = await readPosition(redis, keys);
  const last = await lastSeqInHistory(history);
  if (last < known.seq)
    throw new HistoryBroken(`history ends at event ${last}, but ${known.seq} were written to it: it has lost events`);
  if (last > (known.writing?.last ?? known.seq))
    throw new HistoryBroken(
      `history holds events up to ${last}, but Redis knows of ${known.seq} written: Redis has lost its data, rebuild it`,
    );
  return known;
}

/** Finishes the range that was written down, or takes the next one. */
async function writeNext(
  { redis, history, keys, onWrite }: HistoryWriterDeps,
  known: HistoryPosition,
  limits: CollectLimits,
  stopping: AbortSignal,
  abandoned: AbortSignal,
): Promise<{ position: HistoryPosition; tookMs: number }> {
  const batch =
    known.writing === null
      ? await collectFacts(redis, keys, known.seq, limits, stopping)
      : await rereadFacts(redis, keys, known.writing);
  if (batch === null) return { position: known, tookMs: 0 };
  const { lines, bytes, ...range } = batch;
  if (known.writing === null) await writeDown(redis, keys, known, range);
  const started = performance.now();
  const body = Readable.from(lines, { objectMode: false });
  await insertLines(history, 'facts', body, { token: range.token, signal: abandoned });
  const position = await passRange(redis, keys, { seq: known.seq, writing: range });
  const tookMs = performance.now() - started;
  onWrite?.({ facts: range.last - range.first + 1, bytes, tookMs });
  return { position, tookMs };
}
