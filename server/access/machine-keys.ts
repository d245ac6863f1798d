/** Machine keys: `tl_<id>_<secret>_<checksum>`, shown once, stored as a hash, scoped, and revocable within seconds. */
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Principal } from './abilities.ts';
import { hashOf, sameHash } from './secrets.ts';

const ID_BYTES = 6;
const SECRET_BYTES = 32;
/** A key is looked up in Redis this often at most; so long a revoked one may still work. */
const REMEMBERED_MS = 2_000;
const REMEMBERED_MAX = 1_000;

export type MachineKey = {
  id: string;
  source: string;
  scope: 'ingest' | 'read';
  createdAt: number;
  expiresAt: number | null;
};
type StoredKey = MachineKey & { hash: string };
export type MachineKeys = ReturnType<typeof openMachineKeys>;

export function openMachineKeys(redis: Redis, keys: Keys, now: () => number) {
  const all = keys.access('keys');
  const remembered = new Map<string, { key: StoredKey | undefined; until: number }>();

  async function create(input: { source: string; scope: 'ingest' | 'read'; expiresAt?: number }) {
    const id = randomBytes(ID_BYTES).toString('hex');
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const key: MachineKey = {
      id,
      source: input.source,
      scope: input.scope,
      createdAt: now(),
      expiresAt: input.expiresAt ?? null,
    };
    await redis.hSet(all, id, JSON.stringify({ ...key, hash: hashOf(secret) } satisfies StoredKey));
    return { key, text: `tl_${id}_${secret}_${checksum(`${id}_${secret}`)}` };
  }

  async function list(): Promise<MachineKey[]> {
    const stored = Object.values(await redis.hGetAll(all)).map((text) => JSON.parse(text) as StoredKey);
    return stored.map(({ hash: _, ...key }) => key).sort((one, other) => one.createdAt - other.createdAt);
  }

  async function revoke(id: string): Promise<boolean> {
    remembered.delete(id);
    return (await redis.hDel(all, id)) > 0;
  }

  async function authenticate(text: string): Promise<Principal | undefined> {
    const parts = /^tl_([0-9a-f]{12})_([0-9a-f]{64})_([0-9a-f]{8})$/.exec(text);
    if (parts === null) return undefined;
    const [, id = '', secret = '', sum = ''] = parts;
    // A typing error or a cut-off paste is found without asking Redis.
    if (checksum(`${id}_${secret}`) !== sum) return undefined;
    const key = await find(id);
    if (key === undefined || !sameHash(hashOf(secret), key.hash)) return undefined;
    if (key.expiresAt !== null && key.expiresAt <= now()) return undefined;
    return { kind: 'key', id, name: `key ${id}`, role: key.scope, source: key.source };
  }

  async function find(id: string): Promise<StoredKey | undefined> {
    const known = remembered.get(id);
    if (known !== undefined && known.until > now()) return known.key;
    const text = await redis.hGet(all, id);
    const key = text === null ? undefined : (JSON.parse(text) as StoredKey);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(id, { key, until: now() + REMEMBERED_MS });
    return key;
  }

  return { create, list, revoke, authenticate };
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
