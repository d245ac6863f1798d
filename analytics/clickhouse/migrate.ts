/** Brings a database to the newest shape: numbered SQL files, each applied once and never changed afterwards. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HistoryClient, queryRows, runStatement } from './client.ts';
import { splitStatements, sqlString } from './sql-text.ts';

export type Migration = { number: number; name: string; sha256: string; statements: string[] };
type Applied = { number: number; name: string; sha256: string };

const FILE_NAME = /^(\d{4})_([a-z0-9_-]+)\.sql$/;

/**
 * Applies what is missing, in order, and returns the names it applied.
 *
 * ClickHouse has no transactions around DDL: a file that fails in its middle is run again from its start, so every
 * statement is written to bear that (`IF NOT EXISTS`). For the same reason two processes that start together do no harm.
 * @throws when an applied file was changed or removed, or when a number is missing or used twice.
 */
export async function migrate(client: HistoryClient, dir: string): Promise<string[]> {
  const migrations = await readMigrations(dir);
  // The newest record of a number wins; two processes may both have written it.
  await runStatement(
    client,
    `CREATE TABLE IF NOT EXISTS schema_migrations
     (number UInt32, name String, sha256 String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = ReplacingMergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  );
  const rows = await queryRows<Applied>(
    client,
    'SELECT number, name, sha256 FROM schema_migrations ORDER BY applied_at',
  );
  const applied = new Map(rows.map((row) => [row.number, row]));
  for (const known of applied.values()) refuseChange(known, migrations);
  const done: string[] = [];
  for (const migration of migrations) {
    if (applied.has(migration.number)) continue;
    for (const [at, statement] of migration.statements.entries()) {
      await runStatement(client, statement).catch((cause) => {
        const place = `${migration.name}, statement ${at + 1} of ${migration.statements.length}`;
        throw new Error(`migration ${place} failed: ${cause.message}`, { cause });
      });
    }
    const values = `${migration.number}, ${sqlString(migration.name)}, ${sqlString(migration.sha256)}`;
    await runStatement(
      client,
      `INSERT INTO schema_migrations (number, name, sha256) SETTINGS async_insert=0 VALUES (${values})`,
    );
    done.push(migration.name);
  }
  return done;
}

/** @param client of another database that exists, such as `default`. @throws when the server cannot be asked */
export async function createDatabase(client: HistoryClient, database: string): Promise<void> {
  if (!/^[A-Za-z0-9_]+$/.test(database)) throw new Error(`"${database}" is not a database name`);
  await runStatement(client, `CREATE DATABASE IF NOT EXISTS ${database}`);
}

/** The files of a folder in order. Files with other names are refused, so that none is forgotten by a slip of the pen. */
export async function readMigrations(dir: string): Promise<Migration[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const [at, file] of files.entries()) {
    const found = FILE_NAME.exec(file);
    if (!found) throw new Error(`${file}: a migration is called NNNN_name.sql`);
    const number = Number(found[1]);
    if (number !== at + 1) throw new Error(`${file}: the next migration number is ${at + 1}`);
    const text = await readFile(join(dir, file), 'utf8');
    const sha256 = createHash('sha256').update(text).digest('hex');
    migrations.push({ number, name: file, sha256, statements: splitStatements(text) });
  }
  return migrations;
}

function refuseChange(applied: Applied, migrations: Migration[]): void {
  const file = migrations[applied.number - 1];
  if (!file) throw new Error(`${applied.name} was applied to this database, but this version does not know it`);
  if (file.sha256 === applied.sha256) return;
  throw new Error(
    `${file.name} was changed after it was applied (as ${applied.name}). Restore it and put the change into a new migration`,
  );
}
