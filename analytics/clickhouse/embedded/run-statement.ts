/** Runs one statement on a lent session and hands its answer over in pieces. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Session } from 'chdb';
import type { SessionPool } from './session-pool.ts';
import type { Statement } from './statement.ts';

export type StatementWork = { rowsRead: number; bytesRead: number; rowsWritten: number; bytesWritten: number };

export type StatementRequest = {
  statement: Statement;
  database: string;
  defaultFormat: string;
  body: Buffer;
  signal: AbortSignal;
  /** Called for every piece of the answer; the next one is asked for when it resolves. */
  onPiece: (piece: Uint8Array) => Promise<void>;
};

const KILL_REPEAT_MS = 50;
let statementsRun = 0;

/** @throws what chdb throws, or EngineError. Aborting the signal kills the statement inside the engine. */
export function runStatement(pool: SessionPool, request: StatementRequest): Promise<StatementWork> {
  const { statement, signal } = request;
  const { database } = request;
  const lane = statement.way === 'insert' ? 'inserts' : 'questions';
  return pool.use({ database, lane, leavesTraces: statement.leavesTraces }, signal, async (session) => {
    statementsRun += 1;
    const mark = `/*tideline ${statementsRun}*/`;
    const stopKilling = killWhenAborted(pool, mark, signal);
    try {
      if (statement.way === 'insert') return await insertBody(session, `${mark} ${statement.sql}`, request.body);
      if (statement.way === 'stream') return await stream(session, `${mark} ${statement.sql}`, request);
      const result = await session.queryAsync(`${mark} ${statement.sql}`, { format: request.defaultFormat });
      if (result.bytes().length > 0) await request.onPiece(result.bytes());
      return { rowsRead: result.rowsRead, bytesRead: result.bytesRead, rowsWritten: 0, bytesWritten: 0 };
    } finally {
      stopKilling();
    }
  });
}

async function stream(session: Session, sql: string, request: StatementRequest): Promise<StatementWork> {
  let rowsRead = 0;
  let bytesRead = 0;
  for await (const chunk of session.queryStream(sql, { format: request.defaultFormat })) {
    rowsRead += chunk.numRows;
    bytesRead += chunk.numBytes;
    await request.onPiece(chunk.raw());
  }
  return { rowsRead, bytesRead, rowsWritten: 0, bytesWritten: 0 };
}

// Repeated until the statement ends: the first KILL can come before the engine has entered it in its list.
function killWhenAborted(pool: SessionPool, mark: string, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const kill = () => {
    pool.kill(mark);
    timer ??= setInterval(kill, KILL_REPEAT_MS);
  };
  if (signal.aborted) kill();
  else signal.addEventListener('abort', kill);
  return () => {
    signal.removeEventListener('abort', kill);
    clearInterval(timer);
  };
}

type RawInsert = (
  connection: unknown,
  sql: string,
  rows: Buffer,
  countLines: boolean,
) => Promise<{ rowsWritten: number; bytesWritten: number }>;

let rawInsert: RawInsert | undefined;

// Session.insert() takes a bare table name and eight formats; its native call underneath takes any INSERT text and reads
// the rows straight from the buffer. The version of chdb is pinned.
function loadRawInsert(): RawInsert {
  const require = createRequire(import.meta.url);
  const { loadNative } = require(join(dirname(require.resolve('chdb')), 'dist/loader.js'));
  return loadNative().InsertRawAsyncConnection;
}

async function insertBody(session: Session, sql: string, body: Buffer): Promise<StatementWork> {
  const work = { rowsRead: 0, bytesRead: 0, rowsWritten: 0, bytesWritten: 0 };
  if (body.length === 0) return work;
  rawInsert ??= loadRawInsert();
  const { rowsWritten, bytesWritten } = await rawInsert(session.connection, sql, body, false);
  return { ...work, rowsWritten, bytesWritten };
}
