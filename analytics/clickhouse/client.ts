/** The client of the history: one way to ask and one way to insert, for the embedded engine and for a real server. */
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { sqlString } from './sql-text.ts';

export type HistoryClient = ClickHouseClient;

export type HistoryClientOptions = {
  url: string;
  username: string;
  password: string;
  database: string;
  /** How long an answer may stay out; two minutes when left out. */
  requestMsMax?: number;
};

const REQUEST_MS_MAX = 120_000;
const CONNECTIONS_MAX = 10;
/** Below the 10 s of a ClickHouse server and the 30 s of the embedded engine: never reuse what is about to close. */
const IDLE_SOCKET_MS_MAX = 2_500;

/** The caller closes it with `client.close()`. Nothing is connected before the first query. */
export function createHistoryClient({
  requestMsMax = REQUEST_MS_MAX,
  ...options
}: HistoryClientOptions): HistoryClient {
  return createClient({
    ...options,
    request_timeout: requestMsMax,
    max_open_connections: CONNECTIONS_MAX,
    keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS_MAX },
    // Every failure is thrown to the caller, who knows what it means; the client would write it to the console as well.
    log: { level: ClickHouseLogLevel.OFF },
  });
}

export type QueryOptions = { signal?: AbortSignal; queryId?: string };

/**
 * Rows of a SELECT as objects. `sql` names no format; values go in as `{name:Type}` with `params` (no Map type).
 * 64-bit integers arrive as JSON numbers: above 2^53, select `toString(x)`.
 * @throws ClickHouseError, also when the query fails after its first rows.
 */
export async function queryRows<Row>(
  client: HistoryClient,
  sql: string,
  params: Record<string, unknown> = {},
  { signal, queryId }: QueryOptions = {},
): Promise<Row[]> {
  const answer = await client.query({
    query: sql,
    query_params: params,
    format: 'JSONEachRow',
    abort_signal: signal,
    query_id: queryId,
    // What the embedded engine always does: without it, a server would go on with a query nobody waits for.
    clickhouse_settings: signal ? { cancel_http_readonly_queries_on_client_close: 1 } : {},
  });
  return answer.json<Row>();
}

export type Table = { columns: string[]; types: string[]; rows: unknown[][]; rowsRead: number };

/**
 * A whole answer as a table, with what was read for it; times are seconds since 1970 unless text is asked for. For answers
 * that fit into memory.
 * @throws ClickHouseError
 */
export async function queryTable(
  client: HistoryClient,
  sql: string,
  params: Record<string, unknown> = {},
  {
    signal,
    rowsMax,
    times = 'seconds',
  }: { signal?: AbortSignal | undefined; rowsMax?: number; times?: 'seconds' | 'text' } = {},
): Promise<Table> {
  const answer = await client.query({
    query: sql,
    query_params: params,
    format: 'JSONCompact',
    abort_signal: signal,
    clickhouse_settings: {
      date_time_output_format: times === 'text' ? 'iso' : 'unix_timestamp',
      output_format_json_quote_64bit_integers: 0,
      ...(rowsMax === undefined ? {} : { max_result_rows: String(rowsMax), result_overflow_mode: 'throw' }),
      ...(signal ? { cancel_http_readonly_queries_on_client_close: 1 } : {}),
    },
  });
  const { meta, data, statistics } = await answer.json<unknown[]>();
  return {
    columns: (meta ?? []).map(({ name }) => name),
    types: (meta ?? []).map(({ type }) => type),
    rows: data as unknown as unknown[][],
    rowsRead: statistics?.rows_read ?? 0,
  };
}

/** Runs a statement without an answer (DDL, INSERT … SELECT). Settings belong into its text. */
export async function runStatement(
  client: HistoryClient,
  sql: string,
  params: Record<string, unknown> = {},
): Promise<void> {
  await client.command({ query: sql, query_params: params });
}

/**
 * Inserts lines of JSON, one row each. The same token twice inserts once, in the table and in the targets of its views,
 * as far as their `non_replicated_deduplication_window` reaches. The rows must be the same: others would be dropped.
 * Settings are part of the text, which works the same on every kind of server.
 */
export async function insertLines(
  client: HistoryClient,
  table: string,
  lines: string | Buffer | Readable,
  { token, signal }: { token: string; signal?: AbortSignal },
): Promise<void> {
  if (!/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/.test(table)) throw new Error(`no table name: ${table}`);
  const settings = [
    `insert_deduplication_token=${sqlString(token)}`,
    'insert_deduplicate=1',
    'deduplicate_blocks_in_dependent_materialized_views=1',
    'async_insert=0',
  ];
  const { stream } = await client.exec({
    query: `INSERT INTO ${table} SETTINGS ${settings.join(', ')} FORMAT JSONEachRow`,
    values: lines instanceof Readable ? lines : Readable.from([lines], { objectMode: false }),
    abort_signal: signal,
  });
  await finished(stream.resume());
}
