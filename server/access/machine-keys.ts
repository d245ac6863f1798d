/** Machine keys: `tl_<id>_<secret>_<checksum>`, shown once, stored as a hash, scoped, and revocable within seconds. */
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Principal } from './abilities.ts';
import type { Audit } from './audit.ts';
import { hashOf, sameHash } from './secrets.ts';

const ID_BYTES = 6;
const SECRET_BYTES = 32;
/** A key is looked up in Redis this often at most; so long a revoked one may still work. */
const REMEMBERED_MS = 2_000;
const REMEMBERED_MAX = 1_000;
/** When a key was used last is written this often at most. */
const USED_EVERY_MS = 60_000;
export const KEYS_MAX = 1_000;
/** Of one source and scope, while one takes the place of the other. */
const LIVE_PER_SOURCE_MAX = 2;

export type MachineKey = {
  id: string;
  source: string;
  scope: 'ingest' | 'read';
  createdAt: number;
  expiresAt: number | null;
  /** The key that took its place. */
  replacedBy?: string;
};
type StoredKey = MachineKey & { hash: string };
export type NewKey = { source: string; scope: 'ingest' | 'read'; expiresAt?: number };
export type MachineKeys = ReturnType<typeof openMachineKeys>;

export function openMachineKeys(deps: { redis: Redis; keys: Keys; audit: Audit; now: () => number }) {
  const { redis, audit, now } = deps;
  const all = deps.keys.access('keys');
  const usedAt = deps.keys.access('keys-used');
  const remembered = new Map<string, { key: StoredKey | undefined; until: number }>();
  const noted = new Map<string, number>();

  async function create(by: string, input: NewKey, replaces?: string) {
    if ((await redis.hLen(all)) >= KEYS_MAX) throw new Error('there are as many machine keys as there may be');
    const id = randomBytes(ID_BYTES).toString('hex');
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const { source, scope, expiresAt = null } = input;
    const key: MachineKey = { id, source, scope, createdAt: now(), expiresAt };
    const about = { key: id, source, scope };
    await audit.record(by, 'key.created', replaces === undefined ? about : { ...about, replaces });
    await redis.hSet(all, id, JSON.stringify({ ...key, hash: hashOf(secret) } satisfies StoredKey));
    return { key, text: `tl_${id}_${secret}_${checksum(`${id}_${secret}`)}` };
  }

  async function list(): Promise<(MachineKey & { lastUsedAt: number | null })[]> {
    const [stored, used] = await Promise.all([redis.hGetAll(all), redis.hGetAll(usedAt)]);
    return Object.values(stored)
      .map((text) => JSON.parse(text) as StoredKey)
      .map(({ hash: _, ...key }) => ({ ...key, lastUsedAt: used[key.id] === undefined ? null : Number(used[key.id]) }))
      .sort((one, other) => one.createdAt - other.createdAt);
  }

  /** A second key for the same source; the first one ends after `oldWorksForMs`, or when it would have. */
  async function rotate(by: string, id: string, oldWorksForMs: number) {
    const old = await read(id);
    if (old === undefined || !isLive(old)) return 'absent' as const;
    const live = (await list()).filter((key) => isLive(key) && key.source === old.source && key.scope === old.scope);
    if (
      old.replacedBy !== undefined ||
      live.filter((key) => key.replacedBy !== undefined).length + 1 >= LIVE_PER_SOURCE_MAX
    )
      return 'two-live' as const;
    const life = old.expiresAt === null ? {} : { expiresAt: now() + (old.expiresAt - old.createdAt) };
    const made = await create(by, { source: old.source, scope: old.scope, ...life }, id);
    const endsAt = Math.min(old.expiresAt ?? Number.POSITIVE_INFINITY, now() + oldWorksForMs);
    remembered.delete(id);
    await redis.hSet(
      all,
      id,
      JSON.stringify({ ...old, expiresAt: endsAt, replacedBy: made.key.id } satisfies StoredKey),
    );
    return made;
  }

  async function revoke(by: string, id: string): Promise<boolean> {
    if (!(await redis.hExists(all, id))) return false;
    await audit.record(by, 'key.revoked', { key: id });
    remembered.delete(id);
    await redis.hDel(usedAt, id);
    return (await redis.hDel(all, id)) > 0;
  }

  async function authenticate(text: string): Promise<Principal | undefined> {
    const parts = /^tl_([0-9a-f]{12})_([0-9a-f]{64})_([0-9a-f]{8})$/.exec(text);
    if (parts === null) return undefined;
    const [, id = '', secret = '', sum = ''] = parts;
    // A typing error or a cut-off paste is found without asking Redis.
    if (checksum(`${id}_${secret}`) !== sum) return undefined;
    const key = await find(id);
    if (key === undefined || !sameHash(hashOf(secret), key.hash) || !isLive(key)) return undefined;
    await noteUse(id);
    return { kind: 'key', id, name: `key ${id}`, role: key.scope, source: key.source };
  }

  const isLive = (key: MachineKey) => key.expiresAt === null || key.expiresAt > now();

  async function read(id: string): Promise<StoredKey | undefined> {
    const text = await redis.hGet(all, id);
    return text === null ? undefined : (JSON.parse(text) as StoredKey);
  }

  async function find(id: string): Promise<StoredKey | undefined> {
    const known = remembered.get(id);
    if (known !== undefined && known.until > now()) return known.key;
    const key = await read(id);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(id, { key, until: now() + REMEMBERED_MS });
    return key;
  }

  async function noteUse(id: string): Promise<void> {
    if (now() - (noted.get(id) ?? 0) < USED_EVERY_MS) return;
    if (noted.size >= REMEMBERED_MAX) noted.clear();
    noted.set(id, now());
    await redis.hSet(usedAt, id, String(now()));
  }

  return { create, list, rotate, revoke, authenticate };
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
