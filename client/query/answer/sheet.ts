/** An answer as rows and columns, whoever gave it: what tables, pivots, files for the clipboard and free charts are made of. Pure. */

import type { z } from 'zod';
import type { cell } from '../../../server/http/contract/questions.ts';
import type { SqlRun } from '../../../server/http/contract/sql-runs.ts';
import type { Unit } from '../../formats/quantities.ts';
import { dimensionName, grainWords, measureName } from '../question-words.ts';
import { type DrawnAnswer, type Named, valueName } from './drawn.ts';

export type Cell = z.infer<typeof cell>;
export type ColumnKind = 'time' | 'number' | 'truth' | 'text';
export type SheetColumn = {
  id: string;
  name: string;
  kind: ColumnKind;
  /** As the engine calls it, or empty. */
  type: string;
  /** Of a measure; numbers without one are written as they are. */
  unit: Unit | null;
};
export type Sheet = { columns: SheetColumn[]; rows: Cell[][] };
export type Order = { column: number; descending: boolean };

/** `LowCardinality(Nullable(String))` is text. */
export function kindOf(type: string): ColumnKind {
  const inner = /^(?:LowCardinality|Nullable|SimpleAggregateFunction\(\w+,\s*)\(?(.*?)\)?$/.exec(type)?.[1];
  if (inner !== undefined && inner !== type) return kindOf(inner);
  if (/^(U?Int|Float|BFloat|Decimal)/.test(type)) return 'number';
  if (/^(Date|DateTime)/.test(type)) return 'time';
  return type === 'Bool' ? 'truth' : 'text';
}

export function sheetOfRun({ columns, rows }: Pick<SqlRun, 'columns' | 'rows'>): Sheet {
  const kinds = columns.map(({ type }) => kindOf(type));
  return {
    columns: columns.map(({ name, type }, place) => ({ id: name, name, type, kind: kinds[place]!, unit: null })),
    rows: rows.map((row) => row.map((value, place) => (kinds[place] === 'number' ? numberOf(value) : value))),
  };
}

/** Numbers of 64 bits come as text; those a browser cannot hold exactly stay so. */
function numberOf(value: Cell): Cell {
  if (typeof value !== 'string') return value;
  const number = Number(value);
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return value.trim() !== '' && isExact ? number : value;
}

/** One row for each group and bucket, one column for each measure, and what each is compared with. */
export function sheetOfAnswer(answer: DrawnAnswer, askable: Named | null): Sheet {
  const { by, grain, measures, compare } = answer.question;
  const measureColumns = measures.flatMap((id) => {
    const unit = (askable?.measures.find((one) => one.id === id)?.unit ?? 'count') as Unit;
    const column = { id, name: measureName(askable, id), kind: 'number' as const, type: '', unit };
    return compare === null ? [column] : [column, { ...column, id: `${id} before`, name: `${column.name}, before` }];
  });
  const timed = grain !== 'none';
  const columns: SheetColumn[] = [
    ...by.map((id) => ({ id, name: dimensionName(askable, id), kind: 'text' as const, type: '', unit: null })),
    ...(timed ? [{ id: 'time', name: grainWords[grain], kind: 'time' as const, type: '', unit: null }] : []),
    ...measureColumns,
  ];
  const rows = new Map<string, Cell[]>();
  const widths = compare === null ? 1 : 2;
  const first = by.length + (timed ? 1 : 0);
  for (const series of answer.series) {
    const place = first + measures.indexOf(series.measure) * widths;
    const put = (at: number | null, value: number | null, offset: number) => {
      const key = JSON.stringify([series.group, at]);
      let row = rows.get(key);
      if (row === undefined) {
        row = columns.map((): Cell => null);
        series.group.forEach((name, index) => {
          row![index] = valueName(by[index], name);
        });
        if (at !== null) row[by.length] = at;
        rows.set(key, row);
      }
      row[place + offset] = value;
    };
    if (timed) {
      for (const [at, value] of series.points) put(at, value, 0);
      for (const [at, value] of (compare !== null && series.compared?.points) || []) put(at, value, 1);
    } else {
      put(null, series.total, 0);
      if (compare !== null && series.compared !== null) put(null, series.compared.total, 1);
    }
  }
  return { columns, rows: [...rows.values()] };
}

/** Nothing stands behind everything, whichever way it goes. */
export function sorted(rows: readonly Cell[][], order: Order | null): readonly Cell[][] {
  if (order === null) return rows;
  const { column, descending } = order;
  return [...rows].sort((a, b) => {
    const [left, right] = [a[column] ?? null, b[column] ?? null];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    const way =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right), 'en', { numeric: true });
    return descending ? -way : way;
  });
}

/** As a spreadsheet takes it from the clipboard: tabs between cells; what would end a cell is a space. */
export function asTsv({ columns, rows }: Sheet): string {
  const text = (value: Cell) => (value === null ? '' : String(value).replaceAll(/[\t\r\n]+/g, ' '));
  const timed = columns.map(({ kind }) => kind === 'time');
  const lines = rows.map((row) =>
    row.map((value, place) => (timed[place] && typeof value === 'number' ? isoOf(value) : text(value))).join('\t'),
  );
  return [columns.map(({ name }) => text(name)).join('\t'), ...lines].join('\n');
}

const isoOf = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
