/** Rows by columns: one figure for each pair of values. Pure. */
import type { Cell, Sheet, SheetColumn } from './sheet.ts';

export type PivotColumns = { row: string; column: string; value: string };
export type Pivot = {
  value: SheetColumn;
  rowName: string;
  rowColumn: SheetColumn;
  columnColumn: SheetColumn | null;
  columns: Cell[];
  rows: { name: Cell; cells: (number | null)[]; total: number | null }[];
  /** Pairs that stand there more than once are added up; of a share that would be nonsense, and it is said. */
  summed: boolean;
  columnsLeftOut: number;
};

const COLUMNS_MAX = 60;

/** Words down, time or other words across, the first figure inside. */
export function guessPivot({ columns }: Sheet): PivotColumns | null {
  const value =
    columns.find(({ kind, unit }) => kind === 'number' && unit !== null) ??
    columns.findLast(({ kind }) => kind === 'number');
  const keys = columns.filter((column) => column !== value && column.kind !== 'number');
  const row = keys.find(({ kind }) => kind !== 'time') ?? keys[0];
  if (value === undefined || row === undefined) return null;
  const column = keys.find((one) => one !== row);
  return { row: row.id, column: column?.id ?? '', value: value.id };
}

export function pivotOf(sheet: Sheet, { row, column, value }: PivotColumns): Pivot | null {
  const place = (id: string) => sheet.columns.findIndex((one) => one.id === id);
  const [rowAt, columnAt, valueAt] = [place(row), place(column), place(value)];
  if (rowAt < 0 || valueAt < 0) return null;
  const across = columnAt < 0 ? [] : unique(sheet.rows.map((cells) => cells[columnAt] ?? null));
  if (columnAt >= 0 && sheet.columns[columnAt]!.kind === 'time') across.sort(byTime);
  const shown = across.slice(0, COLUMNS_MAX);
  const placeOf = new Map(shown.map((name, index) => [name, index]));
  const lines = new Map<Cell, { cells: (number | null)[]; total: number | null }>();
  const seen = new Set<string>();
  let summed = false;
  for (const cells of sheet.rows) {
    const name = cells[rowAt] ?? null;
    const figure = cells[valueAt];
    const line = lines.get(name) ?? { cells: shown.map(() => null), total: null };
    lines.set(name, line);
    const key = JSON.stringify([name, columnAt < 0 ? null : cells[columnAt]]);
    if (seen.has(key)) summed = true;
    seen.add(key);
    if (typeof figure !== 'number') continue;
    line.total = (line.total ?? 0) + figure;
    const at = columnAt < 0 ? undefined : placeOf.get(cells[columnAt] ?? null);
    if (at !== undefined) line.cells[at] = (line.cells[at] ?? 0) + figure;
  }
  return {
    value: sheet.columns[valueAt]!,
    rowName: sheet.columns[rowAt]!.name,
    rowColumn: sheet.columns[rowAt]!,
    columnColumn: sheet.columns[columnAt] ?? null,
    columns: shown,
    rows: [...lines].map(([name, line]) => ({ name, ...line })),
    summed,
    columnsLeftOut: across.length - shown.length,
  };
}

const unique = (values: Cell[]): Cell[] => [...new Set(values)];
const byTime = (a: Cell, b: Cell): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1;
