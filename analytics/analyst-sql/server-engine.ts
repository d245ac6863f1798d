/** Questions of analysts on a ClickHouse server, as a user who may read the views and change nothing, not even settings. */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type HistoryClient, queryRows } from '../clickhouse/client.ts';
import { asEngineError, EngineError, QUERY_WAS_CANCELLED } from '../clickhouse/embedded/engine-error.ts';
import { loadQuery } from '../sql/load.ts';
import type { AnalystColumn, AnalystEngine, Estimate, ReadFrom } from './engine.ts';
import { describe, estimateOf } from './lab/lab-engine.ts';

const PROGRESS_EVERY_MS = 500;
/** A server marks what went wrong after the first rows at the end of them, in no more bytes than this. */
const MARK_BYTES_MAX = 20_000;
const MARK = '\r\n__exception__\r\n';

export function openServerEngine(deps: {
  /** Whose current database is that of the views. Its limits are those of its profile. */
  analyst: HistoryClient;
  readFrom: () => Promise<ReadFrom>;
}): AnalystEngine {
  const { analyst } = deps;

  async function within<T>(signal: AbortSignal, work: (queryId: string) => Promise<T>): Promise<T> {
    const queryId = `tideline-analyst-${randomUUID()}`;
    // A server goes on with a question whose asker left, unless it is told: both ways, as far as it may be.
    const kill = () => void queryRows(analyst, loadQuery('analyst/kill'), { queryId }).catch(() => undefined);
    signal.addEventListener('abort', kill);
    try {
      return await work(queryId);
    } catch (error) {
      if (signal.aborted) throw new EngineError(QUERY_WAS_CANCELLED, 'QUERY_WAS_CANCELLED', 'Query was cancelled.');
      throw serverError(error);
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  return {
    run: ({ canonical, person, format, signal, onStart, onProgress, onPiece }) =>
      within(signal, async (queryId) => {
        onStart?.(await deps.readFrom());
        const look = async () => {
          const [found] = await queryRows<Record<string, string>>(analyst, loadQuery('analyst/progress'), { queryId });
          if (found === undefined) return;
          const [rowsRead, bytesRead, rowsToRead, memoryBytes] = Object.values(found).map(Number);
          onProgress?.({
            rowsRead: rowsRead!,
            bytesRead: bytesRead!,
            rowsToRead: rowsToRead!,
            memoryBytes: memoryBytes!,
          });
        };
        const looking = setInterval(() => void look().catch(() => undefined), PROGRESS_EVERY_MS);
        try {
          const query = `${canonical} FORMAT ${format}`;
          const http_headers = { 'X-ClickHouse-Quota': person };
          const { stream } = await analyst.exec({ query, query_id: queryId, abort_signal: signal, http_headers });
          await pass(stream, onPiece);
        } finally {
          clearInterval(looking);
        }
      }),
    estimate: (canonical, msMax) => {
      const signal = AbortSignal.timeout(msMax);
      return within(signal, async (queryId): Promise<Estimate | null> => {
        type Table = Record<'rows' | 'marks' | 'parts', string>;
        const tables = await queryRows<Table>(analyst, estimateOf(canonical), {}, { signal, queryId });
        const sum = (of: keyof Table) => tables.reduce((total, table) => total + Number(table[of]), 0);
        return tables.length === 0 ? null : { rows: sum('rows'), marks: sum('marks'), parts: sum('parts') };
      });
    },
    columns: (canonical, signal) =>
      within(signal, async (queryId) => {
        const rows = await queryRows<AnalystColumn>(analyst, describe(canonical), {}, { signal, queryId });
        return rows.map(({ name, type }) => ({ name, type }));
      }),
    status: () => ({ kind: 'server', words: 'on the ClickHouse server, as a user of their own', lacks: [] }),
    stop: () => analyst.close(),
  };
}

/** The end is held back until it is known to be rows. */
async function pass(stream: Readable, onPiece: (piece: Buffer) => Promise<void> | void): Promise<void> {
  let kept: Buffer = Buffer.alloc(0);
  for await (const piece of stream as AsyncIterable<Buffer>) {
    kept = Buffer.concat([kept, piece]);
    if (kept.length <= MARK_BYTES_MAX) continue;
    await onPiece(kept.subarray(0, kept.length - MARK_BYTES_MAX));
    kept = kept.subarray(kept.length - MARK_BYTES_MAX);
  }
  const at = kept.lastIndexOf(`${MARK}`);
  const begin = at < 0 ? -1 : kept.lastIndexOf(MARK, at - 1);
  if (at >= 0 && kept.subarray(at).length <= MARK.length && begin >= 0)
    throw asEngineError(kept.subarray(begin).toString());
  if (kept.length > 0) await onPiece(kept);
}

/** The client names the number and the type of an exception; a line that broke has neither. */
function serverError(error: unknown): EngineError {
  const { code, type, message } = error as { code?: string; type?: string; message?: string };
  if (error instanceof EngineError) return error;
  if (/^\d+$/.test(code ?? '')) return new EngineError(Number(code), type ?? 'UNKNOWN', message ?? '');
  return new EngineError(1_002, 'NOT_REACHED', 'The ClickHouse server does not answer analysts right now.');
}
