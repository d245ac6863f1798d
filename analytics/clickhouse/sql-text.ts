/**
 * The little that must be known about a SQL text without parsing it: where strings, comments, identifiers and
 * signs begin and end. Everything else is left to ClickHouse.
 */

export type SqlToken = {
  kind: 'word' | 'number' | 'string' | 'quoted' | 'sign' | 'comment';
  text: string;
  start: number;
  end: number;
  /** How many brackets of any kind are open before this token. */
  depth: number;
};

const WORD_START = /[\p{L}_]/u;
const WORD = /[\p{L}\p{N}_$]+/uy;
const NUMBER = /[0-9][\p{L}\p{N}_.]*/uy;
const HEREDOC = /\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$/y;

/** Cuts a SQL text into tokens; white space is left out. An unfinished string or comment runs to the end. */
export function tokenizeSql(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let at = 0;
  let depth = 0;
  const push = (kind: SqlToken['kind'], end: number) => {
    tokens.push({ kind, text: sql.slice(at, end), start: at, end, depth });
    at = end;
  };
  const matchEnd = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(sql) ? pattern.lastIndex : -1;
  };
  while (at < sql.length) {
    const char = sql[at]!;
    const next = sql[at + 1];
    if (/\s/.test(char)) at += 1;
    else if ((char === '-' && next === '-') || (char === '#' && (next === ' ' || next === '!'))) {
      push('comment', endOf(sql, '\n', at));
    } else if (char === '/' && next === '*') push('comment', endOf(sql, '*/', at + 2));
    else if (char === "'") push('string', endOfQuote(sql, at));
    else if (char === '"' || char === '`') push('quoted', endOfQuote(sql, at));
    else if (WORD_START.test(char)) push('word', matchEnd(WORD));
    else if (/[0-9]/.test(char)) push('number', matchEnd(NUMBER));
    else if (char === '$' && matchEnd(HEREDOC) > 0) {
      const open = matchEnd(HEREDOC);
      push('string', endOf(sql, sql.slice(at, open), open));
    } else {
      if (')]}'.includes(char)) depth = Math.max(0, depth - 1);
      push('sign', at + 1);
      if ('([{'.includes(char)) depth += 1;
    }
  }
  return tokens;
}

function endOf(sql: string, closing: string, from: number): number {
  const found = sql.indexOf(closing, from);
  return found < 0 ? sql.length : found + closing.length;
}

function endOfQuote(sql: string, start: number): number {
  const quote = sql[start];
  for (let at = start + 1; at < sql.length; at += 1) {
    if (sql[at] === '\\') at += 1;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return sql.length;
}

/** Splits a text at `;` into statements without the `;`. Pieces with nothing but comments are left out. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let hasContent = false;
  const close = (end: number) => {
    if (hasContent) statements.push(sql.slice(start, end).trim());
    hasContent = false;
  };
  for (const token of tokenizeSql(sql)) {
    if (token.kind === 'sign' && token.text === ';') {
      close(token.start);
      start = token.end;
    } else if (token.kind !== 'comment') hasContent = true;
  }
  close(sql.length);
  return statements;
}

/** A text as a SQL string literal. */
export function sqlString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
