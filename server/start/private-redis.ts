// A Redis server of our own for the embedded form: durable, reachable by this user only, started again when it dies,
// and taken over when an earlier Tideline was killed and left it running.
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisAddress } from './ask-redis.ts';
import { askRedis, redisUrl } from './ask-redis.ts';
import { preparePrivateFolder } from './data-folder.ts';
import { findFreePort } from './ports.ts';
import { processIdentity, signalProcess } from './processes.ts';
import type { Durability, RedisFiles, RunningRedis, StartLogger } from './redis-process.ts';
import {
  describeRedisConfig,
  endRedis,
  launchRedis,
  limitRedisLog,
  waitUntilRedisIsReady,
  watchForeignRedis,
} from './redis-process.ts';
import { StartError } from './start-error.ts';

export interface PrivateRedisOptions {
  /** Folder of all stored data; Redis uses `redis` and `run` inside it. */
  dataDir: string;
  logger: StartLogger;
  /** `always` (default) loses nothing acknowledged; `everysec` may lose a second of it when the disk is busy. */
  appendfsync?: Durability;
}

export interface PrivateRedis {
  /** For node-redis: `unix:///…/redis.sock`, or `redis://:password@127.0.0.1:port` where that path is too long. */
  url: string;
  /** Undefined in the loopback form. */
  socketPath: string | undefined;
  /** Changes when Redis had to be started again. */
  readonly pid: number;
  /** True when it was still running from an earlier start. */
  adopted: boolean;
  /** Called once, when Redis is gone for good because every restart failed. */
  onExit(listener: (reason: Error) => void): void;
  /** Flushes the append-only file and ends Redis within 5 s. Further calls return the same promise. */
  stop(): Promise<void>;
}

// The kernel limits the path of a unix socket: 108 bytes on Linux, 104 on macOS, with the final NUL.
const socketPathBytesMax = 100;
const restartDelayMsFirst = 200;
const restartDelayMsMax = 5_000;
const restartAttemptsMax = 120;
const settledAfterMs = 60_000;

/** What a start writes down for the next one. Identities tell the processes from later ones with the same pid. */
interface RunRecord {
  pid: number;
  identity: string;
  ownerPid: number;
  ownerIdentity: string;
  address: RedisAddress;
  config: string;
}

/**
 * Starts Redis on `dataDir`; resolves when it answers, which includes reading back what it stored. Rejects with a
 * StartError when a folder cannot be written, no Redis is installed, another Tideline uses the folder, or Redis
 * refuses to start (the message ends with its log).
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const { logger } = options;
  const dataDir = preparePrivateFolder(options.dataDir);
  const runFolder = preparePrivateFolder(join(dataDir, 'run'));
  const folder = preparePrivateFolder(join(dataDir, 'redis'));
  const files: RedisFiles = { folder, configPath: join(runFolder, 'redis.conf'), logPath: join(folder, 'redis.log') };
  const recordPath = join(runFolder, 'redis.json');

  const left = await findLeftOver(recordPath, join(runFolder, 'redis.sock'), dataDir);
  const address = left?.address ?? (await chooseAddress(runFolder));
  const config = describeRedisConfig(address, files, options.appendfsync ?? 'always');
  const adopted = left?.config === config && (await answers(address));
  if (left && !adopted) {
    logger.info({ pid: left.pid }, 'ending the Redis that an earlier start left running: it cannot be taken over');
    await endRedis(left.pid, left.address);
  }

  let current: RunningRedis;
  const launch = async (): Promise<void> => {
    limitRedisLog(files);
    current = launchRedis(files);
    writeRecord(recordPath, current.pid, address, config);
    await waitUntilRedisIsReady(address, current, files, logger);
  };
  if (left && adopted) {
    logger.info({ pid: left.pid }, 'taking over the Redis that an earlier start left running');
    current = watchForeignRedis(left.pid, left.identity);
    writeRecord(recordPath, left.pid, address, config);
    await waitUntilRedisIsReady(address, current, files, logger);
  } else {
    writeFileSync(files.configPath, config, { mode: 0o600 });
    await launch();
  }

  const stopRequest = new AbortController();
  const exitListeners: ((reason: Error) => void)[] = [];
  // A process that ends without stop() must not leave Redis running; Redis flushes its file on SIGTERM.
  const endWithUs = (): void => void signalProcess(current.pid, 'SIGTERM');
  process.once('exit', endWithUs);

  const keepRunning = async (): Promise<void> => {
    let reason = await current.exited;
    for (let attempt = 1; !stopRequest.signal.aborted; attempt++) {
      if (attempt > restartAttemptsMax) {
        for (const listener of exitListeners) listener(new StartError(`Redis cannot be kept running: ${reason}`));
        return;
      }
      const waitMs = Math.min(restartDelayMsMax, restartDelayMsFirst * 2 ** (attempt - 1));
      logger.warn({ reason, attempt, waitMs }, 'Redis ended unexpectedly; starting it again');
      await delay(waitMs, undefined, { signal: stopRequest.signal }).catch(() => undefined);
      if (stopRequest.signal.aborted) return;
      const startedAt = performance.now();
      try {
        await launch();
        logger.info({ pid: current.pid }, 'Redis is running again');
        reason = await current.exited;
      } catch (error) {
        reason = (error as Error).message;
      }
      if (performance.now() - startedAt > settledAfterMs) attempt = 0;
    }
  };
  const keeping = keepRunning();
  let stopped: Promise<void> | undefined;

  return {
    url: redisUrl(address),
    socketPath: address.kind === 'socket' ? address.socketPath : undefined,
    get pid() {
      return current.pid;
    },
    adopted,
    onExit: (listener) => void exitListeners.push(listener),
    stop: () => {
      stopped ??= (async () => {
        stopRequest.abort();
        await endRedis(current.pid, address);
        await keeping;
        process.removeListener('exit', endWithUs);
        rmSync(recordPath, { force: true });
      })();
      return stopped;
    },
  };
}

async function chooseAddress(runFolder: string): Promise<RedisAddress> {
  const socketPath = join(runFolder, 'redis.sock');
  if (Buffer.byteLength(socketPath) <= socketPathBytesMax) return { kind: 'socket', socketPath };
  return { kind: 'loopback', port: await findFreePort(), password: randomBytes(24).toString('base64url') };
}

function writeRecord(path: string, pid: number, address: RedisAddress, config: string): void {
  const identity = processIdentity(pid) ?? '';
  const ownerIdentity = processIdentity(process.pid) ?? '';
  const record: RunRecord = { pid, identity, ownerPid: process.pid, ownerIdentity, address, config };
  // Replaced whole: half a record would hide a running Redis from the next start.
  writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The record of a Redis that still runs although the Tideline that started it is gone. */
async function findLeftOver(recordPath: string, socketPath: string, dataDir: string): Promise<RunRecord | undefined> {
  let record: RunRecord;
  try {
    record = JSON.parse(readFileSync(recordPath, 'utf8')) as RunRecord;
  } catch {
    return findUnrecorded(socketPath);
  }
  if (record.identity === '' || processIdentity(record.pid) !== record.identity) return undefined;
  if (processIdentity(record.ownerPid) === record.ownerIdentity) {
    throw new StartError(
      `Another Tideline (process ${record.ownerPid}) already uses ${dataDir}. ` +
        'Stop it, or give this one its own folder with --data-dir <folder> and its own --port.',
    );
  }
  return record;
}

/** A Redis whose Tideline was killed before it could write the record; two on one folder would ruin the file. */
async function findUnrecorded(socketPath: string): Promise<RunRecord | undefined> {
  const address: RedisAddress = { kind: 'socket', socketPath };
  const info = await askRedis(address, ['INFO', 'server']).catch(() => '');
  const pid = Number(/process_id:(\d+)/.exec(info)?.[1] ?? 0);
  const identity = pid === 0 ? undefined : processIdentity(pid);
  if (identity === undefined) return undefined;
  return { pid, identity, ownerPid: 0, ownerIdentity: '', address, config: '' };
}

async function answers(address: RedisAddress): Promise<boolean> {
  return askRedis(address, ['PING']).then(
    () => true,
    (error: Error) => error.message.startsWith('LOADING'),
  );
}
