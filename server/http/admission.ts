/** Whether we take more work: asked before anything is acknowledged, so that a refusal never costs data. */
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Deliveries } from '../../streams/ingestion/deliveries.ts';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { Refusal, unavailable } from './problems.ts';

export type AdmissionLimits = {
  /** Deliveries waiting for the ingestion workers. */
  queueDepthMax: number;
  /** Events in the log that the processor has not committed. */
  logLagMax: number;
  /** Of Redis's `maxmemory`, where one is set: the rest is for draining. */
  memoryShareMax: number;
  /** Requests that are being read and stored at the same time; each may hold 10 MB. */
  concurrentMax: number;
  rateWindowSeconds: number;
  eventsPerWindowMax: number;
  bytesPerWindowMax: number;
};

export const defaultLimits: AdmissionLimits = {
  queueDepthMax: 2_000,
  logLagMax: 200_000,
  memoryShareMax: 0.9,
  concurrentMax: 64,
  rateWindowSeconds: 10,
  eventsPerWindowMax: 500_000,
  bytesPerWindowMax: 1_000_000_000,
};

/** How old the figures a decision rests on may be. */
const LOOK_EVERY_MS = 250;
const RETRY_AFTER_SECONDS = 2;

export type Admission = ReturnType<typeof createAdmission>;

/**
 * @param logLag events in the log that the processor has not committed yet; without it the log's whole length counts,
 *   which is right as long as the log is trimmed up to its readers
 */
export function createAdmission(deps: {
  redis: Redis;
  workspace: string;
  deliveries: Pick<Deliveries, 'depth'>;
  logLag?: () => Promise<number>;
  limits?: Partial<AdmissionLimits>;
  now?: () => number;
}) {
  const { redis, deliveries, now = Date.now } = deps;
  const limits = { ...defaultLimits, ...deps.limits };
  const keys = keysOf(deps.workspace);
  const logLag = deps.logLag ?? (() => redis.xLen(keys.log));
  const events = limiter('events', limits.eventsPerWindowMax);
  const bytes = limiter('bytes', limits.bytesPerWindowMax);
  let running = 0;
  let looked: { at: number; refusal: Promise<string | null> } | undefined;

  async function look(): Promise<string | null> {
    const [depth, lag, memory] = await Promise.all([deliveries.depth(), logLag(), redis.info('memory')]);
    if (depth > limits.queueDepthMax) return `${depth} deliveries wait to be understood.`;
    if (lag > limits.logLagMax) return `${lag} events wait to be processed.`;
    const share = figure(memory, 'used_memory') / figure(memory, 'maxmemory');
    // Without a maxmemory the share is infinite, and no bound of ours.
    return Number.isFinite(share) && share > limits.memoryShareMax ? 'Live state is close to its memory limit.' : null;
  }

  /** Passes, or throws the refusal to answer with. Costs nothing but a comparison most of the time. */
  async function checkCapacity(): Promise<void> {
    if (!redis.isReady) throw unavailable('Deliveries cannot be stored right now.', RETRY_AFTER_SECONDS);
    if (looked === undefined || now() - looked.at >= LOOK_EVERY_MS) looked = { at: now(), refusal: look() };
    const refusal = await looked.refusal.catch(() => 'The state of the queue is not known.');
    if (refusal !== null) throw unavailable(`${refusal} Nothing of this request was kept.`, RETRY_AFTER_SECONDS);
  }

  /** Runs one ingestion request, if there is room for one more. */
  async function within<T>(work: () => Promise<T>): Promise<T> {
    if (running >= limits.concurrentMax) {
      throw unavailable(`${running} requests are being read already. Nothing of this one was kept.`, 1);
    }
    running++;
    try {
      await checkCapacity();
      return await work();
    } finally {
      running--;
    }
  }

  async function spend(limit: RateLimiterRedis, name: string, max: number, who: string, points: number): Promise<void> {
    try {
      await limit.consume(who, points);
    } catch (error) {
      if (error instanceof Error) throw unavailable('The rate of this key is not known.', RETRY_AFTER_SECONDS);
      const seconds = Math.max(1, Math.ceil((error as RateLimiterRes).msBeforeNext / 1_000));
      const detail = `This key may send ${max} ${name} in ${limits.rateWindowSeconds} s. Nothing of this request was kept.`;
      throw new Refusal(429, { title: 'Too many requests', detail, remedy: `Wait ${seconds} s.` }, seconds);
    }
  }

  function limiter(name: string, points: number): RateLimiterRedis {
    const options = { points, duration: limits.rateWindowSeconds };
    return new RateLimiterRedis({
      storeClient: redis,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: `${keys.limits}:${name}`,
      ...options,
      inMemoryBlockOnConsumed: points,
      insuranceLimiter: new RateLimiterMemory(options),
    });
  }

  return {
    within,
    checkCapacity,
    spendEvents: (who: string, count: number) => spend(events, 'events', limits.eventsPerWindowMax, who, count),
    spendBytes: (who: string, count: number) => spend(bytes, 'bytes', limits.bytesPerWindowMax, who, count),
  };
}

function figure(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
}
