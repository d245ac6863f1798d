/**
 * Screens that wait to be paired: a code to read out, and a secret that only the browser behind the screen has. The
 * code is worth nothing without the secret, and the secret nothing without an admin's approval of the code.
 */
import { randomInt } from 'node:crypto';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { WaitingPairing } from '../http/contract/devices.ts';
import { hashOf, newToken, sameHash } from './secrets.ts';
import type { From } from './sessions.ts';

export const PAIRING_MS_MAX = 10 * 60_000;
const WAITING_MAX = 200;
/** Without I, L, O, U, 0 and 1. */
const letters = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const CODE_CHARACTERS = 8;

type Stored = From & {
  secret: string;
  expiresAt: number;
  /** Set by the approval. */
  device?: string;
};
export type Pairings = ReturnType<typeof openPairings>;

export function openPairings(redis: Redis, keys: Keys, now: () => number) {
  const keyOf = (code: string) => keys.access('pairing', code);
  const waiting = keys.access('pairings');

  /** @returns null when too many screens wait already */
  async function begin(from: From): Promise<{ code: string; secret: string; expiresAt: number } | null> {
    await redis.zRemRangeByScore(waiting, 0, now());
    if ((await redis.zCard(waiting)) >= WAITING_MAX) return null;
    const secret = newToken();
    const expiresAt = now() + PAIRING_MS_MAX;
    for (;;) {
      const code = Array.from({ length: CODE_CHARACTERS }, () => letters[randomInt(letters.length)]).join('');
      const stored = JSON.stringify({ ...from, secret: hashOf(secret), expiresAt } satisfies Stored);
      const options = { condition: 'NX', expiration: { type: 'PXAT', value: expiresAt } } as const;
      if ((await redis.set(keyOf(code), stored, options)) === null) continue;
      await redis.zAdd(waiting, { score: expiresAt, value: code });
      return { code: `${code.slice(0, CODE_CHARACTERS / 2)}-${code.slice(CODE_CHARACTERS / 2)}`, secret, expiresAt };
    }
  }

  async function read(code: string): Promise<Stored | undefined> {
    const text = await redis.get(keyOf(code));
    const stored = text === null ? undefined : (JSON.parse(text) as Stored);
    return stored !== undefined && stored.expiresAt > now() ? stored : undefined;
  }

  /** What an admin sees before approving. */
  async function look(code: string): Promise<WaitingPairing | undefined> {
    const stored = await read(code);
    if (stored === undefined || stored.device !== undefined) return undefined;
    return { code, address: stored.address, browser: stored.browser, expiresAt: stored.expiresAt };
  }

  async function approve(code: string, device: string): Promise<boolean> {
    const stored = await read(code);
    if (stored === undefined || stored.device !== undefined) return false;
    const options = { condition: 'XX', expiration: { type: 'PXAT', value: stored.expiresAt } } as const;
    return (await redis.set(keyOf(code), JSON.stringify({ ...stored, device }), options)) !== null;
  }

  /** @returns the approved device, once; null while it waits; undefined for a wrong secret and for what is over */
  async function claim(code: string, secret: string): Promise<string | null | undefined> {
    const stored = await read(code);
    if (stored === undefined || !sameHash(hashOf(secret), stored.secret)) return undefined;
    if (stored.device === undefined) return null;
    // Who deletes it has it: of two that come with the same secret, one goes on.
    if ((await redis.del(keyOf(code))) === 0) return undefined;
    await redis.zRem(waiting, code);
    return stored.device;
  }

  return { begin, look, approve, claim };
}
