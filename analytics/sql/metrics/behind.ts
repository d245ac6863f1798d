/** The rows behind a figure, newest first, a page at a time: each with what it adds. */

import type { Term } from '../../kpis/terms.ts';
import type { AskedMeasure, Sum } from '../../metrics/measures.ts';
import type { Plan } from '../../metrics/plan.ts';
import { as, select } from './layout.ts';
import { type Bound, rowsOf } from './rows.ts';
import { type Statement, usedIn } from './statement.ts';
import { rawColumn, wordsOf } from './terms.ts';

/** Where the page before ended: its last moment (ms) and row, and how many rows alike it had there. */
export type Cursor = { at: number; row: string; seen: number };

const stepColumns = ['step', 'order_id', 'line', 'sku', 'channel', 'node', 'country', 'cause', 'quantity', 'amount'];
/** What tells one row of a step from another. */
const stepIdentity = ['seq', 'order_id', 'line', 'step', 'sign', 'cause'];

/** Columns that name the row and the moment are for paging; the others are shown. */
export const pagingColumns: readonly string[] = ['row_moment', 'row_hash'];

/** @param plan of one measure, without dimensions or grain, asked of rows and not of sums */
export function behindStatement(plan: Plan, cursor: Cursor | null, limit: number): Statement {
  const [part] = plan.parts;
  const measure = part!.measures[0]!;
  const words = wordsOf(part!);
  const bound: Bound = {};
  const { from, where } = rowsOf(plan, part!, plan.asked, part!.kind === 'level', bound);
  const adds = addsOf(measure);
  const isOfSteps = measure.rows.from === 'steps';
  const shown = measure.rows.from === 'rows' ? measure.rows.asked.shows : stepColumns;
  const identity = isOfSteps ? stepIdentity : [...shown];
  const moment = words.moment === 'at' && !isOfSteps ? [] : [as(words.moment, 'counted_at')];
  const some =
    adds.length === 0
      ? []
      : [adds.length === 1 ? `${adds[0]!.name} != 0` : `(${adds.map(({ name }) => `${name} != 0`).join(' OR ')})`];
  const hash = `toString(sipHash64(${identity.join(', ')}))`;
  const key = `(toUnixTimestamp64Milli(toDateTime64(${words.moment}, 3, 'UTC')), ${hash})`;
  if (cursor !== null) Object.assign(bound, { before_moment: cursor.at, before_row: cursor.row });
  const page = cursor === null ? [] : [`${key} <= ({before_moment:Int64}, {before_row:String})`];
  const sql = select({
    columns: [
      ...moment,
      ...shown,
      ...(measure.figure.kind === 'quantile' && isOfSteps ? ['duration_ms'] : []),
      ...adds.map(({ name, sql: expression }) => as(expression, name)),
      as(`toUnixTimestamp64Milli(toDateTime64(${words.moment}, 3, 'UTC'))`, 'row_moment'),
      as(hash, 'row_hash'),
    ],
    from,
    where: [...where, ...some, ...page],
    orderBy: ['row_moment DESC', 'row_hash DESC'],
  });
  const offset = cursor === null || cursor.seen === 0 ? '' : `\nOFFSET ${cursor.seen}`;
  const text = `${sql}\nLIMIT ${limit + 1}${offset}`;
  return { sql: text, parameters: usedIn(text, { ...bound, time_zone: plan.situation.timeZone }) };
}

type Adds = { name: string; sql: string }[];

/** What one row adds to the figure; nothing for quantiles, which are no sums. */
export function addsOf({ figure, rows }: AskedMeasure): Adds {
  if (rows.from === 'rows') {
    const { each } = rows.asked;
    if (each === undefined) return [];
    if (typeof each === 'string') return [{ name: 'adds', sql: each }];
    return [
      { name: 'part', sql: each.part },
      { name: 'whole', sql: each.whole },
    ];
  }
  if (figure.kind === 'ratio') {
    return [
      { name: 'part', sql: eachOf(figure.part) },
      { name: 'whole', sql: eachOf(figure.whole) },
    ];
  }
  if (figure.kind === 'quantile') return [];
  return [{ name: 'adds', sql: eachOf(figure.kind === 'count' ? figure.value : figure.change) }];
}

function eachOf(sum: Sum): string {
  if (typeof sum === 'string') return sum;
  return sum
    .map((term) => eachTerm(term))
    .join(' ')
    .replace(/^\+ /, '');
}

function eachTerm({ step, column, sign, causes }: Term): string {
  const among = causes === undefined ? '' : ` AND cause IN (${causes.map((cause) => `'${cause}'`).join(', ')})`;
  return `${sign === -1 ? '-' : '+'} if(step = '${step}'${among}, ${rawColumn(column)}, 0)`;
}
