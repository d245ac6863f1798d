/** Manifests of exports in Redis, so that every process of a workspace knows them; the files lie in the data folder. */

import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { ExportManifest } from '../http/contract/exports.ts';

/** A process that works on an export tells so this often. */
export const ALIVE_EVERY_MS = 1_000;
const SILENT_MS_MAX = 30_000;

export type KeptExport = { manifest: ExportManifest; owner: string; aliveAt: number };
export type KeptExports = ReturnType<typeof openKeptExports>;

export const isUnfinished = ({ state }: ExportManifest) => state === 'waiting' || state === 'running';

export function openKeptExports(redis: Redis, keys: Keys, now: () => number) {
  const all = keys.exports('all');
  const cancelled = keys.exports('cancelled');

  const keep = (kept: KeptExport) => redis.hSet(all, kept.manifest.id, JSON.stringify(kept));
  const read = (text: string): KeptExport => {
    const kept = JSON.parse(text) as KeptExport;
    if (!isUnfinished(kept.manifest) || now() - kept.aliveAt < SILENT_MS_MAX) return kept;
    const problem = 'The server process that made it ended before it was done. Export it again.';
    return { ...kept, manifest: { ...kept.manifest, state: 'failed', problem } };
  };

  return {
    keep,
    find: async (id: string): Promise<KeptExport | null> => {
      const text = await redis.hGet(all, id);
      return text === null ? null : read(text);
    },
    /** Newest first. */
    list: async (): Promise<KeptExport[]> =>
      Object.values(await redis.hGetAll(all))
        .map(read)
        .sort((a, b) => b.manifest.askedAt - a.manifest.askedAt),
    remove: (id: string) => redis.hDel(all, id),
    /** Heard by whichever process works on it, within a second. */
    askToCancel: (id: string) => redis.sAdd(cancelled, id),
    isCancelled: async (id: string) => (await redis.sIsMember(cancelled, id)) === 1,
    forgetCancel: (id: string) => redis.sRem(cancelled, id),
  };
}
