/** The rows of an answer as a screen shows them, from the lines the engine writes, up to the limits of a screen. */
import type { SqlRun } from '../http/contract/sql-runs.ts';

export type RowReader = {
  /** @returns the limit that was passed with this piece, if any; what comes after it is not wanted */
  take(piece: Buffer): 'rows' | 'bytes' | null;
  columns(): SqlRun['columns'];
  rows(): SqlRun['rows'];
};
type Cell = SqlRun['rows'][number][number];

/** Lines of `JSONCompactEachRowWithNamesAndTypes`. */
export function createRowReader({ rowsMax, bytesMax }: { rowsMax: number; bytesMax: number }): RowReader {
  let names: string[] | undefined;
  let types: string[] | undefined;
  const rows: Cell[][] = [];
  let kept: Buffer[] = [];
  let bytes = 0;

  function readLine(line: string): void {
    if (line === '') return;
    const values = JSON.parse(line) as unknown[];
    if (names === undefined) names = values as string[];
    else if (types === undefined) types = values as string[];
    else rows.push(values.map((value, at) => cellOf(value, types![at] ?? '')));
  }

  return {
    take(piece) {
      bytes += piece.length;
      let from = 0;
      for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
        kept.push(piece.subarray(from, end));
        from = end + 1;
        if (rows.length >= rowsMax) return 'rows';
        readLine(Buffer.concat(kept).toString('utf8'));
        kept = [];
      }
      kept.push(piece.subarray(from));
      return bytes > bytesMax ? 'bytes' : null;
    },
    columns: () => (names ?? []).map((name, at) => ({ name, type: types?.[at] ?? '' })),
    rows: () => rows,
  };
}

const WHOLE_NUMBER = /^(?:Nullable\(|LowCardinality\()*U?Int64/;

/** Whole numbers of 64 bits come as text, because not all of them are numbers of JavaScript; most are. */
function cellOf(value: unknown, type: string): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  if (WHOLE_NUMBER.test(type) && Number.isSafeInteger(Number(text))) return Number(text);
  return text;
}
