/** For files that are not in the order of time (`file.sorted: false`): all rows in memory, oldest first. */
import { compileFields } from './fields.ts';
import type { Row } from './map-rows.ts';
import type { Mapping } from './mapping.ts';
import type { Unreadable } from './read-rows.ts';

export const SORTED_ROWS_MAX = 5_000_000;

/** Rows of one time stay in the order of the file. A row that is too short, or without a readable time, comes first, to be rejected. */
export async function sortRows(
  rows: AsyncIterable<Row | Unreadable>,
  header: readonly string[],
  mapping: Mapping,
): Promise<(Row | Unreadable)[]> {
  const timeFields = compileFields({ [mapping.time]: mapping.fields[mapping.time]! }, header);
  const timed: { time: number; row: Row | Unreadable }[] = [];
  for await (const row of rows) {
    if (timed.length >= SORTED_ROWS_MAX)
      throw new Error(`more than ${SORTED_ROWS_MAX} rows cannot be sorted here: sort the file`);
    const isWhole = 'cells' in row && row.cells.length === header.length;
    const values = 'missing' in timeFields || !isWhole ? { problem: '' } : timeFields.read(row.cells);
    timed.push({ time: 'problem' in values ? Number.NEGATIVE_INFINITY : (values[0] as number), row });
  }
  return timed.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).map(({ row }) => row);
}
