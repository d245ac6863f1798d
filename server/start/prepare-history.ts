/** Brings the tables of history up to date before anything is written. */
import { join } from 'node:path';
import { createHistoryClient } from '../../analytics/clickhouse/client.ts';
import { createViews } from '../../analytics/clickhouse/create-views.ts';
import { createDatabase, migrate } from '../../analytics/clickhouse/migrate.ts';
import { projectDir } from '../config.ts';
import type { Reached } from '../runtime.ts';
import { StartError } from './start-error.ts';

export const migrationsDir = join(projectDir, 'analytics', 'sql', 'migrations');
const ATTEMPTS_MAX = 30;
const RETRY_AFTER_MS = 1_000;
/** Filling a new table from years of steps takes minutes; given up earlier, it would begin anew for ever. */
const MIGRATION_MS_MAX = 3_600_000;

type StartLogger = { info(fields: object, words: string): void; warn(fields: object, words: string): void };

/**
 * @param required whether this process writes history. Then it waits for a ClickHouse that starts together with us;
 *   the others go on without it, since ClickHouse being away stops only the history writer.
 */
export async function prepareHistory(
  { history }: Pick<Reached, 'history'>,
  { required, logger, say }: { required: boolean; logger: StartLogger; say: (words: string) => void },
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const applied = await prepare(history);
      if (applied.length > 0) logger.info({ applied }, 'migrations applied');
      return;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (isAway(error) && !required) return logger.warn({ reason }, 'ClickHouse is away; starting without it');
      if (!isAway(error) || attempt === ATTEMPTS_MAX) {
        throw new StartError(`ClickHouse at ${history.url} cannot be used: ${reason} Check --clickhouse-url.`);
      }
      if (attempt === 1) say(`waiting for ClickHouse at ${history.url}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }
}

/** The database of the embedded engine is there already. @returns the migrations and views that were missing */
async function prepare(history: Reached['history']): Promise<string[]> {
  const anywhere = createHistoryClient({ ...history, database: 'default' });
  const client = createHistoryClient({ ...history, requestMsMax: MIGRATION_MS_MAX });
  try {
    await createDatabase(anywhere, history.database);
    const applied = await migrate(client, migrationsDir);
    const made = await createViews(client);
    return [...applied, ...made.map((view) => `view ${view}`)];
  } finally {
    await Promise.all([anywhere.close(), client.close()]);
  }
}

/** Refused, reset, silent or not yet known by name, also in the middle of a migration, which bears to be run again. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return /^E[A-Z_]+$/.test(code ?? '') || /timeout|socket hang up/i.test(error.message) || isAway(error.cause);
}
