import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findFreePort, requireFreePort } from '../../server/start/ports.ts';
import type { PrivateRedis } from '../../server/start/private-redis.ts';
import { startPrivateRedis } from '../../server/start/private-redis.ts';
import { processIdentity, signalProcess } from '../../server/start/processes.ts';

const ownerPath = fileURLToPath(new URL('../support/redis-owner.ts', import.meta.url));
const logger = { info: () => undefined, warn: () => undefined };

let folder: string;
let started: PrivateRedis[];
let owners: { owner: ChildProcess; redisPid: number }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tideline-private-redis-'));
  started = [];
  owners = [];
});

afterEach(async () => {
  for (const { owner, redisPid } of owners) {
    owner.kill('SIGKILL');
    signalProcess(redisPid, 'SIGKILL');
  }
  for (const redis of started) await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(dataDir = folder): Promise<PrivateRedis> {
  const redis = await startPrivateRedis({ dataDir, logger });
  started.push(redis);
  return redis;
}

/** Starts another process that owns a Redis on the folder; resolves with the pid of that Redis. */
async function startOwner(): Promise<{ owner: ChildProcess; redisPid: number }> {
  const owner = spawn(process.execPath, [ownerPath, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: owner.stdout! }), 'line')) as [string];
  const redisPid = Number(line);
  owners.push({ owner, redisPid });
  return { owner, redisPid };
}

async function withClient<T>(
  redis: PrivateRedis,
  work: (client: ReturnType<typeof createClient>) => Promise<T>,
): Promise<T> {
  const client = createClient({ url: redis.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}

function appendOnlyFile(): string {
  const aofFolder = join(folder, 'redis', 'appendonlydir');
  const name = readdirSync(aofFolder).find((file) => file.endsWith('.incr.aof'));
  return join(aofFolder, name ?? '');
}

test('every acknowledged write is there after an orderly stop and a new start', async () => {
  const first = await start();
  await withClient(first, (client) => client.set('kept', 'yes'));
  await first.stop();
  expect(processIdentity(first.pid)).toBeUndefined();
  const second = await start();
  expect(second.adopted).toBe(false);
  expect(await withClient(second, (client) => client.get('kept'))).toBe('yes');
});

test('the settings keep what is acknowledged and never evict', async () => {
  const redis = await start();
  const settings = await withClient(redis, async (client) => ({
    ...(await client.configGet('append*')),
    ...(await client.configGet('maxmemory-policy')),
    ...(await client.configGet('port')),
    ...(await client.configGet('save')),
  }));
  expect(settings).toMatchObject({
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    port: '0',
    save: '',
  });
});

test('only the user who started it can reach it', async () => {
  const redis = await start();
  expect(statSync(redis.socketPath!).mode & 0o077).toBe(0);
  expect(statSync(join(folder, 'run', 'redis.json')).mode & 0o077).toBe(0);
  expect(statSync(join(folder, 'run', 'redis.conf')).mode & 0o077).toBe(0);
});

test('a Redis that was killed comes back by itself with all it acknowledged', async () => {
  const redis = await start();
  await withClient(redis, (client) => client.set('kept', 'yes'));
  const killed = redis.pid;
  process.kill(killed, 'SIGKILL');
  await vi.waitUntil(() => redis.pid !== killed, { timeout: 10_000 });
  const value = await vi.waitFor(() => withClient(redis, (client) => client.get('kept')), { timeout: 10_000 });
  expect(value).toBe('yes');
});

test('a Redis whose Tideline was killed is taken over by the next start', async () => {
  const { owner, redisPid } = await startOwner();
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  expect(processIdentity(redisPid)).toBeDefined();
  const redis = await start();
  expect({ adopted: redis.adopted, pid: redis.pid }).toEqual({ adopted: true, pid: redisPid });
  process.kill(redisPid, 'SIGKILL');
  await vi.waitUntil(() => redis.pid !== redisPid, { timeout: 10_000 });
  expect(await vi.waitFor(() => withClient(redis, (client) => client.ping()), { timeout: 10_000 })).toBe('PONG');
});

test('a Redis whose Tideline was killed before it could write it down is ended, not doubled', async () => {
  const { owner, redisPid } = await startOwner();
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  rmSync(join(folder, 'run', 'redis.json'));
  const redis = await start();
  expect(redis.pid).not.toBe(redisPid);
  expect(processIdentity(redisPid)).toBeUndefined();
});

test('a left-over Redis that hangs is replaced', async () => {
  const { owner, redisPid } = await startOwner();
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  process.kill(redisPid, 'SIGSTOP');
  const redis = await start();
  expect(redis.pid).not.toBe(redisPid);
  expect(processIdentity(redisPid)).toBeUndefined();
});

test('a second Tideline on the same folder is refused and harms nothing', async () => {
  const { owner, redisPid } = await startOwner();
  await expect(start()).rejects.toThrow(`Another Tideline (process ${owner.pid}) already uses`);
  expect(processIdentity(redisPid)).toBeDefined();
});

test('a torn end of the append-only file costs only the torn write', async () => {
  const first = await start();
  await withClient(first, async (client) => {
    await client.set('whole', 'yes');
    await client.set('torn', 'yes');
  });
  await first.stop();
  const path = appendOnlyFile();
  truncateSync(path, statSync(path).size - 5);
  const second = await start();
  const values = await withClient(second, (client) => client.mGet(['whole', 'torn']));
  expect(values).toEqual(['yes', null]);
});

test('a damaged append-only file stops the start with the log of Redis', async () => {
  const first = await start();
  await withClient(first, async (client) => {
    for (let index = 0; index < 100; index++) await client.set(`key-${index}`, 'value');
  });
  await first.stop();
  const path = appendOnlyFile();
  const bytes = readFileSync(path);
  bytes.fill('x', 200, 300);
  writeFileSync(path, bytes);
  await expect(start()).rejects.toThrow(/Redis did not start[\s\S]*Bad file format reading the append only file/);
});

test('a path too long for a socket falls back to loopback with a password', async () => {
  const redis = await start(join(folder, 'x'.repeat(100)));
  expect(redis.socketPath).toBeUndefined();
  expect(redis.url).toMatch(/^redis:\/\/:.{20,}@127\.0\.0\.1:\d+$/);
  expect(await withClient(redis, (client) => client.ping())).toBe('PONG');
});

test('stopping ends Redis within five seconds and may be asked twice', async () => {
  const redis = await start();
  const startedAt = performance.now();
  await Promise.all([redis.stop(), redis.stop()]);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(processIdentity(redis.pid)).toBeUndefined();
});

test('a folder that cannot be written is named together with the option that moves it', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(start(join(folder, 'file', 'data'))).rejects.toThrow(/a file is in its way.*--data-dir/);
});

test.skipIf(process.getuid?.() === 0)('a folder of another user is refused with the remedy', async () => {
  mkdirSync(join(folder, 'locked'));
  chmodSync(join(folder, 'locked'), 0o500);
  await expect(start(join(folder, 'locked', 'data'))).rejects.toThrow(/may not write to.*--data-dir/);
});

test('a port that is taken is named together with the option that changes it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await expect(requireFreePort(port, '127.0.0.1')).rejects.toThrow(`Port ${port} is taken`);
  await expect(requireFreePort(port, '127.0.0.1')).rejects.toThrow(/--port \d+/);
  taken.close();
  await expect(requireFreePort(await findFreePort(), '127.0.0.1')).resolves.toBeUndefined();
});
