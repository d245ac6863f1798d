/** Brings the tables of history up to date before anything is written. */
import { join } from 'node:path';
import { createHistoryClient, runStatement } from '../../analytics/clickhouse/client.ts';
import { migrate } from '../../analytics/clickhouse/migrate.ts';
import { projectDir } from '../config.ts';
import type { Reached } from '../runtime.ts';
import { StartError } from './start-error.ts';

export const migrationsDir = join(projectDir, 'analytics', 'sql', 'migrations');
const ATTEMPTS_MAX = 30;
const RETRY_AFTER_MS = 1_000;

export async function prepareHistory(
  { history }: Pick<Reached, 'history'>,
  logger: { info(fields: object, words: string): void },
  say: (words: string) => void,
): Promise<void> {
  await createDatabase(history, say);
  const client = createHistoryClient(history);
  try {
    const applied = await migrate(client, migrationsDir);
    if (applied.length > 0) logger.info({ applied }, 'migrations applied');
  } finally {
    await client.close();
  }
}

/** A server that starts together with us may need a moment; the database of the embedded engine is there already. */
async function createDatabase(history: Reached['history'], say: (words: string) => void): Promise<void> {
  if (!/^[A-Za-z0-9_]+$/.test(history.database)) throw new StartError(`"${history.database}" is not a database name.`);
  const client = createHistoryClient({ ...history, database: 'default' });
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runStatement(client, `CREATE DATABASE IF NOT EXISTS ${history.database}`);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (attempt === ATTEMPTS_MAX) {
          throw new StartError(`ClickHouse at ${history.url} cannot be used: ${reason} Check --clickhouse-url.`);
        }
        if (attempt === 1) say(`waiting for ClickHouse at ${history.url}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
    }
  } finally {
    await client.close();
  }
}
