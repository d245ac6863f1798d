/** A question of a BI tool, as ClickHouse's HTTP interface carries it: in the address, in the body, or in both. */
import type { IncomingHttpHeaders } from 'node:http';
import type { SqlParameters } from './contract/sql-runs.ts';

export type BiRequest = { sql: string; parameters: SqlParameters; format: string; queryId: string | null };
/** As ClickHouse says what is wrong: tools show it, and some read the number. */
export class BiFault extends Error {
  readonly code: number;
  readonly type: string;
  readonly status: number;

  constructor(code: number, type: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.type = type;
    this.status = status;
  }

  get body(): string {
    return `Code: ${this.code}. DB::Exception: ${this.message} (${this.type})\n`;
  }
}

const QUERY_CHARACTERS_MAX = 40_000;
/** Formats whose answers can be told from one that broke off. */
export const biFormats = new Set(
  'JSON JSONCompact JSONEachRow JSONCompactEachRow JSONCompactEachRowWithNames JSONCompactEachRowWithNamesAndTypes JSONStringsEachRow CSV CSVWithNames CSVWithNamesAndTypes TabSeparated TSV TabSeparatedWithNames TSVWithNames TabSeparatedWithNamesAndTypes TSVWithNamesAndTypes RowBinary RowBinaryWithNames RowBinaryWithNamesAndTypes Native PrettyCompactMonoBlock Parquet Arrow ArrowStream'.split(
    ' ',
  ),
);

/** @throws BiFault */
export function readBiRequest(url: string, body: string, headers: IncomingHttpHeaders): BiRequest {
  const fields = new URL(url, 'http://tideline').searchParams;
  for (const name of ['user', 'password', 'access_token', 'token']) {
    if (!fields.has(name)) continue;
    const words =
      'Send the key as the password of Basic authentication or in X-ClickHouse-Key: an address is written into logs';
    throw new BiFault(516, 'AUTHENTICATION_FAILED', words);
  }
  if (fields.get('compress') === '1') {
    throw new BiFault(
      48,
      'NOT_IMPLEMENTED',
      "ClickHouse's own compression is not available: switch it off in the driver (compress=0)",
    );
  }
  for (const name of ['session_id', 'role']) {
    if (fields.has(name))
      throw new BiFault(48, 'NOT_IMPLEMENTED', `${name} is not available: nothing is kept between two questions`);
  }
  const sql = [fields.get('query') ?? '', body].filter((part) => part.trim() !== '').join('\n');
  if (sql === '') throw new BiFault(62, 'SYNTAX_ERROR', 'Empty query');
  if (sql.length > QUERY_CHARACTERS_MAX) {
    throw new BiFault(62, 'QUERY_IS_TOO_LARGE', `A query may have ${QUERY_CHARACTERS_MAX} characters`);
  }
  const parameters: SqlParameters = {};
  for (const [name, value] of fields) {
    const parameter = /^param_([A-Za-z_][A-Za-z0-9_]{0,39})$/.exec(name)?.[1];
    if (parameter !== undefined) parameters[parameter] = readValue(value);
  }
  const given = headers['x-clickhouse-format'];
  const format = fields.get('default_format') ?? (typeof given === 'string' ? given : 'TabSeparated');
  return { sql, parameters, format, queryId: fields.get('query_id') };
}

/** Drivers escape a text as in TSV, and write a list as `['a','b']`. */
function readValue(text: string): string | string[] {
  if (!/^\[.*\]$/s.test(text)) return text.replaceAll(/\\(.)/gs, (_, sign: string) => escapes[sign] ?? sign);
  const items = [...text.slice(1, -1).matchAll(/'((?:\\.|[^'\\])*)'|([^,\s]+)/gs)];
  return items.map(([, quoted, plain]) =>
    (quoted ?? plain ?? '').replaceAll(/\\(.)/gs, (_, sign: string) => escapes[sign] ?? sign),
  );
}
const escapes: Record<string, string> = { t: '\t', n: '\n', r: '\r', '0': '\0', b: '\b', f: '\f' };

const textual = /^(CSV|TSV|TabSeparated|JSON)/;
export const typeOfFormat = (format: string): string =>
  format.startsWith('JSON')
    ? 'application/json; charset=UTF-8'
    : format.startsWith('CSV')
      ? 'text/csv; charset=UTF-8'
      : textual.test(format)
        ? 'text/tab-separated-values; charset=UTF-8'
        : 'application/octet-stream';
