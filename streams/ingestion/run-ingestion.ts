/** The ingestion worker: takes deliveries from the queue, understands them, appends events to the log. */
import { createNodeRedisClient, type Job, Queue, Worker } from 'bullmq';
import type { Settings } from '../connectors/connector.ts';
import { findConnector } from '../connectors/index.ts';
import { CLOCK_AHEAD_MAX_MS } from '../events/envelope.ts';
import type { Event } from '../events/index.ts';
import { DEDUPE_WINDOW_MS, identityOf } from '../processing/dedupe.ts';
import { appendArrivals } from '../processing/event-log.ts';
import { keysOf } from '../processing/keys.ts';
import type { Redis } from '../processing/redis.ts';
import { type DeadLetters, openDeadLetters } from './dead-letters.ts';
import { ATTEMPTS_MAX, type DeliveryJob, retryDelayMs } from './deliveries.ts';
import { recall, remember } from './memory.ts';
import { type UnderstoodDelivery, understandRefused, understandWebhook } from './understand-delivery.ts';

/**
 * Older than this on arrival, an event may have come before the processor's dedupe window: only history knows it. A clock
 * that ran ahead makes an event look younger than its first arrival.
 */
export const OLD_ARRIVAL_MS: number = DEDUPE_WINDOW_MS - CLOCK_AHEAD_MAX_MS;
/** Jobs run at the same time. They start in order of arrival, and each appends with one short transaction. */
const CONCURRENCY = 4;
/** How long a dead worker's jobs wait at least before another takes them; renewed at half of it. */
const LOCK_MS = 10_000;
/** A delivery whose worker died this often while it ran alone is taken for the cause. */
const SOLO_DEATHS_MAX = 3;
/** Far above: a delivery that only ran beside the cause must outlive it. */
const STALLED_MAX = 50;
const COMPLAIN_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 15_000;
const SWEEP_JOBS_MAX = 100;

export type IngestionLogger = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type IngestionDeps = {
  redis: Redis;
  workspace: string;
  logger: IngestionLogger;
  /**
   * Which of these identities (`source|id`) history already has. Rejects while history is away or behind; the
   * delivery is then retried later. Without it, old arrivals are trusted to be new.
   */
  alreadyInHistory?: (events: { source: string; id: string }[]) => Promise<Set<string>>;
  /** How a webhook source is set up; undefined when it is not. */
  settingsOf?: (source: string) => Promise<Settings | undefined>;
  now?: () => number;
  /** Shorter in tests of stalls. */
  lockMs?: number;
};

export type Ingestion = {
  stop(): Promise<void>;
  deadLetters: DeadLetters;
};

/** Starts the worker; `stop` finishes the running jobs first. */
export function startIngestion(deps: IngestionDeps): Ingestion {
  const { redis, workspace, logger, now = Date.now, lockMs = LOCK_MS } = deps;
  const keys = keysOf(workspace);
  const deadLetters = openDeadLetters(redis, workspace);
  const shared = { connection: createNodeRedisClient(redis), prefix: keys.queuePrefix };
  const queue = new Queue<DeliveryJob>(keys.deliveriesQueue, shared);
  const worker = new Worker<DeliveryJob>(keys.deliveriesQueue, (job) => handle(job), {
    ...shared,
    concurrency: CONCURRENCY,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount: STALLED_MAX,
    settings: { backoffStrategy: (attempt) => retryDelayMs(attempt) },
  });
  const solo = createSolo();
  let complainedAt = 0;
  const complain = (error: Error): void => {
    // While Redis is away every connection complains several times a second.
    if (now() - complainedAt < COMPLAIN_EVERY_MS) return;
    complainedAt = now();
    logger.warn({ reason: error.message }, 'ingestion cannot reach its queue');
  };
  queue.on('error', complain);
  worker.on('error', complain);
  worker.on('failed', (job, error) => {
    logger.warn(
      { delivery: job?.data.deliveryId, attempt: job?.attemptsMade, reason: error.message },
      'delivery failed',
    );
    if (job === undefined || job.attemptsMade >= ATTEMPTS_MAX || error.message.includes('stalled')) void sweep();
  });

  /** After its worker died, a job is a suspect: it runs without other suspects beside it, and the starts are counted. */
  async function handle(job: Job<DeliveryJob>): Promise<void> {
    if (job.stalledCounter === 0) return handleOne(job);
    return solo(async () => {
      const deaths = Number(job.progress);
      if (deaths >= SOLO_DEATHS_MAX) {
        await bury(job, job.data, `its worker died ${deaths} times while it was understood`);
        return;
      }
      await job.updateProgress(deaths + 1);
      await handleOne(job);
    });
  }

  async function handleOne(job: Job<DeliveryJob>): Promise<void> {
    const { data } = job;
    const problem = await handleKind(job, data);
    if (problem === undefined && data.replay) await deadLetters.settle(data.deliveryId, 'replayed', now());
  }

  /** @returns the problem that made it a dead letter, if any */
  async function handleKind(job: Job<DeliveryJob>, data: DeliveryJob): Promise<string | undefined> {
    if (data.kind === 'events') {
      const lines = data.lines.split('\n');
      const events = () => lines.map((line) => JSON.parse(line) as Event);
      if (data.oldestAt > data.receivedAt - OLD_ARRIVAL_MS) await append(lines, data);
      else await appendUnknown(job, data, events());
      return undefined;
    }
    if (data.kind === 'refused') {
      if (!data.replay) return bury(job, data, data.reason);
      const { events, left, problem } = understandRefused(data);
      await appendUnknown(undefined, data, events);
      return problem && bury(job, { ...data, lines: left.join('\n'), count: left.length }, problem);
    }
    const { events, problem, ignored, remember: memories } = await understand(data);
    const settle = async () => {
      await remember(redis, keys, data.source, memories);
      for (const reason of ignored) await redis.hIncrBy(keys.feedStats(data.source), `ignored:${reason}`, 1);
      return problem && bury(job, data, problem);
    };
    await appendUnknown(job, data, events, settle);
    return settle();
  }

  async function bury(job: Job<DeliveryJob>, data: DeliveryJob, problem: string): Promise<string> {
    await deadLetters.keep(data, problem, now(), job.attemptsMade + 1);
    logger.warn({ delivery: data.deliveryId, source: data.source }, 'a delivery became a dead letter');
    return problem;
  }

  /** Never throws for what is in the body: a connector that fails on it has met something it does not understand. */
  async function understand(data: DeliveryJob & { kind: 'webhook' }): Promise<UnderstoodDelivery> {
    const connector = findConnector(data.connector);
    const settings = (await deps.settingsOf?.(data.source)) ?? {};
    const remembered = await recall(redis, keys, data, connector);
    try {
      return understandWebhook(data, connector, settings, remembered);
    } catch (error) {
      const problem = `the connector failed: ${error instanceof Error ? error.message : String(error)}`;
      return { events: [], ignored: [], remember: [], problem };
    }
  }

  /**
   * Appends recent events at once, and old ones only when history does not have them yet. While history cannot be
   * asked, the job is reduced to the old ones and fails, so that its retries do not repeat the rest.
   */
  async function appendUnknown(
    job: Job<DeliveryJob> | undefined,
    data: DeliveryJob,
    events: Event[],
    settle: () => Promise<string | undefined> = async () => undefined,
  ): Promise<void> {
    const isOld = (event: Event) => event.occurredAt <= event.receivedAt - OLD_ARRIVAL_MS;
    const old = deps.alreadyInHistory === undefined ? [] : events.filter(isOld);
    let known = new Set<string>();
    try {
      if (old.length > 0) known = await deps.alreadyInHistory!(old.map(({ source, id }) => ({ source, id })));
    } catch (error) {
      const recent = events.filter((event) => !isOld(event));
      if (job !== undefined && recent.length > 0) {
        await append(recent.map(toLine), data);
        const problem = await settle();
        const { deliveryId, source, receivedAt, headers } = data;
        const replay = problem === undefined ? data.replay : undefined;
        const oldestAt = Math.min(...old.map((event) => event.occurredAt));
        const rest = { lines: old.map(toLine).join('\n'), count: old.length, oldestAt };
        await job.updateData({ kind: 'events', deliveryId, source, receivedAt, headers, replay, ...rest });
      }
      throw error;
    }
    const fresh = known.size === 0 ? events : events.filter((event) => !known.has(identityOf(event)));
    await append(fresh.map(toLine), data);
    if (known.size > 0) await countDuplicates(events, known);
  }

  const append = (lines: string[], { receivedAt }: DeliveryJob) =>
    appendArrivals(redis, keys, lines, { receivedAt, now: now() });

  async function countDuplicates(events: Event[], known: Set<string>): Promise<void> {
    const counts = new Map<string, number>();
    for (const event of events) {
      if (known.has(identityOf(event))) counts.set(event.source, (counts.get(event.source) ?? 0) + 1);
    }
    for (const [source, count] of counts) await redis.hIncrBy(keys.feedStats(source), 'duplicates', count);
  }

  /** Jobs that used up their attempts, or killed their workers, become dead letters; only then are they removed. */
  async function sweep(): Promise<void> {
    try {
      for (const job of await queue.getJobs(['failed'], 0, SWEEP_JOBS_MAX - 1)) {
        await deadLetters.keep(job.data, `gave up: ${job.failedReason ?? 'unknown'}`, now(), job.attemptsMade);
        await job.remove();
      }
    } catch (error) {
      logger.warn({ reason: (error as Error).message }, 'failed deliveries could not be swept; trying again later');
    }
  }
  const sweeping = setInterval(() => void sweep(), SWEEP_EVERY_MS);
  void sweep();

  return {
    deadLetters,
    stop: async () => {
      clearInterval(sweeping);
      await worker.close();
      await queue.close();
    },
  };
}

const toLine = (event: Event) => JSON.stringify(event);

/** Runs one piece of work after the other. */
function createSolo(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.catch(() => undefined).then(work);
    return last;
  };
}
