/** A whole answer in a format of the engine, piece by piece, with its columns told before. */
import { type HistoryClient, queryRows } from './client.ts';
import { tokenizeSql } from './sql-text.ts';

export type WholeAnswer = { columns: { name: string; type: string }[]; pieces: AsyncIterable<Uint8Array> };

/** How values are written in rows of JSON: nothing is rounded, and times are ISO 8601 in UTC. */
export const exactRows = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  date_time_output_format: 'iso',
  output_format_json_quote_denormals: 0,
  // Every reader of Arrow knows plain buffers; not every one has the codecs.
  output_format_arrow_compression_method: 'none',
} as const;

export type Asked = {
  sql: string;
  parameters?: Record<string, unknown>;
  format: string;
  settings?: Record<string, string | number>;
  signal?: AbortSignal;
};

/** @param asked one SELECT that names no format */
export async function askWhole(client: HistoryClient, asked: Asked): Promise<WholeAnswer> {
  const columns = await columnsOf(client, asked.sql, asked.parameters);
  return { columns, pieces: await askPieces(client, asked) };
}

/** Also of what has no columns to be told before, such as `SHOW TABLES`. */
export async function askPieces(client: HistoryClient, asked: Asked): Promise<AsyncIterable<Uint8Array>> {
  const { sql, parameters = {}, format, signal } = asked;
  const answer = await client.exec({
    query: `${sql}\nFORMAT ${format}`,
    query_params: parameters,
    abort_signal: signal,
    clickhouse_settings: settingsOf(asked),
  });
  // The client stops listening to the signal once the first rows are there.
  const stop = () => answer.stream.destroy(signal?.reason);
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  const tag = answer.response_headers['x-clickhouse-exception-tag'];
  return untilFailure(answer.stream, typeof tag === 'string' ? tag : '');
}

/** Only a SELECT takes settings; what shows something needs none, and nothing else is asked here. */
function settingsOf({ sql, settings }: Asked): Record<string, string | number> {
  const head = tokenizeSql(sql).find(({ kind }) => kind !== 'comment');
  const word = head?.text.toUpperCase() ?? '';
  if (word === 'SELECT' || word === 'WITH' || word === '(') {
    return { ...exactRows, cancel_http_readonly_queries_on_client_close: 1, ...settings };
  }
  if (showing.has(word)) return {};
  throw new Error(`Only questions are answered: SELECT, ${[...showing].join(', ')}.`);
}
const showing = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN']);

export async function columnsOf(
  client: HistoryClient,
  sql: string,
  parameters: Record<string, unknown> = {},
): Promise<WholeAnswer['columns']> {
  const rows = await queryRows<{ name: string; type: string }>(client, `DESCRIBE TABLE (${sql}\n)`, parameters);
  return rows.map(({ name, type }) => ({ name, type }));
}

/** As much as an error at the end of an answer may take. */
const FAILURE_BYTES_MAX = 16 * 1024;

/** An answer that fails after its first rows ends with a marked error instead of an ending of its own. */
async function* untilFailure(stream: AsyncIterable<Buffer>, tag: string): AsyncGenerator<Uint8Array> {
  let tail = Buffer.alloc(0);
  for await (const piece of stream) {
    const all = Buffer.concat([tail, piece]);
    const ready = all.length - FAILURE_BYTES_MAX;
    if (ready > 0) yield all.subarray(0, ready);
    tail = all.subarray(Math.max(0, ready));
  }
  const mark = Buffer.from(`__exception__\r\n${tag}\r\n`);
  const failedAt = tag === '' ? -1 : tail.indexOf(mark);
  if (failedAt < 0) {
    yield tail;
    return;
  }
  const words = tail.toString('utf8', failedAt + mark.length);
  throw new Error(words.slice(0, words.lastIndexOf(' ')).replace(/\d+$/, '').trim());
}
