/** What people keep: boards and filtered views, their own or shared with everybody of the workspace. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { kpis } from '../../analytics/kpis/index.ts';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Audit } from '../access/audit.ts';
import { askedByTile, type BoardBody, unknownKpis } from '../http/contract/boards.ts';
import { type SavedKind, type SavedThing, type SaveRequest, savedBodies } from '../http/contract/saved.ts';

const KEPT_PER_KIND_MAX = 2_000;
const KEPT_PER_OWNER_MAX = 100;
const measured = new Set(kpis.map(({ id }) => id));

/** `asksSql`: whether they may write SQL, and so have it asked by a board. */
export type Keeper = { id: string; name: string; isAdmin: boolean; asksSql?: boolean };
export type SaveResult =
  | { saved: SavedThing }
  | { refused: 'invalid'; error: z.ZodError }
  | { refused: 'absent' | 'not-yours' | 'too-many' }
  | { refused: 'overtaken'; now: SavedThing };
export type SavedThings = ReturnType<typeof openSavedThings>;

/** Stores ARGV[3] unless somebody else stored another version meanwhile; answers what stands there then. */
const STORE_IF_VERSION = `
  local known = redis.call('HGET', KEYS[1], ARGV[1])
  local version = known and cjson.decode(known).version or 0
  if version ~= tonumber(ARGV[2]) then return known or '' end
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  return false`;

function problemsOf(board: BoardBody, { asksSql = false }: Keeper) {
  const sql = board.tiles.flatMap((tile, index) =>
    askedByTile(tile)?.sql === true && !asksSql
      ? [{ tile: index, field: 'question', words: 'asks by SQL, which your role may not write' }]
      : [],
  );
  return [...unknownKpis(board, measured), ...sql];
}

export function openSavedThings(deps: { redis: Redis; workspace: string; audit: Audit; now: () => number }) {
  const { redis, audit, now } = deps;
  const keys = keysOf(deps.workspace);

  async function all(kind: SavedKind): Promise<SavedThing[]> {
    const stored = Object.values(await redis.hGetAll(keys.saved(kind))).map((text) => JSON.parse(text) as SavedThing);
    return stored.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  }

  /** One's own, and what others share, by name. */
  async function list(kind: SavedKind, reader: string): Promise<SavedThing[]> {
    return (await all(kind)).filter((thing) => thing.shared || thing.owner === reader);
  }

  async function find(kind: SavedKind, id: string, reader: string): Promise<SavedThing | null> {
    const thing = await stored(kind, id);
    return thing !== null && (thing.shared || thing.owner === reader) ? thing : null;
  }

  /** Whoever it belongs to. For readers whose right to it was checked by other means, such as a wall screen's. */
  async function stored(kind: SavedKind, id: string): Promise<SavedThing | null> {
    const text = await redis.hGet(keys.saved(kind), id);
    return text === null ? null : (JSON.parse(text) as SavedThing);
  }

  async function save(kind: SavedKind, request: SaveRequest, keeper: Keeper): Promise<SaveResult> {
    const body = savedBodies[kind].safeParse(request.body);
    if (!body.success) return { refused: 'invalid', error: body.error };
    const unknown = kind === 'board' ? problemsOf(body.data as BoardBody, keeper) : [];
    if (unknown.length > 0) {
      const issues = unknown.map(({ tile, field, words }) => ({ path: ['tiles', tile, field], message: words }));
      return { refused: 'invalid', error: new z.ZodError(issues.map((issue) => ({ code: 'custom', ...issue }))) };
    }
    const known = request.id === undefined ? null : await find(kind, request.id, keeper.id);
    if (request.id !== undefined && known === null) return { refused: 'absent' };
    if (known !== null && known.owner !== keeper.id && !keeper.isAdmin) return { refused: 'not-yours' };
    if (known === null) {
      const others = await all(kind);
      const own = others.filter((thing) => thing.owner === keeper.id).length;
      if (others.length >= KEPT_PER_KIND_MAX || own >= KEPT_PER_OWNER_MAX) return { refused: 'too-many' };
    }
    const { name, shared, version } = request;
    const thing: SavedThing = {
      id: known?.id ?? randomUUID(),
      kind,
      name,
      owner: known?.owner ?? keeper.id,
      ownerName: known?.ownerName ?? keeper.name,
      shared,
      version: version + 1,
      changedAt: now(),
      body: body.data,
    };
    await audit.record(keeper.name, `${kind}.saved`, { id: thing.id, name, shared: shared ? 'yes' : 'no' });
    const overtaken = (await redis.eval(STORE_IF_VERSION, {
      keys: [keys.saved(kind)],
      arguments: [thing.id, String(version), JSON.stringify(thing)],
    })) as string | null;
    if (overtaken === null) return { saved: thing };
    return overtaken === ''
      ? { refused: 'absent' }
      : { refused: 'overtaken', now: JSON.parse(overtaken) as SavedThing };
  }

  async function remove(kind: SavedKind, id: string, keeper: Keeper): Promise<'removed' | 'absent' | 'not-yours'> {
    const known = await find(kind, id, keeper.id);
    if (known === null) return 'absent';
    if (known.owner !== keeper.id && !keeper.isAdmin) return 'not-yours';
    await audit.record(keeper.name, `${kind}.removed`, { id, name: known.name });
    await redis.hDel(keys.saved(kind), id);
    return 'removed';
  }

  return { list, find, stored, save, remove };
}
