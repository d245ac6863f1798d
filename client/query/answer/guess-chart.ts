/** Which columns of an answer to SQL are drawn, unless somebody says otherwise. Pure. */
import type { Sheet, SheetColumn } from './sheet.ts';

export type ChartColumns = { x: string; y: string; series: string };

/** Beyond that, lines of one colour are a carpet. */
const SERIES_MAX = 60;
const CATEGORIES_MAX = 200;

/**
 * Time goes from left to right, else a column of words, else whatever comes first; the first number that is not it goes
 * up; and a column of few words parts the lines.
 * @returns null where nothing can be drawn: no number, or one row
 */
export function guessChart(sheet: Sheet): ChartColumns | null {
  const { columns, rows } = sheet;
  if (rows.length < 2) return null;
  const time = columns.find(({ kind }) => kind === 'time');
  const words = columns.filter(({ kind }) => kind === 'text' || kind === 'truth');
  const numbers = columns.filter(({ kind }) => kind === 'number');
  const x = time ?? words[0] ?? (numbers.length > 1 ? numbers[0] : undefined);
  // A number that comes before the words it belongs to is still a figure; keys by number are the exception.
  const y = numbers.find((column) => column !== x);
  if (x === undefined || y === undefined) return null;
  if (time === undefined && distinct(sheet, x) > CATEGORIES_MAX) return null;
  const series = words.find((column) => column !== x && isFew(sheet, column));
  return { x: x.id, y: y.id, series: series?.id ?? '' };
}

/** What was chosen where it is still there, the guess for the rest. */
export function chartColumns(sheet: Sheet, chosen: Record<string, string>): ChartColumns | null {
  const guess = guessChart(sheet);
  const known = (id: string | undefined) => sheet.columns.some((column) => column.id === id);
  const x = known(chosen['x']) ? chosen['x']! : guess?.x;
  const y = known(chosen['y']) ? chosen['y']! : guess?.y;
  if (x === undefined || y === undefined) return null;
  const series = chosen['series'] === '' ? '' : known(chosen['series']) ? chosen['series']! : (guess?.series ?? '');
  return { x, y, series: series === x || series === y ? '' : series };
}

function isFew(sheet: Sheet, column: SheetColumn): boolean {
  const count = distinct(sheet, column);
  return count > 1 && count <= SERIES_MAX && count < sheet.rows.length;
}

function distinct({ columns, rows }: Sheet, column: SheetColumn): number {
  const place = columns.indexOf(column);
  return new Set(rows.map((row) => row[place])).size;
}
