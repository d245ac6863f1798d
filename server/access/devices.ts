/** Wall screens: paired by a code, bound to a set of boards, ended by an admin at any time. */
import { randomUUID } from 'node:crypto';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Device, PairedDevice, Pairing, WaitingPairing } from '../http/contract/devices.ts';
import type { Principal } from './abilities.ts';
import type { Audit } from './audit.ts';
import type { Limits } from './limits.ts';
import { openPairings } from './pairings.ts';
import type { Actor } from './people.ts';
import { hashOf, newToken } from './secrets.ts';
import type { From } from './sessions.ts';

/** A screen nobody switched on for so long has to be paired again. */
export const UNSEEN_MS_MAX = 90 * 24 * 3_600_000;
const SEEN_EVERY_MS = 60_000;
const DEVICES_MAX = 500;

type Stored = PairedDevice & { createdAt: number; approvedBy: string; token: string; address: string };
export type Claimed = { state: 'waiting' } | { state: 'paired'; device: PairedDevice; token: string };
export type Devices = ReturnType<typeof openDevices>;

export function openDevices(deps: { redis: Redis; keys: Keys; audit: Audit; limits: Limits; now: () => number }) {
  const { redis, keys, audit, limits, now } = deps;
  const all = keys.access('devices');
  const byToken = keys.access('device-tokens');
  const seenAt = keys.access('device-seen');
  const pairings = openPairings(redis, keys, now);

  async function read(id: string): Promise<Stored | undefined> {
    const text = await redis.hGet(all, id);
    return text === null ? undefined : (JSON.parse(text) as Stored);
  }

  /** @returns seconds to wait when asked too often, null when too many wait already */
  async function beginPairing(from: From): Promise<Pairing | number | null> {
    const wait = await limits.spend('pairing', from.address);
    return wait > 0 ? wait : pairings.begin(from);
  }

  const lookAtPairing = (code: string): Promise<WaitingPairing | undefined> => pairings.look(code);

  async function approve(
    by: Actor,
    input: { code: string; name: string; boards: string[] },
  ): Promise<Device | 'absent' | 'too-many'> {
    const asked = await pairings.look(input.code);
    if (asked === undefined) return 'absent';
    if ((await redis.hLen(all)) >= DEVICES_MAX) return 'too-many';
    const { name, boards } = input;
    const id = randomUUID();
    await audit.record(by.name, 'device.approved', { device: id, name, boards: boards.join(' ') });
    const { address } = asked;
    const stored: Stored = { id, name, boards, createdAt: now(), approvedBy: by.name, token: '', address };
    await redis.hSet(all, id, JSON.stringify(stored));
    if (await pairings.approve(input.code, id)) return describe(stored, null);
    await redis.hDel(all, id);
    return 'absent';
  }

  /** The screen asks whether it was approved. @returns seconds to wait, undefined when its code is over */
  async function claim(code: string, secret: string, address: string): Promise<Claimed | number | undefined> {
    const wait = await limits.spend('pairing-claim', address);
    if (wait > 0) return wait;
    const id = await pairings.claim(code, secret);
    if (id === null) return { state: 'waiting' };
    const stored = id === undefined ? undefined : await read(id);
    if (stored === undefined) return undefined;
    await audit.record(`screen ${stored.name}`, 'device.paired', { device: stored.id, ip: address });
    const token = newToken();
    await redis
      .multi()
      .hSet(all, stored.id, JSON.stringify({ ...stored, token: hashOf(token) } satisfies Stored))
      .hSet(byToken, hashOf(token), stored.id)
      .hSet(seenAt, stored.id, String(now()))
      .exec();
    return { state: 'paired', device: pairedOf(stored), token };
  }

  /** The device a live token belongs to. */
  async function find(token: string): Promise<PairedDevice | undefined> {
    const id = await redis.hGet(byToken, hashOf(token));
    if (id === null) return undefined;
    const [stored, seen] = await Promise.all([read(id), redis.hGet(seenAt, id)]);
    const last = Number(seen ?? 0);
    if (stored === undefined || now() - last >= UNSEEN_MS_MAX) return undefined;
    if (now() - last >= SEEN_EVERY_MS) await redis.hSet(seenAt, id, String(now()));
    return pairedOf(stored);
  }

  async function list(): Promise<Device[]> {
    const [stored, seen] = await Promise.all([redis.hGetAll(all), redis.hGetAll(seenAt)]);
    return Object.values(stored)
      .map((text) => JSON.parse(text) as Stored)
      .map((device) => describe(device, seen[device.id] === undefined ? null : Number(seen[device.id])))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async function change(by: Actor, id: string, to: { name: string; boards: string[] }): Promise<boolean> {
    const stored = await read(id);
    if (stored === undefined) return false;
    await audit.record(by.name, 'device.changed', { device: id, name: to.name, boards: to.boards.join(' ') });
    await redis.hSet(all, id, JSON.stringify({ ...stored, ...to }));
    return true;
  }

  async function revoke(by: Actor, id: string): Promise<boolean> {
    const stored = await read(id);
    if (stored === undefined) return false;
    await audit.record(by.name, 'device.revoked', { device: id, name: stored.name });
    await redis.multi().hDel(all, id).hDel(byToken, stored.token).hDel(seenAt, id).exec();
    return true;
  }

  return { beginPairing, lookAtPairing, approve, claim, find, list, change, revoke };
}

export const principalOfDevice = ({ id, name, boards }: PairedDevice): Principal => ({
  kind: 'device',
  id,
  name: `screen ${name}`,
  role: 'wall',
  boards,
});

const pairedOf = ({ id, name, boards }: Stored): PairedDevice => ({ id, name, boards });

function describe(stored: Stored, lastSeenAt: number | null): Device {
  const { createdAt, approvedBy, address } = stored;
  return { ...pairedOf(stored), createdAt, approvedBy, lastSeenAt, address };
}
