import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askRedis } from '../../server/start/ask-redis.ts';
import type { PrivateRedis } from '../../server/start/private-redis.ts';
import { startPrivateRedis } from '../../server/start/private-redis.ts';

export interface TestRedis {
  /** For node-redis: `createClient({ url })`. */
  url: string;
  socketPath: string;
  dataDir: string;
  /** The running server, for tests that kill it. */
  server: PrivateRedis;
  /** Ends the server and removes its folder. Close the clients first. */
  stop(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined };

/** A real Redis in a temporary folder. `aof: true` makes it durable (`appendfsync always`), which tests of faults need. */
export async function startTestRedis(options: { aof?: boolean } = {}): Promise<TestRedis> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tideline-redis-'));
  const server = await startPrivateRedis({ dataDir, logger: silent, appendfsync: options.aof ? 'always' : 'everysec' });
  const socketPath = server.socketPath;
  if (socketPath === undefined) throw new Error(`the temporary folder ${dataDir} is too long a path for a socket`);
  if (!options.aof) await askRedis({ kind: 'socket', socketPath }, ['CONFIG', 'SET', 'appendonly', 'no']);
  return {
    url: server.url,
    socketPath,
    dataDir,
    server,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A workspace name no other test uses, so that tests can share one Redis. */
export function uniqueWorkspace(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}
