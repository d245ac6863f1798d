/** Snapshots of the engine's data for readers that must not share its process: taken between two inserts. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LinkedSnapshot, Linking } from '../../analyst-sql/lab/link-snapshot.ts';
import { EngineError } from './engine-error.ts';
import type { SessionPool } from './session-pool.ts';

export type Snapshot = LinkedSnapshot & { path: string; takenAt: number; heldMs: number };
export type Snapshots = ReturnType<typeof openSnapshots>;

/** Inserts are held no longer than this; who asks then has to be content with an older snapshot. */
const HELD_MS_MAX = 5_000;
const WAIT_MS_MAX = 3_000;
const NAME = /^[a-z0-9-]{1,60}$/;

/** Hard links do not reach other file systems; what only points lies in memory, where there is such a place. */
const MEMORY = '/dev/shm';
const onDisk = (dataDir: string): string => join(dataDir, 'snapshots');
const inMemory = (dataDir: string): string =>
  join(MEMORY, `tideline-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);

export function openSnapshots(dataDir: string, pool: SessionPool) {
  const folders = { hard: onDisk(dataDir), soft: existsSync(MEMORY) ? inMemory(dataDir) : onDisk(dataDir) };
  let last: Promise<unknown> = Promise.resolve();

  async function take(name: string, linking: Linking): Promise<Snapshot> {
    const folder = folders[linking];
    if (!NAME.test(name)) throw new EngineError(36, 'BAD_ARGUMENTS', `No name of a snapshot: ${name}`);
    const path = join(folder, name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A thread of its own: linking is one call after the other, and the engine answers meanwhile.
    const thread = new Worker(new URL('./snapshot-thread.ts', import.meta.url), {
      workerData: { dataDir, path, linking },
    });
    thread.on('error', () => undefined);
    try {
      await once(thread, 'message');
      return await pool.betweenInserts(AbortSignal.timeout(WAIT_MS_MAX), async () => {
        const heldAt = performance.now();
        const takenAt = Date.now();
        const linked = once(thread, 'message', { signal: AbortSignal.timeout(HELD_MS_MAX) });
        thread.postMessage('link');
        const [answer] = (await linked) as [LinkedSnapshot];
        return { ...answer, path, takenAt, heldMs: performance.now() - heldAt };
      });
    } catch (error) {
      await thread.terminate();
      await rm(path, { recursive: true, force: true });
      throw error;
    } finally {
      void thread.terminate();
    }
  }

  return {
    /** One after the other. @throws EngineError when there is no moment between two inserts, or on a full disk */
    take(name: string, linking: Linking): Promise<Snapshot> {
      const taken = last.then(() => take(name, linking));
      last = taken.catch(() => undefined);
      return taken;
    },
    /** What was left behind by an end in a hurry. Names are never used twice, so nobody has to wait for it. */
    async removeOld(): Promise<void> {
      for (const folder of new Set(Object.values(folders))) {
        const names = await readdir(folder).catch(() => []);
        void Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true }))).catch(
          () => undefined,
        );
      }
    },
  };
}
