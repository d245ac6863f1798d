/**
 * The process of the embedded ClickHouse engine:
 * `node engine.ts --path <data directory> [--host 127.0.0.1] [--port 0] [--ready-file <json>] [--parent]`.
 *
 * With `--parent`, the first line of stdin is JSON `{username, password}`, the process prints one line of JSON when it
 * is ready, and it ends when stdin ends, so that it never outlives who started it.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { writeConfiguration } from './configuration.ts';
import { createHttpInterface } from './http-interface.ts';
import { removeEmptyMutations } from './repair.ts';
import { createSessionPool, type SessionPool } from './session-pool.ts';
import { openSnapshots } from './snapshots.ts';

const DATABASE = 'tideline';
const GIB = 1024 ** 3;
const SERVER_MEMORY_BYTES_MAX = Math.round(Math.min(8 * GIB, Math.max(GIB, totalmem() / 2)));
const QUESTIONS = { placesMax: 4, waitersMax: 64, waitMsMax: 10_000 };
const INSERTS = { placesMax: 2, waitersMax: 32, waitMsMax: 10_000 };
/** How long running statements may go on, and how long the whole end may take: when asked, and when left alone. */
const ASKED = { finishMsMax: 2_000, stopMsMax: 4_500 };
const LEFT_ALONE = { finishMsMax: 300, stopMsMax: 1_500 };

const log = (level: 'info' | 'warn' | 'fatal', msg: string, fields: Record<string, unknown> = {}) => {
  process.stderr.write(`${JSON.stringify({ level, time: Date.now(), name: 'engine', msg, ...fields })}\n`);
};

const { values: options } = parseArgs({
  options: {
    path: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    'ready-file': { type: 'string' },
    parent: { type: 'boolean', default: false },
  },
});
await main().catch((error) => {
  log('fatal', error instanceof Error ? error.message : String(error));
  process.exit(1);
});

async function main(): Promise<void> {
  const dataDir = options.path;
  if (!dataDir) throw new Error('--path <data directory> is needed');
  const credentials = options.parent ? await credentialsOfParent() : newCredentials();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const removed = await removeEmptyMutations(dataDir);
  if (removed.length > 0) log('warn', 'removed empty mutation files, as a full disk leaves them', { removed });
  const configPath = await writeConfiguration(dataDir, {
    serverMemoryBytesMax: SERVER_MEMORY_BYTES_MAX,
    queryMemoryBytesMax: Math.round(SERVER_MEMORY_BYTES_MAX / 2),
    queryThreadsMax: 2,
    querySecondsMax: 300,
  });
  const pool = openPool(dataDir, configPath);
  const snapshots = openSnapshots(dataDir, pool);
  await snapshots.removeOld();
  const { server, stopQueries } = createHttpInterface({ pool, snapshots, database: DATABASE, ...credentials, log });
  server.listen(Number(options.port), options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ready = { url: `http://${options.host}:${port}`, ...credentials, database: DATABASE, pid: process.pid };
  if (options['ready-file']) await writeReadyFile(options['ready-file'], ready);

  let stopping = false;
  const stop = async (reason: string, { finishMsMax, stopMsMax }: typeof ASKED) => {
    if (stopping) return;
    stopping = true;
    log('info', 'stopping', { reason });
    // Nothing is lost by an abrupt end: what was acknowledged is in the data directory.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), stopMsMax);
    pool.refuseNew();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    const finished = setTimeout(stopQueries, finishMsMax);
    while (pool.busy() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    clearTimeout(finished);
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 200);
    await closed;
    pool.close();
    if (options['ready-file']) await rm(options['ready-file'], { force: true });
    process.exit(0);
  };
  process.on('SIGTERM', () => stop('SIGTERM', ASKED));
  // Ctrl-C reaches the whole process group; a parent still has things to write and stops us when it is done.
  process.on('SIGINT', () => (options.parent ? undefined : stop('SIGINT', ASKED)));
  if (options.parent) {
    const orphaned = () => stop('the parent is gone', LEFT_ALONE);
    process.stdin.on('end', orphaned).on('error', orphaned);
    process.stdin.resume();
    process.stdout.write(`${JSON.stringify({ ready: true, url: ready.url, pid: ready.pid })}\n`);
  }
  log('info', 'ready', { url: ready.url, path: dataDir });
}

function openPool(dataDir: string, configPath: string): SessionPool {
  let pool: SessionPool;
  try {
    pool = createSessionPool({ dataDir, configPath, questions: QUESTIONS, inserts: INSERTS });
  } catch (cause) {
    const words = `Cannot open ${dataDir}: another engine uses it, or its files are damaged (see the line before)`;
    throw new Error(words, { cause });
  }
  pool.prepare(`CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`);
  return pool;
}

async function credentialsOfParent(): Promise<{ username: string; password: string }> {
  const lines = createInterface({ input: process.stdin });
  const [line] = await once(lines, 'line');
  lines.close();
  const { username, password } = JSON.parse(line);
  if (!username || !password) throw new Error('the first line of stdin must be JSON {username, password}');
  return { username, password };
}

function newCredentials(): { username: string; password: string } {
  return { username: 'tideline', password: randomBytes(24).toString('base64url') };
}

// Whole or not at all: others wait for this file.
async function writeReadyFile(path: string, ready: object): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(ready)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
