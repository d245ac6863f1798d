/**
 * What drivers of BI tools ask a ClickHouse server before and around a person's question: its version, its tables, their
 * columns. Answered from the list of analysts' views, by putting small tables of our own in the place of `system.…`. What
 * comes out is judged and run like any other question: nothing here makes anything allowed.
 */
import { type SqlToken, sqlString, tokenizeSql } from '../clickhouse/sql-text.ts';
import type { View } from '../views/index.ts';

/** What tools read out of it is which syntax they may use. */
export const SPOKEN_VERSION = '26.7.2.1';
const SEPARATOR = '\u241F';

export type DriverQuestion = { sql: string; parameters: Record<string, string[]>; format: string | null };
type Told = { database: string; views: readonly View[]; user: string };

/** @param told what is said about ourselves */
export function readDriverQuestion(text: string, told: Told): DriverQuestion {
  let tokens = tokenizeSql(text).filter(({ kind }) => kind !== 'comment');
  while (tokens.at(-1)?.text === ';') tokens = tokens.slice(0, -1);
  const formatAt = tokens.length - 2;
  const hasFormat = formatAt > 0 && isWord(tokens[formatAt], 'FORMAT') && tokens[formatAt]!.depth === 0;
  const format = hasFormat ? tokens[formatAt + 1]!.text : null;
  const asked = hasFormat ? tokens.slice(0, formatAt) : tokens;
  if (asked.length === 0) return { sql: '', parameters: {}, format };
  const parameters: Record<string, string[]> = {};
  const tableOf = (name: keyof typeof tables): string => {
    const { columns, rows } = tables[name];
    parameters[`schema_${name}`] = rows(told).map((row) => row.join(SEPARATOR));
    const named = columns.map((column, at) => `parts[${at + 1}] AS ${column}`).join(', ');
    return `(SELECT ${named} FROM (SELECT splitByString('${SEPARATOR}', arrayJoin({schema_${name}:Array(String)})) AS parts))`;
  };
  const shown = showQuestion(asked, tableOf);
  return { sql: shown ?? rewritten(text, asked, told, tableOf), parameters, format };
}

/** `SHOW TABLES`, `SHOW DATABASES`, `DESCRIBE TABLE x`: no SELECT, so they are told as one. */
function showQuestion(tokens: readonly SqlToken[], tableOf: (name: keyof typeof tables) => string): string | null {
  const words = tokens.map(({ text }) => text.toUpperCase());
  if (words[0] === 'SHOW' && (words[1] === 'TABLES' || words[1] === 'DATABASES')) {
    return `SELECT name FROM ${tableOf(words[1] === 'TABLES' ? 'tables' : 'databases')}`;
  }
  if (words[0] !== 'DESCRIBE' && words[0] !== 'DESC') return null;
  const name = tokens.at(-1)!.text.replaceAll(/^[`"]|[`"]$/g, '');
  const columns =
    "name, type, '' AS default_type, '' AS default_expression, comment, '' AS codec_expression, '' AS ttl_expression";
  return `SELECT ${columns} FROM ${tableOf('columns')} WHERE table = ${sqlString(name)}`;
}

const constants: Record<string, (told: Told) => string> = {
  version: () => SPOKEN_VERSION,
  timezone: () => 'UTC',
  serverTimezone: () => 'UTC',
  currentDatabase: ({ database }) => database,
  database: ({ database }) => database,
  currentUser: ({ user }) => user,
  user: ({ user }) => user,
  hostName: () => 'tideline',
};

function rewritten(
  text: string,
  tokens: readonly SqlToken[],
  told: Told,
  tableOf: (name: keyof typeof tables) => string,
) {
  let out = '';
  let copied = tokens[0]!.start;
  const put = (from: number, to: number, instead: string) => {
    out += text.slice(copied, from) + instead;
    copied = to;
  };
  for (let at = 0; at < tokens.length; at++) {
    const [first, second, third] = tokens.slice(at, at + 3);
    const name = nameOf(first!);
    if (name === null || tokens[at - 1]?.text === '.') continue;
    const inner = third === undefined ? null : nameOf(third);
    if (second?.text === '.' && inner !== null) {
      const isTable = name.toLowerCase() === 'system' && inner in tables;
      // Without a name of its own, a part of a query could not be joined.
      if (isTable)
        put(
          first!.start,
          third!.end,
          `${tableOf(inner as keyof typeof tables)}${hasAlias(tokens, at + 3) ? '' : ` AS ${inner}`}`,
        );
      else if (name === told.database || name === 'default') put(first!.start, second.end, '');
      continue;
    }
    const constant =
      first!.kind === 'word' && second?.text === '(' && third?.text === ')' ? constants[name] : undefined;
    if (constant !== undefined) put(first!.start, third!.end, sqlString(constant(told)));
  }
  return out + text.slice(copied, tokens.at(-1)!.end);
}

const isWord = (token: SqlToken | undefined, word: string) =>
  token?.kind === 'word' && token.text.toUpperCase() === word;
const nameOf = (token: SqlToken): string | null =>
  token.kind === 'word' ? token.text : token.kind === 'quoted' ? token.text.slice(1, -1) : null;

/** After a table: a name for it, or the next part of the query. */
function hasAlias(tokens: readonly SqlToken[], at: number): boolean {
  const next = tokens[at];
  if (next === undefined) return false;
  return (
    isWord(next, 'AS') || next.kind === 'quoted' || (next.kind === 'word' && !clauses.has(next.text.toUpperCase()))
  );
}
const clauses = new Set(
  'WHERE PREWHERE GROUP ORDER HAVING LIMIT OFFSET UNION EXCEPT INTERSECT SETTINGS FINAL SAMPLE ARRAY JOIN LEFT RIGHT INNER OUTER FULL CROSS ANY ALL ASOF ON USING WITH WINDOW QUALIFY'.split(
    ' ',
  ),
);

type Rows = (told: Told) => string[][];
const tables = {
  databases: { columns: ['name', 'engine', 'comment'], rows: (({ database }) => [[database, 'Atomic', '']]) as Rows },
  tables: {
    columns: [
      'database',
      'name',
      'engine',
      'comment',
      'create_table_query',
      'primary_key',
      'sorting_key',
      'is_temporary',
    ],
    rows: (({ database, views }) =>
      views.map(({ name, words }) => [database, name, 'View', words, '', '', '', '0'])) as Rows,
  },
  columns: {
    columns: [
      'database',
      'table',
      'name',
      'type',
      'position',
      'comment',
      'default_kind',
      'default_expression',
      'is_in_primary_key',
    ],
    rows: (({ database, views }) =>
      views.flatMap((view) =>
        view.columns.map(({ name, type, words }, at) => [
          database,
          view.name,
          name,
          type,
          String(at + 1),
          words,
          '',
          '',
          '0',
        ]),
      )) as Rows,
  },
} as const;
