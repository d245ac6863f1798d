/** A lease: at most one holder at a time does the work. Fencing does not rest on it, only the saving of wasted work. */
import { randomUUID } from 'node:crypto';
import type { Redis } from './redis.ts';

export const LEASE_MS = 10_000;
const RENEW_EVERY_MS = 3_000;

export type Lease = {
  /** True while we hold it, as far as we know. */
  held(): boolean;
  stop(): Promise<void>;
};

/** Tries to get the lease, and keeps it by renewing; when it is lost, tries again. */
export function keepLease(redis: Redis, key: string, onChange: (held: boolean) => void): Lease {
  const token = randomUUID();
  let held = false;
  let heldUntil = 0;

  const turn = async () => {
    const started = Date.now();
    const now = held ? await renew(redis, key, token) : await acquire(redis, key, token);
    if (now) heldUntil = started + LEASE_MS;
    if (now !== held) {
      held = now;
      onChange(held);
    }
  };
  const guarded = () =>
    turn().catch(() => {
      // Redis is away: whoever works on finds out at the commit; the lease ends by its own time.
      if (held && Date.now() > heldUntil) {
        held = false;
        onChange(false);
      }
    });
  void guarded();
  const timer = setInterval(guarded, RENEW_EVERY_MS);
  return {
    held: () => held && Date.now() < heldUntil,
    async stop() {
      clearInterval(timer);
      if (held) await release(redis, key, token).catch(() => undefined);
      held = false;
    },
  };
}

async function acquire(redis: Redis, key: string, token: string): Promise<boolean> {
  return (await redis.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: LEASE_MS } })) === 'OK';
}

/** Not atomic between reading and renewing: a holder that was paused that long is stopped by the fenced commit. */
async function renew(redis: Redis, key: string, token: string): Promise<boolean> {
  if ((await redis.get(key)) !== token) return false;
  await redis.pExpire(key, LEASE_MS);
  return true;
}

async function release(redis: Redis, key: string, token: string): Promise<void> {
  if ((await redis.get(key)) === token) await redis.del(key);
}
