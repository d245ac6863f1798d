/** How often one address, or one person, may ask for what costs something. While Redis is away, each process counts for itself. */
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

/** A screen asks every three seconds whether it was approved, for ten minutes at most. */
const allowed = {
  pairing: { points: 10, duration: 300 },
  'pairing-claim': { points: 120, duration: 60 },
  'provider-sign-in': { points: 30, duration: 60 },
  'alert-test': { points: 10, duration: 60 },
  questions: { points: 300, duration: 60 },
  export: { points: 60, duration: 600 },
  'sql-endpoint': { points: 600, duration: 60 },
  sql: { points: 120, duration: 60 },
  'sql-check': { points: 300, duration: 60 },
} as const;
export type Limited = keyof typeof allowed;
export type Limits = ReturnType<typeof openLimits>;

export function openLimits(redis: Redis, keys: Keys) {
  const limiters = new Map(
    Object.entries(allowed).map(([name, options]) => [
      name,
      new RateLimiterRedis({
        storeClient: redis,
        useRedisPackage: true,
        keyPrefix: `${keys.limits}:${name}`,
        ...options,
        insuranceLimiter: new RateLimiterMemory(options),
      }),
    ]),
  );

  /** @returns 0, or the seconds to wait */
  async function spend(what: Limited, who: string): Promise<number> {
    try {
      await limiters.get(what)!.consume(who);
      return 0;
    } catch (error) {
      if (error instanceof Error) throw error;
      return Math.max(1, Math.ceil((error as RateLimiterRes).msBeforeNext / 1_000));
    }
  }

  return { spend };
}
