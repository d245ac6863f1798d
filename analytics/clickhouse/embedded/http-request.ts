/** Reads a request of ClickHouse's HTTP interface into one shape. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { EngineError } from './engine-error.ts';

export type EngineRequest = {
  /** SQL from the address; empty when it is all in the body. */
  query: string;
  body: Buffer;
  queryId: string;
  database: string;
  defaultFormat: string;
  params: Map<string, string>;
  settings: Map<string, string>;
  gzipAnswer: boolean;
};

export const BODY_BYTES_MAX = 256 * 1024 * 1024;

// What the official client sends on its own, or what only shapes the transport; there is nothing to apply.
const TRANSPORT_SETTINGS = new Set([
  'enable_http_compression',
  'wait_end_of_query',
  'buffer_size',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'cancel_http_readonly_queries_on_client_close',
  'compress',
  'decompress',
  'session_timeout',
  'session_check',
]);

export function readCredentials(request: IncomingMessage): { username: string; password: string } | null {
  const { authorization, 'x-clickhouse-user': user, 'x-clickhouse-key': key } = request.headers;
  if (typeof user === 'string') return { username: user, password: String(key ?? '') };
  if (!authorization?.startsWith('Basic ')) return null;
  const [username = '', ...password] = Buffer.from(authorization.slice(6), 'base64').toString('utf8').split(':');
  return { username, password: password.join(':') };
}

/** @throws EngineError for what this engine does not do over HTTP, and for bodies above BODY_BYTES_MAX. */
export async function readRequest(
  request: IncomingMessage,
  address: URL,
  workingDatabase: string,
): Promise<EngineRequest> {
  const fields = new Map(address.searchParams);
  let body = await readBody(request);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) if (typeof value === 'string') fields.set(name, value);
    body = Buffer.alloc(0);
  }
  const take = (name: string): string => {
    const value = fields.get(name) ?? '';
    fields.delete(name);
    return value;
  };
  for (const name of ['session_id', 'role']) {
    if (take(name)) throw new EngineError(48, 'NOT_IMPLEMENTED', `${name} is not available in the embedded engine`);
  }
  for (const name of ['user', 'password']) fields.delete(name);
  const gzip = take('enable_http_compression') === '1' && /\bgzip\b/.test(String(request.headers['accept-encoding']));
  const headerFormat = request.headers['x-clickhouse-format'];
  const known = {
    query: take('query'),
    queryId: take('query_id') || crypto.randomUUID(),
    database: take('database') || String(request.headers['x-clickhouse-database'] ?? workingDatabase),
    defaultFormat: take('default_format') || String(headerFormat ?? 'TabSeparated'),
  };
  if (!/^[A-Za-z0-9]+$/.test(known.defaultFormat)) throw new EngineError(73, 'UNKNOWN_FORMAT', 'Unknown format');
  const params = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of fields) {
    if (name.startsWith('param_')) params.set(name.slice('param_'.length), value);
    else if (!TRANSPORT_SETTINGS.has(name)) settings.set(name, value);
  }
  return { ...known, body, params, settings, gzipAnswer: gzip };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > BODY_BYTES_MAX) throw tooLarge();
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || body.length === 0) return body;
  const unpack = encoding === 'gzip' ? promisify(gunzip) : encoding === 'deflate' ? promisify(inflate) : null;
  if (!unpack) throw new EngineError(48, 'NOT_IMPLEMENTED', `Content-Encoding ${encoding} is not available`);
  return (unpack as (packed: Buffer, options: object) => Promise<Buffer>)(body, { maxOutputLength: BODY_BYTES_MAX });
}

function tooLarge(): EngineError {
  return new EngineError(307, 'TOO_MANY_BYTES', `The request is larger than ${BODY_BYTES_MAX} bytes`);
}
