/** What is known to keep a data directory from opening, put right before it is opened. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes mutation files of no bytes. A full disk leaves them behind for a DELETE that was answered with OK but never
 * written; the engine then refuses to open the table, and with it everything. Returns the removed paths.
 */
export async function removeEmptyMutations(dataDir: string): Promise<string[]> {
  const removed: string[] = [];
  for (const folder of await tableFolders(join(dataDir, 'store'))) {
    for (const file of await readdir(folder).catch(() => [])) {
      const path = join(folder, file);
      if (!/^(tmp_)?mutation_\d+\.txt$/.test(file) || (await stat(path)).size > 0) continue;
      await rm(path);
      removed.push(path);
    }
  }
  return removed;
}

/** An Atomic database keeps its tables in `store/<first three of the uuid>/<uuid>`. */
async function tableFolders(store: string): Promise<string[]> {
  const prefixes = await readdir(store).catch(() => []);
  const folders = prefixes.map(async (prefix) => {
    const uuids = await readdir(join(store, prefix)).catch(() => []);
    return uuids.map((uuid) => join(store, prefix, uuid));
  });
  return (await Promise.all(folders)).flat();
}
