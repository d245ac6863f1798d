/** Real Tidelines as processes of their own: one for everything, or one per role on a shared Redis and engine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEngine } from '../../analytics/clickhouse/embedded/start-engine.ts';
import { createAccess } from '../../server/access/index.ts';
import { environmentForChildren, projectDir, type Role } from '../../server/config.ts';
import { historyAddress, openRuntime, type Reached, type Runtime } from '../../server/runtime.ts';
import { findFreePort } from '../../server/start/ports.ts';
import { startPrivateRedis } from '../../server/start/private-redis.ts';
import { processIdentity } from '../../server/start/processes.ts';

/** The first start builds the client. */
const START_MS_MAX = 120_000;
const LOOK_EVERY_MS = 50;
const OUTPUT_SHOWN_MAX = 4_000;
export const workspace = 'main';
const silent = { info() {}, warn() {}, error() {} };

/** Waits until `holds` answers true; what it throws meanwhile counts as not yet. */
export async function until(what: string, msMax: number, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + msMax;
  let reason: unknown = 'it does not hold';
  for (;;) {
    try {
      if (await holds()) return;
    } catch (error) {
      reason = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${msMax} ms in vain: ${what}`, { cause: reason });
    await wait(LOOK_EVERY_MS);
  }
}

/** Kills with SIGKILL and waits until no such process is left. @returns false when it was gone before */
export async function killProcess(pid: number): Promise<boolean> {
  const identity = processIdentity(pid);
  if (identity === undefined) return false;
  process.kill(pid, 'SIGKILL');
  await until(`process ${pid} is gone`, 10_000, () => processIdentity(pid) !== identity);
  return true;
}

export type ServerProcess = {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** True from ready until it ends. */
  readonly isUp: boolean;
  /** Starts it (again); resolves when it is ready. */
  start(): Promise<void>;
  /** kill -9, proven by the exit signal. */
  kill(): Promise<void>;
  /** @returns how long it took to end, in ms, and with which code */
  end(signal: 'SIGTERM' | 'SIGINT'): Promise<{ ms: number; code: number | null }>;
  output(): string;
};

/** A server that is not started yet. Whatever still runs when this process ends is ended with it. */
export async function describeServer(options: {
  dataDir: string;
  roles?: Role[];
  name?: string;
  redisUrl?: string;
  clickhouseUrl?: string;
  /** Further arguments of `start`. */
  more?: string[];
}): Promise<ServerProcess> {
  const { dataDir, roles, name = roles?.join('-') ?? 'server' } = options;
  const port = await findFreePort();
  const web = roles === undefined || roles.includes('web');
  const url = web ? `http://127.0.0.1:${port}` : '';
  const outputPath = join(dataDir, `${name}.out`);
  const given = [
    ...(roles === undefined ? [] : ['--roles', roles.join(',')]),
    ...(options.redisUrl === undefined ? [] : ['--redis-url', options.redisUrl]),
    ...(options.clickhouseUrl === undefined ? [] : ['--clickhouse-url', options.clickhouseUrl]),
    ...(options.more ?? []),
  ];
  const command = [join(projectDir, 'server', 'index.ts'), 'start', '--no-demo', '--data-dir', dataDir];
  let child: ChildProcess | undefined;
  let isUp = false;
  const output = () => readFileSync(outputPath, 'utf8').slice(-OUTPUT_SHOWN_MAX);
  const endWithUs = () => void child?.kill('SIGKILL');

  async function start(): Promise<void> {
    writeFileSync(outputPath, '', { flag: 'a' });
    const from = readFileSync(outputPath).length;
    const descriptor = openSync(outputPath, 'a');
    const started = spawn(process.execPath, [...command, '--port', String(port), ...given], {
      stdio: ['ignore', descriptor, descriptor],
      env: environmentForChildren(),
    });
    closeSync(descriptor);
    child = started;
    process.once('exit', endWithUs);
    started.once('exit', () => {
      isUp = false;
      process.off('exit', endWithUs);
    });
    const isReady = async () => {
      if (started.exitCode !== null || started.signalCode !== null) return true;
      if (web) return (await fetch(`${url}/v1/ready`)).ok;
      return readFileSync(outputPath).subarray(from).toString().includes('Tideline runs');
    };
    await until(`${name} is ready`, START_MS_MAX, isReady).catch((error: unknown) => {
      // Started again, it would be forgotten while it still runs.
      started.kill('SIGKILL');
      throw error;
    });
    if (started.signalCode === 'SIGKILL') return; // Killed by us before it was ready.
    if (started.exitCode !== null) throw new Error(`${name} ended with code ${started.exitCode}:\n${output()}`);
    isUp = true;
  }

  return {
    name,
    url,
    output,
    start,
    get pid() {
      return child?.pid ?? 0;
    },
    get isUp() {
      return isUp;
    },
    async kill() {
      const killed = child!;
      const ended = once(killed, 'exit');
      killed.kill('SIGKILL');
      const [, signal] = await ended;
      if (signal !== 'SIGKILL') throw new Error(`${name} ended by itself before it was killed:\n${output()}`);
    },
    async end(signal) {
      const asked = child;
      if (asked === undefined || asked.exitCode !== null || asked.signalCode !== null) return { ms: 0, code: null };
      const startedAt = performance.now();
      const ended = once(asked, 'exit');
      asked.kill(signal);
      const [code] = (await ended) as [number | null];
      return { ms: performance.now() - startedAt, code };
    },
  };
}

/** What several servers share: a durable Redis and the engine, each started again by itself when it dies. */
export async function startStorage(dataDir: string) {
  const redis = await startPrivateRedis({ dataDir, logger: silent, appendfsync: 'always' });
  const engine = await startEngine({ dataDir: join(dataDir, 'clickhouse'), logger: silent });
  const address = new URL(engine.url);
  address.username = engine.username;
  address.password = engine.password;
  address.pathname = `/${engine.database}`;
  const clickhouseUrl = address.toString();
  return {
    redis,
    engine,
    redisUrl: redis.url,
    clickhouseUrl,
    reached: { redisUrl: redis.url, history: historyAddress(clickhouseUrl) } satisfies Reached,
    async stop() {
      await engine.stop();
      await redis.stop();
    },
  };
}

/** How commands find a running Tideline, found the same way; the engine has another address after each start. */
export function readReach(dataDir: string): { reached: Reached; enginePid: number; redisPid: number } {
  const read = (file: string) => JSON.parse(readFileSync(join(dataDir, 'run', file), 'utf8'));
  return { reached: read('reach.json'), enginePid: read('engine.json').pid, redisPid: read('redis.json').pid };
}

/** Our own view of what a Tideline stores. Close it before its storage stops. */
export async function openView(reached: Reached): Promise<Runtime & { ingestKey(): Promise<string> } & ReadKey> {
  const runtime = await openRuntime(reached, workspace, silent);
  const access = createAccess({ redis: runtime.redis, workspace });
  const keyOf = async (scope: 'ingest' | 'read') => (await access.createKey('test', { source: '*', scope })).text;
  return { ...runtime, ingestKey: () => keyOf('ingest'), readKey: () => keyOf('read') };
}
type ReadKey = { readKey(): Promise<string> };

/** A folder that is removed after the test, unless it failed: then it is what one looks into. */
export function makeDataDir(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'tideline-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
