/** Sessions: opaque 256-bit tokens, of which only the hash is stored. */

import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { hashOf, newToken } from './secrets.ts';

export const IDLE_MS_MAX = 8 * 3_600_000;
export const LIFE_MS_MAX = 7 * 24 * 3_600_000;
/** A session in use is prolonged at most this often, to spare a write with every request. */
const PROLONG_EVERY_MS = 60_000;
const SESSIONS_PER_ACCOUNT_MAX = 20;

/** Where a session was opened from, for whoever looks at the list. */
export type From = { address: string; browser: string };
export type StoredSession = From & {
  /** The hash of its token, of which nobody can make the token. */
  id: string;
  account: string;
  createdAt: number;
  seenAt: number;
};
export type Sessions = ReturnType<typeof openSessions>;

export function openSessions(redis: Redis, keys: Keys, now: () => number) {
  const keyOf = (hash: string) => keys.access('session', hash);
  const ofAccount = (id: string) => keys.access('sessions-of', id);

  async function open(account: string, from: From): Promise<{ token: string; expiresAt: number }> {
    const token = newToken();
    const hash = hashOf(token);
    const at = now();
    await redis
      .multi()
      .hSet(keyOf(hash), { account, createdAt: String(at), seenAt: String(at), ...from })
      .pExpireAt(keyOf(hash), at + IDLE_MS_MAX)
      .zAdd(ofAccount(account), { score: at, value: hash })
      .pExpireAt(ofAccount(account), at + LIFE_MS_MAX)
      .exec();
    const over = await redis.zRange(ofAccount(account), 0, -SESSIONS_PER_ACCOUNT_MAX - 1);
    for (const oldest of over) await end(oldest, account);
    return { token, expiresAt: at + LIFE_MS_MAX };
  }

  /**
   * The account a live session belongs to. Using a session keeps it from idling out, up to its whole life.
   * @param isUse false for what happens without anybody there, such as a page that is left open
   */
  async function find(
    token: string,
    isUse = true,
  ): Promise<{ id: string; account: string; expiresAt: number; prolonged: boolean } | undefined> {
    const id = hashOf(token);
    const [account, createdAt, seenAt] = await redis.hmGet(keyOf(id), ['account', 'createdAt', 'seenAt']);
    if (!account || !createdAt || !seenAt) return undefined;
    const expiresAt = Number(createdAt) + LIFE_MS_MAX;
    const at = now();
    if (at >= expiresAt || at >= Number(seenAt) + IDLE_MS_MAX) return undefined;
    const prolonged = isUse && at - Number(seenAt) >= PROLONG_EVERY_MS;
    if (prolonged) {
      // What is written for a session that was ended meanwhile is not enough for `find`, and expires.
      await redis
        .multi()
        .hSet(keyOf(id), 'seenAt', String(at))
        .pExpireAt(keyOf(id), Math.min(expiresAt, at + IDLE_MS_MAX))
        .exec();
    }
    return { id, account, expiresAt, prolonged };
  }

  async function ofOne(account: string): Promise<StoredSession[]> {
    const ids = await redis.zRange(ofAccount(account), 0, -1);
    const found = await Promise.all(ids.map(async (id) => toSession(id, await redis.hGetAll(keyOf(id)))));
    const at = now();
    return found.filter(
      (one): one is StoredSession =>
        one !== undefined && at < one.createdAt + LIFE_MS_MAX && at < one.seenAt + IDLE_MS_MAX,
    );
  }

  async function end(id: string, account: string): Promise<void> {
    await redis.multi().del(keyOf(id)).zRem(ofAccount(account), id).exec();
  }

  async function close(token: string): Promise<void> {
    const id = hashOf(token);
    const account = await redis.hGet(keyOf(id), 'account');
    if (account !== null) await end(id, account);
  }

  /** @param but one that stays */
  async function closeAll(account: string, but?: string): Promise<number> {
    const ids = (await redis.zRange(ofAccount(account), 0, -1)).filter((id) => id !== but);
    for (const id of ids) await end(id, account);
    return ids.length;
  }

  return { open, find, ofOne, end, close, closeAll };
}

function toSession(id: string, stored: Record<string, string>): StoredSession | undefined {
  const { account, createdAt, seenAt, address = '', browser = '' } = stored;
  if (account === undefined || createdAt === undefined || seenAt === undefined) return undefined;
  return { id, account, createdAt: Number(createdAt), seenAt: Number(seenAt), address, browser };
}
