/** Sessions: opaque 256-bit tokens, of which only the hash is stored. */

import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { hashOf, newToken } from './secrets.ts';

export const IDLE_MS_MAX = 8 * 3_600_000;
export const LIFE_MS_MAX = 7 * 24 * 3_600_000;
/** A session in use is prolonged at most this often, to spare a write with every request. */
const PROLONG_EVERY_MS = 60_000;
const SESSIONS_PER_ACCOUNT_MAX = 20;

export type Sessions = ReturnType<typeof openSessions>;

export function openSessions(redis: Redis, keys: Keys, now: () => number) {
  const keyOf = (hash: string) => keys.access('session', hash);
  const ofAccount = (id: string) => keys.access('sessions-of', id);

  async function open(account: string): Promise<{ token: string; expiresAt: number }> {
    const token = newToken();
    const hash = hashOf(token);
    const at = now();
    await redis
      .multi()
      .hSet(keyOf(hash), { account, createdAt: String(at), seenAt: String(at) })
      .pExpireAt(keyOf(hash), at + IDLE_MS_MAX)
      .zAdd(ofAccount(account), { score: at, value: hash })
      .pExpireAt(ofAccount(account), at + LIFE_MS_MAX)
      .exec();
    const over = await redis.zRange(ofAccount(account), 0, -SESSIONS_PER_ACCOUNT_MAX - 1);
    for (const oldest of over) await end(oldest, account);
    return { token, expiresAt: at + LIFE_MS_MAX };
  }

  /** The account a live session belongs to. Using a session keeps it from idling out, up to its whole life. */
  async function find(token: string): Promise<{ account: string; expiresAt: number } | undefined> {
    const key = keyOf(hashOf(token));
    const [account, createdAt, seenAt] = await redis.hmGet(key, ['account', 'createdAt', 'seenAt']);
    if (!account || !createdAt || !seenAt) return undefined;
    const expiresAt = Number(createdAt) + LIFE_MS_MAX;
    const at = now();
    if (at >= expiresAt || at >= Number(seenAt) + IDLE_MS_MAX) return undefined;
    if (at - Number(seenAt) >= PROLONG_EVERY_MS) {
      // Only if it still exists: a session that was ended meanwhile must not come back without its account.
      await redis
        .multi()
        .hSet(key, 'seenAt', String(at))
        .pExpireAt(key, Math.min(expiresAt, at + IDLE_MS_MAX))
        .exec();
    }
    return { account, expiresAt };
  }

  async function end(hash: string, account: string): Promise<void> {
    await redis.multi().del(keyOf(hash)).zRem(ofAccount(account), hash).exec();
  }

  async function close(token: string): Promise<void> {
    const hash = hashOf(token);
    const account = await redis.hGet(keyOf(hash), 'account');
    if (account !== null) await end(hash, account);
  }

  async function closeAll(account: string): Promise<void> {
    for (const hash of await redis.zRange(ofAccount(account), 0, -1)) await end(hash, account);
  }

  return { open, find, close, closeAll };
}
