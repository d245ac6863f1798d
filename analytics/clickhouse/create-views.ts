/** Makes the views analysts see, in a database of their own, as `analytics/views` defines them. */
import { createHash } from 'node:crypto';
import { loadQuery } from '../sql/load.ts';
import { opsDatabaseOf, type View, views } from '../views/index.ts';
import { type HistoryClient, queryRows, runStatement } from './client.ts';
import { VIEWS_OWNER } from './embedded/configuration.ts';
import { splitStatements, sqlString } from './sql-text.ts';

/**
 * Creates what is missing, replaces what is defined otherwise, drops what is defined no more. A reader needs no right on
 * the tables beneath: views read with the rights of their definer.
 * @param client of a history whose tables are up to date
 * @returns the names of the views it made
 * @throws when the database of the views or one of them cannot be made
 */
export async function createViews(client: HistoryClient): Promise<string[]> {
  const [{ database } = { database: '' }] = await queryRows<{ database: string }>(
    client,
    'SELECT currentDatabase() AS database',
  );
  const ops = opsDatabaseOf(database);
  for (const statement of splitStatements(loadQuery('pseudonym-key'))) await runStatement(client, statement);
  await runStatement(client, `CREATE DATABASE IF NOT EXISTS ${ops} ENGINE = Atomic`);
  const definer = await definerIn(client, ops);
  const rows = await queryRows<{ name: string; comment: string }>(
    client,
    'SELECT name, comment FROM system.tables WHERE database = {ops:String}',
    { ops },
  );
  const known = new Map(rows.map(({ name, comment }) => [name, comment]));
  const made: string[] = [];
  for (const view of views) {
    const { statement, comment } = definitionOf(view, ops, definer);
    if (known.get(view.name) === comment) continue;
    await runStatement(client, statement).catch((cause) => {
      throw new Error(`the view ${view.name} cannot be made: ${cause.message}`, { cause });
    });
    made.push(view.name);
  }
  for (const name of known.keys()) {
    if (!views.some((view) => view.name === name)) await runStatement(client, `DROP VIEW IF EXISTS ${ops}.${name}`);
  }
  return made;
}

const PROBE = 'definer_probe';

/** Views read with the rights of a user made for that, where the engine has one, else with those of whoever makes them. */
async function definerIn(client: HistoryClient, ops: string): Promise<string> {
  const probe = `CREATE OR REPLACE VIEW ${ops}.${PROBE} DEFINER = ${VIEWS_OWNER} SQL SECURITY DEFINER AS SELECT 1`;
  const exists = await runStatement(client, probe).then(
    () => true,
    () => false,
  );
  await runStatement(client, `DROP VIEW IF EXISTS ${ops}.${PROBE}`);
  return exists ? VIEWS_OWNER : 'CURRENT_USER';
}

/** The comment carries a mark of the whole definition: what it is compared by at the next start. */
function definitionOf(view: View, ops: string, definer: string): { statement: string; comment: string } {
  const columns = view.columns.map(({ name, type, words }) => `    ${name} ${type} COMMENT ${sqlString(words)}`);
  const select = loadQuery(`views/${view.name}`).trim();
  const head = `CREATE OR REPLACE VIEW ${ops}.${view.name}\n(\n${columns.join(',\n')}\n)\nDEFINER = ${definer} SQL SECURITY DEFINER`;
  const mark = createHash('sha256').update(head).update(view.words).update(select).digest('hex').slice(0, 12);
  const comment = `${view.words} [${mark}]`;
  return { statement: `${head}\nAS ${withoutComments(select)}\nCOMMENT ${sqlString(comment)}`, comment };
}

const withoutComments = (sql: string): string => sql.replaceAll(/^--.*\n/gm, '');
