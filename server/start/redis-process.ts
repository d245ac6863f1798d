// One life of the private Redis: how it is configured, started, waited for and ended.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisAddress } from './ask-redis.ts';
import { askRedis } from './ask-redis.ts';
import { processIdentity, signalProcess } from './processes.ts';
import { StartError } from './start-error.ts';

export interface StartLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface RedisFiles {
  /** Redis's working folder: its append-only files and its log. */
  folder: string;
  configPath: string;
  logPath: string;
}

export interface RunningRedis {
  pid: number;
  /** Resolves with the reason in words when the process is gone. */
  exited: Promise<string>;
}

export type Durability = 'always' | 'everysec';

const silentStartMsMax = 30_000;
const loadingMsMax = 30 * 60_000;
const progressEveryMs = 3_000;
const readyPollMs = 20;
const foreignPollMs = 200;
const shutdownMsMax = 4_000;
const logBytesMax = 16 * 1024 * 1024;
const logTailBytes = 4_096;
const logTailLines = 6;
const exitCodeNotFound = 127;

// The shell searches PATH and the places package managers use, then becomes the server, so that the pid we hold is
// Redis itself. Redis 7.2 and later refuse to start under a locale that is not installed, hence LC_ALL.
const findAndBecomeRedis = `
  LC_ALL=C; export LC_ALL
  for name in redis-server valkey-server; do
    for folder in '' /usr/bin/ /usr/sbin/ /usr/local/bin/ /opt/homebrew/bin/ /opt/local/bin/; do
      program=$(command -v "$folder$name") && exec "$program" "$1"
    done
  done
  exit ${exitCodeNotFound}`;

/** The text of redis.conf. Only settings that Redis 6, 7, 8 and Valkey all know: an unknown one stops the start. */
export function describeRedisConfig(address: RedisAddress, files: RedisFiles, appendfsync: Durability): string {
  const listen =
    address.kind === 'socket'
      ? ['port 0', `unixsocket ${quote(address.socketPath)}`, 'unixsocketperm 700']
      : ['bind 127.0.0.1', `port ${address.port}`, `requirepass ${quote(address.password)}`];
  return [
    '# Written by Tideline at every start.',
    ...listen,
    'protected-mode yes',
    'daemonize no',
    'supervised no',
    `dir ${quote(files.folder)}`,
    `logfile ${quote(files.logPath)}`,
    'loglevel notice',
    // The append-only file is the only copy: what was acknowledged is on disk, and a torn tail is cut at the start.
    'appendonly yes',
    `appendfsync ${appendfsync}`,
    'no-appendfsync-on-rewrite no',
    'aof-use-rdb-preamble yes',
    'aof-load-truncated yes',
    'save ""',
    'stop-writes-on-bgsave-error yes',
    // Evicting would lose live state silently; a refused write is seen and handled.
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** Starts Redis without waiting until it answers. */
export function launchRedis(files: RedisFiles): RunningRedis {
  // A session of its own: Ctrl-C in the terminal must reach Tideline only, which ends Redis last.
  const child = spawn('/bin/sh', ['-c', findAndBecomeRedis, 'sh', files.configPath], {
    stdio: 'ignore',
    detached: true,
    cwd: files.folder,
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be run: ${error.message}`));
    child.once('exit', (code, signal) => resolve(explainExit(code, signal, files)));
  });
  return { pid: child.pid ?? 0, exited };
}

/** A Redis we did not start sends us no exit event: its process is looked at regularly. */
export function watchForeignRedis(pid: number, identity: string): RunningRedis {
  const look = async (): Promise<string> => {
    while (processIdentity(pid) === identity) await delay(foreignPollMs, undefined, { ref: false });
    return 'its process ended';
  };
  return { pid, exited: look() };
}

/** Resolves when Redis answers and has read its files; rejects with a StartError when it ends or stays silent. */
export async function waitUntilRedisIsReady(
  address: RedisAddress,
  running: RunningRedis,
  files: RedisFiles,
  logger: StartLogger,
): Promise<void> {
  let ended: string | undefined;
  void running.exited.then((reason) => {
    ended = reason;
  });
  const startedAt = performance.now();
  let toldAt = startedAt;
  for (;;) {
    if (ended !== undefined) throw new StartError(`Redis did not start: ${ended}`);
    const waitedMs = performance.now() - startedAt;
    const answer = await askRedis(address, ['PING']).catch((error: Error) => error.message);
    if (answer === 'PONG') return;
    const loading = answer.startsWith('LOADING');
    if (waitedMs > (loading ? loadingMsMax : silentStartMsMax)) {
      await endRedis(running.pid, address);
      throw new StartError(
        `Redis did not become ready within ${Math.round(waitedMs / 1000)} s (${answer}).${logTail(files)}`,
      );
    }
    if (performance.now() - toldAt > progressEveryMs) {
      toldAt = performance.now();
      const percent = loading ? await loadedPercent(address) : undefined;
      logger.info({ percent }, loading ? 'Redis is reading back what it stored' : 'waiting for Redis');
    }
    await delay(readyPollMs);
  }
}

/** Ends Redis: SHUTDOWN flushes the append-only file; whatever still runs after 4 s is killed. */
export async function endRedis(pid: number, address: RedisAddress): Promise<void> {
  const identity = processIdentity(pid);
  if (identity === undefined) return;
  const asked = askRedis(address, ['SHUTDOWN'], shutdownMsMax).catch(() => signalProcess(pid, 'SIGTERM'));
  const gaveUpAt = performance.now() + shutdownMsMax;
  while (processIdentity(pid) === identity) {
    if (performance.now() > gaveUpAt) signalProcess(pid, 'SIGKILL');
    await delay(readyPollMs);
  }
  await asked;
}

/** Keeps one older log: Redis itself never starts a new file. */
export function limitRedisLog(files: RedisFiles): void {
  const size = statSync(files.logPath, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logBytesMax) renameSync(files.logPath, `${files.logPath}.1`);
}

async function loadedPercent(address: RedisAddress): Promise<number | undefined> {
  const info = await askRedis(address, ['INFO', 'persistence']).catch(() => '');
  const percent = /loading_loaded_perc:([\d.]+)/.exec(info)?.[1];
  return percent === undefined ? undefined : Math.round(Number(percent));
}

function explainExit(code: number | null, signal: NodeJS.Signals | null, files: RedisFiles): string {
  if (code === exitCodeNotFound) {
    return (
      'no redis-server or valkey-server is installed. Install one (Debian, Ubuntu: sudo apt-get install redis-server; ' +
      'Fedora: sudo dnf install valkey; macOS: brew install redis), or name a running one with --redis-url redis://host:6379.'
    );
  }
  return `it ended ${signal ? `by ${signal}` : `with code ${code}`}.${logTail(files)}`;
}

/** The last lines of Redis's log, as the end of an error message. */
function logTail(files: RedisFiles): string {
  try {
    const descriptor = openSync(files.logPath, 'r');
    try {
      const size = statSync(files.logPath).size;
      const bytes = Buffer.alloc(Math.min(size, logTailBytes));
      readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
      const lines = bytes.toString('utf8').trimEnd().split('\n').slice(-logTailLines);
      return ` The end of ${files.logPath}:\n${lines.join('\n')}`;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
