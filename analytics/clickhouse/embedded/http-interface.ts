/** ClickHouse's own HTTP interface, as far as the official client uses it, in front of a pool of chdb sessions. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { AUTHENTICATION_FAILED, asEngineError, EngineError } from './engine-error.ts';
import { readCredentials, readRequest } from './http-request.ts';
import { runStatement, type StatementWork } from './run-statement.ts';
import type { SessionPool } from './session-pool.ts';
import type { Snapshots } from './snapshots.ts';
import { readStatement } from './statement.ts';

export type HttpInterfaceOptions = {
  pool: SessionPool;
  snapshots: Snapshots;
  database: string;
  username: string;
  password: string;
  log: (level: 'info' | 'warn', words: string, fields?: Record<string, unknown>) => void;
};

/** A reader that takes nothing for this long loses its query: it would hold one of few sessions. */
const READER_STALL_MS_MAX = 60_000;
const KEEP_ALIVE_MS = 30_000;
/** Each may hold a body of BODY_BYTES_MAX. */
const CONNECTIONS_MAX = 128;
const LATE_ERROR_CHARACTERS_MAX = 4_000;
const NO_WORK: StatementWork = { rowsRead: 0, bytesRead: 0, rowsWritten: 0, bytesWritten: 0 };

export function createHttpInterface(options: HttpInterfaceOptions): { server: Server; stopQueries: () => void } {
  const stopping = new AbortController();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(request, response, options, stopping.signal).catch((error) => {
      options.log('warn', 'request failed', { error: String(error) });
      response.destroy();
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  return { server, stopQueries: () => stopping.abort() };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpInterfaceOptions,
  stopping: AbortSignal,
): Promise<void> {
  const address = new URL(request.url ?? '/', 'http://engine');
  if (request.method === 'GET' && (address.pathname === '/ping' || (address.pathname === '/' && !address.search))) {
    response.end('Ok.\n');
    return;
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const reply = createReply(response, gone.signal);
  const startedAt = performance.now();
  try {
    authenticate(request, options);
    // The one thing that ClickHouse's own interface does not have.
    if (request.method === 'POST' && address.pathname === '/snapshot') {
      const linking = address.searchParams.get('links') === 'soft' ? 'soft' : 'hard';
      const snapshot = await options.snapshots.take(address.searchParams.get('name') ?? '', linking);
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(snapshot));
      return;
    }
    const read = await readRequest(request, address, options.database);
    response.setHeader('X-ClickHouse-Query-Id', read.queryId.replaceAll(/[^\x20-\x7e]/g, '?'));
    let statement = readStatement(
      read.query || read.body.toString('utf8'),
      read.params,
      read.settings,
      read.defaultFormat,
    );
    let rows = read.query ? read.body : Buffer.alloc(0);
    if (statement.way !== 'insert' && rows.length > 0) {
      const text = `${read.query}\n${rows.toString('utf8')}`;
      statement = readStatement(text, read.params, read.settings, read.defaultFormat);
    }
    if (statement.inlineRows) rows = Buffer.concat([Buffer.from(statement.inlineRows), rows]);
    reply.open(statement.format ?? read.defaultFormat, read.gzipAnswer);
    const work = await runStatement(options.pool, {
      statement,
      database: read.database,
      defaultFormat: read.defaultFormat,
      body: rows,
      // An insert that is complete goes on without its sender: stopped half-way, its views would lag behind its table.
      signal: statement.way === 'insert' ? stopping : AbortSignal.any([gone.signal, stopping]),
      onPiece: reply.write,
    });
    reply.end(work, performance.now() - startedAt);
  } catch (thrown) {
    const error = asEngineError(thrown);
    if (gone.signal.aborted) return;
    if (error.status >= 500) options.log('warn', 'statement failed', { code: error.code, error: error.message });
    reply.fail(error);
  }
}

function authenticate(request: IncomingMessage, options: HttpInterfaceOptions): void {
  const given = readCredentials(request);
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`${options.username}\n${options.password}`);
  if (given && timingSafeEqual(digest(`${given.username}\n${given.password}`), expected)) return;
  const words = `${given?.username ?? 'default'}: Authentication failed: password is incorrect, or there is no user with such name.`;
  throw new EngineError(AUTHENTICATION_FAILED, 'AUTHENTICATION_FAILED', words);
}

/** Headers wait for the first piece, so that an early error still has its own status. */
function createReply(response: ServerResponse, gone: AbortSignal) {
  const exceptionTag = crypto.randomUUID().replaceAll('-', '').slice(0, 16);
  let format = 'TabSeparated';
  let gzip = false;
  let body: Writable | null = null;

  function start(work: StatementWork, elapsedMs: number): Writable {
    response.setHeader('X-ClickHouse-Format', format);
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    response.setHeader('X-ClickHouse-Exception-Tag', exceptionTag);
    response.setHeader('X-ClickHouse-Summary', summary(work, elapsedMs));
    response.setHeader('Content-Type', format.startsWith('JSON') ? 'application/json' : 'text/plain; charset=UTF-8');
    if (!gzip) return response;
    response.setHeader('Content-Encoding', 'gzip');
    const packed = createGzip({ level: constants.Z_BEST_SPEED });
    packed.pipe(response);
    response.on('close', () => packed.destroy());
    return packed;
  }

  return {
    open(statementFormat: string, gzipAnswer: boolean) {
      format = statementFormat;
      gzip = gzipAnswer;
    },
    async write(piece: Uint8Array): Promise<void> {
      body ??= start(NO_WORK, 0);
      if (body.write(piece) || gone.aborted) return;
      const stalled = setTimeout(() => response.destroy(), READER_STALL_MS_MAX);
      // A reader that left aborts the wait; its query is killed by the same signal.
      await once(body, 'drain', { signal: gone }).finally(() => clearTimeout(stalled));
    },
    end(work: StatementWork, elapsedMs: number) {
      (body ?? start(work, elapsedMs)).end();
    },
    fail(error: EngineError) {
      if (!body) {
        response.statusCode = error.status;
        response.setHeader('X-ClickHouse-Exception-Code', String(error.code));
        response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
        if (error.code === AUTHENTICATION_FAILED) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse"');
        if (error.status === 503) response.setHeader('Retry-After', '1');
        // What was not read of the request would otherwise be taken for the next one.
        if (!response.req.complete) response.setHeader('Connection', 'close');
        response.end(error.body);
        return;
      }
      // The status is long gone: ClickHouse 25.11 and later mark the error at the end of the rows.
      // The client finds the mark only when it arrives in one piece.
      const words = error.body.slice(0, LATE_ERROR_CHARACTERS_MAX);
      body.end(
        `\r\n__exception__\r\n${exceptionTag}\r\n${words}${Buffer.byteLength(words)} ${exceptionTag}\r\n__exception__\r\n`,
      );
    },
  };
}

function summary(work: StatementWork, elapsedMs: number): string {
  return JSON.stringify({
    read_rows: String(work.rowsRead),
    read_bytes: String(work.bytesRead),
    written_rows: String(work.rowsWritten),
    written_bytes: String(work.bytesWritten),
    total_rows_to_read: '0',
    result_rows: String(work.rowsWritten || work.rowsRead),
    result_bytes: String(work.bytesWritten || work.bytesRead),
    elapsed_ns: String(Math.round(elapsedMs * 1e6)),
  });
}
