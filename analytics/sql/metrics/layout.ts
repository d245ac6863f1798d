/** How the SQL of a question is laid out: it is read, and changed, by people. */

export const indented = (text: string, by = '    '): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? line : `${by}${line}`))
    .join('\n');

/** One SELECT, a clause to a line. */
export function select(clauses: {
  columns: readonly string[];
  from: string;
  /** Between FROM and WHERE. */
  join?: string;
  where?: readonly string[];
  groupBy?: readonly string[];
  having?: string;
  orderBy?: readonly string[];
}): string {
  const { columns, from, join, where = [], groupBy = [], having, orderBy = [] } = clauses;
  return [
    `SELECT\n${indented(columns.join(',\n'))}`,
    `FROM ${from}`,
    ...(join === undefined ? [] : [join]),
    ...(where.length === 0 ? [] : [`WHERE ${where.join('\n  AND ')}`]),
    ...(groupBy.length === 0 ? [] : [`GROUP BY ${groupBy.join(', ')}`]),
    ...(having === undefined ? [] : [`HAVING ${having}`]),
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${orderBy.join(', ')}`]),
  ].join('\n');
}

export const bracketed = (text: string): string => `(\n${indented(text)}\n)`;
export const as = (expression: string, name: string): string =>
  expression === name ? name : `${expression} AS ${name}`;
