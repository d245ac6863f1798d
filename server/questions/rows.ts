/** The rows behind a figure: steps, movements or changes that make it, newest first. */

import { z } from 'zod';
import { behindStatement, type Cursor, pagingColumns } from '../../analytics/sql/metrics/behind.ts';
import type { RowsAnswer, RowsQuestion } from '../http/contract/questions.ts';
import { Refusal } from '../http/problems.ts';
import { type Asker, parametersOf, planned, type QuestionDeps } from './ask.ts';
import { run } from './run.ts';

type Cell = RowsAnswer['rows'][number][number];

const cursor = z.tuple([z.int(), z.string().regex(/^\d{1,20}$/), z.int().min(0)]);

/** Names of columns in words; `adds` is what the row adds to the figure. */
const words: Record<string, string> = {
  adds: 'Adds',
  part: 'Counted',
  whole: 'Of',
  at: 'At',
  counted_at: 'Counted at',
  order_id: 'Order',
  exception_id: 'Exception',
  sku: 'SKU',
};

export async function rowsBehind(
  deps: QuestionDeps,
  question: RowsQuestion,
  asker: Asker,
  signal?: AbortSignal,
): Promise<RowsAnswer> {
  const { measure, where, over, limit, before } = question;
  const named = { measures: [measure], by: [], grain: 'none', where, over, compare: null } as const;
  const plan = planned(named, asker, deps.situation(), true);
  const from = before === null ? null : readCursor(before);
  const statement = behindStatement(plan, from, limit);
  const { columns, types, rows } = await run(deps.runtime, statement, { signal, times: 'text' });
  const hidden = pagingColumns.map((name) => columns.indexOf(name)) as [number, number];
  const page = rows.slice(0, limit);
  const shown = columns.map((_, index) => index).filter((index) => !hidden.includes(index));
  return {
    columns: shown.map((index) => ({ id: columns[index]!, name: nameOf(columns[index]!), type: types[index]! })),
    rows: page.map((row) => shown.map((index) => row[index] as Cell)),
    next: rows.length > limit ? writeCursor(page, hidden, from) : null,
    sql: statement.sql,
    parameters: parametersOf(statement),
    adds: plan.asking.measures[0]!.figure.kind === 'ratio' ? 'sides' : columns.includes('adds') ? 'sum' : 'none',
  };
}

/** Rows alike at the end of a page are counted, so that none is told twice and none is left out. */
function writeCursor(page: unknown[][], [momentAt, rowAt]: [number, number], from: Cursor | null): string {
  const last = page.at(-1)!;
  const [moment, row] = [Number(last[momentAt]), String(last[rowAt])];
  const alike = page.filter((one) => Number(one[momentAt]) === moment && String(one[rowAt]) === row).length;
  const earlier = from !== null && from.at === moment && from.row === row ? from.seen : 0;
  return Buffer.from(JSON.stringify([moment, row, earlier + alike])).toString('base64url');
}

function readCursor(text: string): Cursor {
  try {
    const [at, row, seen] = cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { at, row, seen };
  } catch {
    throw new Refusal(400, { title: 'Invalid request', detail: '`before` is not the `next` of an earlier page.' });
  }
}

const nameOf = (column: string): string =>
  words[column] ?? (column.charAt(0).toUpperCase() + column.slice(1)).replaceAll('_', ' ');
