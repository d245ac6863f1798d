/** The first rows of an answer of SQL, for a tile: what it does not show is not read. */
import { createRowReader } from '../analyst/read-rows.ts';
import type { StreamWhole } from '../exports/whole.ts';
import type { SqlParameters } from '../http/contract/sql-runs.ts';
import { TILE_ROWS_MAX } from '../live/contract/boards.ts';
import type { TableAnswer } from './question-tiles.ts';

const BYTES_MAX = 256 * 1024;
/** Whoever keeps a board with SQL on it may write SQL; boards ask it by themselves afterwards. */
const boards = { id: 'boards', name: 'boards', role: 'analyst' } as const;

export async function firstRows(
  streamWhole: StreamWhole,
  sql: string,
  parameters: SqlParameters,
  signal: AbortSignal,
): Promise<TableAnswer> {
  const enough = new AbortController();
  const format = 'JSONCompactEachRowWithNamesAndTypes';
  const whole = await streamWhole({
    sql,
    parameters,
    by: boards,
    format,
    signal: AbortSignal.any([signal, enough.signal]),
  });
  const reader = createRowReader({ rowsMax: TILE_ROWS_MAX, bytesMax: BYTES_MAX });
  let cut = false;
  for await (const piece of whole.pieces) {
    cut = reader.take(Buffer.from(piece)) !== null;
    if (cut) break;
  }
  enough.abort();
  const { dataAsOf, eventsBehind } = whole;
  return { table: { columns: reader.columns(), rows: reader.rows(), cut }, dataAsOf, eventsBehind };
}
