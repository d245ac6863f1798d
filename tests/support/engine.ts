/** A real embedded engine in a directory of its own, for one test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistoryClient, type HistoryClient, runStatement } from '../../analytics/clickhouse/client.ts';
import { type RunningEngine, startEngine } from '../../analytics/clickhouse/embedded/start-engine.ts';

export type TestEngine = {
  engine: RunningEngine;
  dataDir: string;
  /** A client of a new, empty database; closed with the engine. */
  createDatabase(): Promise<{ client: HistoryClient; database: string }>;
  /** A client of any database; closed with the engine. */
  connect(database?: string): HistoryClient;
  stop(): Promise<void>;
};

const silent = { info() {}, warn() {}, error() {} };

export async function startTestEngine(): Promise<TestEngine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tideline-engine-'));
  const engine = await startEngine({ dataDir, logger: silent });
  const clients: HistoryClient[] = [];
  let databases = 0;

  function connect(database = engine.database): HistoryClient {
    const { url, username, password } = engine;
    const client = createHistoryClient({ url, username, password, database });
    clients.push(client);
    return client;
  }

  return {
    engine,
    dataDir,
    connect,
    async createDatabase() {
      databases += 1;
      const database = `test_${databases}`;
      await runStatement(connect(), `CREATE DATABASE ${database} ENGINE = Atomic`);
      return { client: connect(database), database };
    },
    async stop() {
      await Promise.all(clients.map((client) => client.close()));
      await engine.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
