/** Reads a request's SQL as far as the engine must know it to run it the right way. Pure. */
import { type SqlToken, sqlString, tokenizeSql } from '../sql-text.ts';
import { EngineError } from './engine-error.ts';

export type Statement = {
  sql: string;
  /** Output format of a query, or input format of an insert; null when the text names none. */
  format: string | null;
  /** `stream`: rows leave as they are found. `whole`: the answer is built first. `insert`: rows come beside the text. */
  way: 'stream' | 'whole' | 'insert';
  /** What followed the format of an insert in the same text. */
  inlineRows: string;
  /** True when the statement may leave something behind in its session (SET, USE, temporary tables …). */
  leavesTraces: boolean;
};

// Formats in which the concatenation of two answers is an answer: chdb formats every streamed chunk by itself, so a
// format with a header, a footer or brackets would come out once per chunk.
const CONCATENABLE = new Set(
  ['JSONEachRow', 'JSONCompactEachRow', 'JSONStringsEachRow', 'JSONCompactStringsEachRow', 'JSONLines', 'NDJSON']
    .concat(['TabSeparated', 'TSV', 'TabSeparatedRaw', 'TSVRaw', 'CSV', 'RowBinary', 'Values'])
    .map((name) => name.toLowerCase()),
);
const CLEAN_STARTS = new Set(['SELECT', 'WITH', 'INSERT', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'KILL']);

/**
 * @param settings put into the text, so that they end with the statement; only SELECT and INSERT take them.
 * @throws EngineError when the text is empty, holds several statements, or writes a file on the engine's machine.
 */
export function readStatement(
  text: string,
  params: ReadonlyMap<string, string>,
  settings: ReadonlyMap<string, string>,
  defaultFormat: string,
): Statement {
  let sql = substituteParameters(text, params);
  const tokens = tokenizeSql(sql).filter((token) => token.kind !== 'comment');
  while (tokens.at(-1)?.text === ';') tokens.pop();
  const first = tokens[0];
  if (!first) throw new EngineError(62, 'SYNTAX_ERROR', 'Empty query');
  const words = tokens.map((token) => (token.kind === 'word' ? token.text.toUpperCase() : ''));
  const top = (word: string) => tokens.findIndex((token, at) => token.depth === 0 && words[at] === word);
  const head = first.text === '(' ? 'SELECT' : words[0]!;

  if (head === 'INSERT' && top('FORMAT') > 0 && words[top('FORMAT') + 1] && top('SELECT') < 0) {
    const format = tokens[top('FORMAT') + 1]!;
    refuseSeveral(tokens.slice(0, top('FORMAT')));
    return {
      sql: withInsertSettings(sql.slice(0, format.end), tokens, words.slice(0, top('FORMAT')), settings),
      format: format.text,
      way: 'insert',
      inlineRows: sql.slice(format.end).trimStart(),
      leavesTraces: false,
    };
  }

  refuseSeveral(tokens);
  sql = sql.slice(0, tokens.at(-1)!.end);
  if (words.some((word, at) => word === 'INTO' && words[at + 1] === 'OUTFILE')) {
    throw new EngineError(48, 'NOT_IMPLEMENTED', 'INTO OUTFILE is not available over HTTP');
  }
  const formatAt = tokens.findLastIndex((token, at) => token.depth === 0 && words[at] === 'FORMAT' && words[at + 1]);
  const format = formatAt > 0 ? tokens[formatAt + 1]!.text : null;
  const isQuery = head === 'SELECT' || (head === 'WITH' && !words.includes('INSERT'));
  if (settings.size > 0) {
    if (!isQuery) {
      const names = [...settings.keys()].join(', ');
      throw new EngineError(36, 'BAD_ARGUMENTS', `Write the settings ${names} into the text of this statement`);
    }
    const settled = format !== null && words.includes('SETTINGS', formatAt);
    sql += format === null ? ` FORMAT ${defaultFormat}` : '';
    sql += `${settled ? ', ' : ' SETTINGS '}${settingsText(settings)}`;
  }
  const streams = isQuery && CONCATENABLE.has((format ?? defaultFormat).toLowerCase());
  const leavesTraces = !isQuery && !CLEAN_STARTS.has(head);
  return { sql, format, way: streams ? 'stream' : 'whole', inlineRows: '', leavesTraces };
}

function refuseSeveral(tokens: SqlToken[]): void {
  if (tokens.some((token) => token.kind === 'sign' && token.text === ';')) {
    throw new EngineError(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed');
  }
}

function withInsertSettings(
  sql: string,
  tokens: SqlToken[],
  wordsBeforeFormat: string[],
  settings: ReadonlyMap<string, string>,
): string {
  if (settings.size === 0) return sql;
  const formatStart = tokens[wordsBeforeFormat.length]!.start;
  const joint = wordsBeforeFormat.includes('SETTINGS') ? ', ' : ' SETTINGS ';
  return `${sql.slice(0, formatStart).trimEnd()}${joint}${settingsText(settings)} ${sql.slice(formatStart)}`;
}

function settingsText(settings: ReadonlyMap<string, string>): string {
  const pairs = [...settings].map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new EngineError(115, 'UNKNOWN_SETTING', `Unknown setting ${name}`);
    return `${name}=${/^-?[0-9]{1,15}$/.test(value) ? value : sqlString(value)}`;
  });
  return pairs.join(', ');
}

/**
 * Puts values in the place of `{name:Type}`, as ClickHouse does itself (`_CAST('value', 'Type')`). chdb's own binding is
 * not used: it shares its values between connections, so that two queries at once can see each other's.
 * A placeholder without a value is left for ClickHouse to name in its error.
 */
export function substituteParameters(sql: string, params: ReadonlyMap<string, string>): string {
  if (params.size === 0) return sql;
  const tokens = tokenizeSql(sql).filter((token) => token.kind !== 'comment');
  let out = '';
  let copied = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const [open, name, colon] = tokens.slice(at, at + 3);
    if (open?.text !== '{' || name?.kind !== 'word' || colon?.text !== ':') continue;
    const value = params.get(name.text);
    const close = tokens.findIndex((token, index) => index > at && token.text === '}' && token.kind === 'sign');
    if (value === undefined || close < 0) continue;
    out += sql.slice(copied, open.start) + parameterText(sql.slice(colon.end, tokens[close]!.start).trim(), value);
    copied = tokens[close]!.end;
    at = close;
  }
  return out + sql.slice(copied);
}

function parameterText(type: string, escaped: string): string {
  const isComposite = /^(Array|Tuple|Nested)\(/.test(type);
  const plain = isComposite ? escaped : escaped.replaceAll(/\\(.)/gs, (_, char: string) => UNESCAPED[char] ?? char);
  if (type === 'Identifier') return `\`${plain.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
  if (escaped === '\\N') return `_CAST(NULL, ${sqlString(type)})`;
  if (/\bMap\(/.test(type))
    throw new EngineError(48, 'NOT_IMPLEMENTED', `A parameter of type ${type} is not available`);
  return `_CAST(${sqlString(plain)}, ${sqlString(type)})`;
}

// The official client escapes a text as in TSV, but not the text of an array or a tuple: there it quotes the elements.
const UNESCAPED: Record<string, string> = {
  t: '\t',
  n: '\n',
  r: '\r',
  b: '\b',
  f: '\f',
  '0': '\0',
  "'": "'",
  '\\': '\\',
};
