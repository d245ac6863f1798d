/** Labs as they are needed: started on the newest snapshot, lent to one question at a time, thrown away when they are old. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAnalystConfiguration } from '../../clickhouse/embedded/analyst-configuration.ts';
import { EngineError } from '../../clickhouse/embedded/engine-error.ts';
import { NoAnalystEngine, type ReadFrom } from '../engine.ts';
import { type Linking, removeGently } from './link-snapshot.ts';
import { type Isolation, sandboxMissing } from './sandbox.ts';
import { type Lab, startLab } from './start-lab.ts';

export type LabLimits = { memoryBytesMax: number; threadsMax: number; secondsMax: number; bytesReadMax: number };

/** Of what the kernel allows, for questions: the rest is for what the engine does not count. */
const QUERY_MEMORY_SHARE = 0.9;

export type TakeSnapshot = (
  name: string,
  linking: Linking,
) => Promise<{
  path: string;
  takenAt: number;
  pointsTo: string | null;
}>;

export type LabsOptions = {
  takeSnapshot: TakeSnapshot;
  /** What is in history at this moment, asked before a snapshot is taken. */
  readFrom: () => Promise<ReadFrom>;
  historyDatabase: string;
  opsDatabase: string;
  limits: LabLimits;
  /** A snapshot serves new questions for this long. */
  freshMs?: number;
  /** How long a lab that nobody asks is kept. */
  idleMs?: number;
  logger: { info(fields: object, words: string): void; warn(fields: object, words: string): void };
  niceness?: number;
  /** For tests: what a machine without namespaces gets. */
  isolation?: Isolation;
};

type Snapshot = { path: string; takenAt: number; pointsTo: string | null; from: ReadFrom; users: number };
type Held = { lab: Lab; snapshot: Snapshot; idleSince: number };
export type Labs = ReturnType<typeof openLabs>;

const FRESH_MS = 30_000;
const IDLE_MS = 60_000;
const TIDY_EVERY_MS = 5_000;
const FORGET_MS_MAX = 1_000;
/** Numbers of exceptions after which an engine may have little memory left. */
const UNFIT_AFTER = new Set([173, 241]);
/** A thirtieth of the weight of those who take in events. */
const NICENESS = 15;

export function openLabs(options: LabsOptions) {
  const { freshMs = FRESH_MS, idleMs = IDLE_MS, logger } = options;
  const idle: Held[] = [];
  const busy = new Set<Held>();
  const snapshots = new Set<Snapshot>();
  const lacks = new Set<string>();
  const missing = sandboxMissing();
  let isolation: Isolation = options.isolation ?? (missing === null ? 'sandbox' : 'bare');
  let newest: Promise<Snapshot> | undefined;
  let stopped = false;
  let told = false;
  const tidying = setInterval(() => void tidy(), TIDY_EVERY_MS);
  tidying.unref();

  const isFresh = (snapshot: Snapshot): boolean => Date.now() - snapshot.takenAt < freshMs;

  /** One taking serves all who ask meanwhile. When none can be taken, an older one is better than no answer: it says its age. */
  async function freshSnapshot(): Promise<Snapshot> {
    const known = newest === undefined ? undefined : await newest.catch(() => undefined);
    if (known !== undefined && snapshots.has(known) && isFresh(known)) return known;
    newest = take().catch((error: Error) => {
      if (known === undefined || !snapshots.has(known)) throw error;
      logger.warn({ reason: error.message }, 'no new snapshot for analysts; they are answered from an older one');
      return known;
    });
    return newest;
  }

  async function take(): Promise<Snapshot> {
    const from = await options.readFrom();
    // Only who is shut in cannot write where a pointer leads.
    const linking = isolation === 'sandbox' ? 'soft' : 'hard';
    const { path, takenAt, pointsTo } = await options.takeSnapshot(randomUUID(), linking);
    const snapshot = { path, takenAt, pointsTo, from, users: 0 };
    await configure(path);
    await mkdir(join(path, 'rooms'), { mode: 0o700 });
    snapshots.add(snapshot);
    return snapshot;
  }

  function configure(path: string): Promise<string> {
    const { limits, historyDatabase, opsDatabase } = options;
    return writeAnalystConfiguration(join(path, 'configuration'), {
      database: historyDatabase,
      opsDatabase,
      serverMemoryBytesMax: limits.memoryBytesMax,
      queryMemoryBytesMax: Math.floor(limits.memoryBytesMax * QUERY_MEMORY_SHARE),
      queryThreadsMax: limits.threadsMax,
      querySecondsMax: limits.secondsMax,
      settings: {
        max_bytes_to_read: limits.bytesReadMax,
        // What does not fit into memory ends, instead of being written to a disk that a lab does not have.
        max_bytes_ratio_before_external_group_by: 0,
        max_bytes_ratio_before_external_sort: 0,
      },
    });
  }

  async function start(): Promise<Held> {
    // A lab that is not shut in writes beside its tables: it gets a snapshot for itself.
    const snapshot = isolation === 'sandbox' ? await freshSnapshot() : await take();
    snapshot.users += 1;
    const place = {
      snapshot: snapshot.path,
      pointsTo: snapshot.pointsTo,
      config: join(snapshot.path, 'configuration', 'config.xml'),
      database: options.opsDatabase,
      room: join(snapshot.path, 'rooms', randomUUID()),
      memoryBytesMax: options.limits.memoryBytesMax,
      niceness: options.niceness ?? NICENESS,
    };
    try {
      const lab = await startLab(place, isolation);
      for (const what of lab.lacks) lacks.add(what);
      if (stopped) {
        await lab.stop();
        throw new NoAnalystEngine('The server is stopping.');
      }
      if (!told) logger.info({ isolation, lacks: [...lacks] }, 'questions of analysts run in labs');
      told = true;
      return { lab, snapshot, idleSince: 0 };
    } catch (error) {
      snapshot.users -= 1;
      if (isolation === 'bare' || stopped) throw error;
      const reason = (error as Error).message;
      logger.warn({ reason }, 'labs cannot be shut in on this machine; they run as ordinary processes');
      lacks.add(`a network and a file system of its own (${reason})`);
      isolation = 'bare';
      return start();
    }
  }

  /** @param work with a lab on a fresh snapshot; nobody else asks it meanwhile */
  async function use<T>(work: (lab: Lab, from: ReadFrom) => Promise<T>): Promise<T> {
    if (stopped) throw new NoAnalystEngine('The server is stopping.');
    const ready = idle.findIndex(({ lab, snapshot }) => lab.isAlive && isFresh(snapshot));
    const held = ready >= 0 ? idle.splice(ready, 1)[0]! : await start();
    busy.add(held);
    let isFit = true;
    try {
      return await work(held.lab, held.snapshot.from);
    } catch (error) {
      isFit = error instanceof EngineError && !UNFIT_AFTER.has(error.code);
      throw error;
    } finally {
      busy.delete(held);
      held.idleSince = Date.now();
      if (stopped || !isFit || !held.lab.isAlive) await letGo(held);
      else idle.push(held);
    }
  }

  async function letGo({ lab, snapshot }: Held): Promise<void> {
    await lab.stop();
    snapshot.users -= 1;
    await forget();
  }

  /** Snapshots nobody reads: they keep files that the engine has merged or dropped long ago. */
  async function forget(): Promise<void> {
    const keep = stopped ? undefined : await newest?.catch(() => undefined);
    for (const snapshot of snapshots) {
      if (snapshot.users > 0 || (snapshot === keep && isFresh(snapshot))) continue;
      snapshots.delete(snapshot);
      await removeGently(snapshot.path);
    }
  }

  async function tidy(): Promise<void> {
    const now = Date.now();
    const old = idle.filter(({ lab, snapshot, idleSince }) => {
      return !lab.isAlive || !isFresh(snapshot) || now - idleSince > idleMs;
    });
    for (const held of old) {
      // Lent meanwhile: the wait before gave it away.
      const at = idle.indexOf(held);
      if (at < 0) continue;
      idle.splice(at, 1);
      await letGo(held);
    }
    await forget();
  }

  return {
    use,
    isolation: () => isolation,
    lacks: () => [...lacks],
    running: () => [...busy, ...idle].map(({ lab }) => lab.pid),
    snapshotPaths: () => [...snapshots].map(({ path }) => path),
    async stop() {
      stopped = true;
      clearInterval(tidying);
      await Promise.all([...idle.splice(0), ...busy].map(({ lab }) => lab.stop()));
      for (const snapshot of snapshots) snapshot.users = 0;
      // Thousands of names on a busy disk take their time; what is left is removed at the next start.
      await Promise.race([forget(), new Promise((resolve) => setTimeout(resolve, FORGET_MS_MAX).unref())]);
    },
  };
}
