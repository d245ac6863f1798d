/** One-time links: who gets one makes the password of one account with it, once, within seven days. */
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { hashOf, newToken } from './secrets.ts';

export const LINK_MS_MAX = 7 * 24 * 3_600_000;

export type LinkKind = 'invitation' | 'reset';
export type OneTimeLinks = ReturnType<typeof openOneTimeLinks>;
type Stored = { account: string; kind: LinkKind; expiresAt: number };

export function openOneTimeLinks(redis: Redis, keys: Keys, now: () => number) {
  const keyOf = (hash: string) => keys.access('link', hash);
  /** Account -> the hash of its only link: a newer one ends the older. */
  const ofAccounts = keys.access('links');

  async function create(account: string, kind: LinkKind): Promise<{ token: string; expiresAt: number }> {
    await end(account);
    const token = newToken();
    const expiresAt = now() + LINK_MS_MAX;
    await redis
      .multi()
      .set(keyOf(hashOf(token)), JSON.stringify({ account, kind, expiresAt } satisfies Stored), {
        expiration: { type: 'PXAT', value: expiresAt },
      })
      .hSet(ofAccounts, account, hashOf(token))
      .exec();
    return { token, expiresAt };
  }

  async function look(token: string): Promise<Stored | undefined> {
    const text = await redis.get(keyOf(hashOf(token)));
    const link = text === null ? undefined : (JSON.parse(text) as Stored);
    return link !== undefined && link.expiresAt > now() ? link : undefined;
  }

  /** Who takes it has it: of two that come with the same token, one goes on. */
  async function take(token: string): Promise<Stored | undefined> {
    const link = await look(token);
    if (link === undefined || (await redis.del(keyOf(hashOf(token)))) === 0) return undefined;
    await redis.hDel(ofAccounts, link.account);
    return link;
  }

  async function end(account: string): Promise<void> {
    const hash = await redis.hGet(ofAccounts, account);
    if (hash !== null) await redis.multi().del(keyOf(hash)).hDel(ofAccounts, account).exec();
  }

  /** When the links of these accounts end; those without one are left out. */
  async function expiries(): Promise<Map<string, number>> {
    const hashes = Object.entries(await redis.hGetAll(ofAccounts));
    const links = await Promise.all(hashes.map(([, hash]) => redis.get(keyOf(hash))));
    return new Map(
      links.flatMap((text) => {
        const link = text === null ? undefined : (JSON.parse(text) as Stored);
        return link === undefined || link.expiresAt <= now() ? [] : [[link.account, link.expiresAt] as const];
      }),
    );
  }

  return { create, look, take, end, expiries };
}
