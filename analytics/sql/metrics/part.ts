/** One part of a question as a SELECT: sums, levels or quantiles of the same rows, per bucket and group. */

import { columnOf } from '../../metrics/dimensions.ts';
import type { AskedMeasure, Sum } from '../../metrics/measures.ts';
import { endOf, type Frame, type Part, type Plan } from '../../metrics/plan.ts';
import { as, bracketed, indented, select } from './layout.ts';
import { type Bound, nameOf, rowsOf } from './rows.ts';
import { allBuckets, bucketOf, parameter, type RowWords, stepsOfPart, sumOf, wordsOf } from './terms.ts';

/** Columns of a measure that add up over groups, and how its figure follows from them. */
export type Columns = { sums: readonly { name: string; value: Sum }[]; final: string | null };

export function columnsOf({ column, figure }: AskedMeasure): Columns {
  if (figure.kind === 'ratio') {
    const [part, whole] = [`${column}_part`, `${column}_whole`];
    const times = figure.times > 1 ? `${figure.times} * ` : '';
    const unit = figure.times < 1 ? ` / ${Math.round(1 / figure.times)}` : '';
    return {
      sums: [
        { name: part, value: figure.part },
        { name: whole, value: figure.whole },
      ],
      final: `if(${whole} > 0, ${times}${part} / ${whole}${unit}, NULL) AS ${column}`,
    };
  }
  const value = figure.kind === 'count' ? figure.value : figure.kind === 'level' ? figure.change : figure.of;
  return { sums: [{ name: column, value }], final: null };
}

/** A SELECT, and the named ones it reads from. */
export type Text = { select: string; named: readonly (readonly [name: string, select: string])[] };

/** @param finals whether rates are worked out here, as nothing else is joined to them. @param suffix of the names it gives */
export function partSelect(
  plan: Plan,
  part: Part,
  frame: Frame,
  bound: Bound,
  { finals, suffix }: { finals: boolean; suffix: string },
): Text {
  if (part.kind === 'level') return levels(plan, part, frame, bound, suffix);
  const only = part.kind === 'quantile' ? quantiles(plan, part, frame, bound) : sums(plan, part, frame, bound, finals);
  return { select: only, named: [] };
}

function sums(plan: Plan, part: Part, frame: Frame, bound: Bound, finals: boolean): string {
  const words = wordsOf(part);
  const { from, where } = rowsOf(plan, part, frame, false, bound);
  const keys = keysOf(plan);
  return select({
    columns: [
      ...keyColumns(plan, words, words.moment),
      ...part.measures.flatMap((measure) => aggregates(part, measure, words)),
      ...(finals ? part.measures.flatMap((measure) => columnsOf(measure).final ?? []) : []),
    ],
    from,
    where,
    groupBy: keys,
  });
}

function aggregates(part: Part, measure: AskedMeasure, words: RowWords): string[] {
  const isMixed = measure.money && !part.measures.every(({ money }) => money);
  const condition = isMixed ? 'currency = {workspace_currency:String}' : undefined;
  return columnsOf(measure).sums.map(({ name, value }) =>
    as(typeof value === 'string' ? value : words.sum(value, condition), name),
  );
}

/** What changed up to the end of each bucket, added up; what came before the first one counts into it. */
function levels(plan: Plan, part: Part, frame: Frame, bound: Bound, suffix: string): Text {
  const words = wordsOf(part);
  const { grain } = plan.asking;
  const { from, where } = rowsOf(plan, part, frame, true, bound);
  const changes = (moment: string) =>
    select({
      columns: [
        ...keyColumns(plan, words, moment),
        ...part.measures.flatMap((measure) => aggregates(part, measure, words)),
      ],
      from,
      where,
      groupBy: keysOf(plan),
    });
  if (grain === 'none') return { select: changes(words.moment), named: [] };
  const name = `changes${suffix}`;
  const [bucket, ...groups] = keysOf(plan) as [string, ...string[]];
  const columns = part.measures.map(({ column }) => column);
  bound[nameOf(frame, 'buckets')] = frame.starts.filter(
    (start) => start < endOf(part, frame) && start <= plan.situation.now,
  ).length;
  const empty = [as(allBuckets(grain, frame), bucket), ...groups, ...columns.map((name) => as('NULL', name))];
  const filled =
    groups.length === 0
      ? `SELECT\n${indented(empty.join(',\n'))}`
      : select({ columns: empty, from: `(SELECT DISTINCT ${groups.join(', ')} FROM ${name})` });
  const over = `OVER (${groups.length === 0 ? '' : `PARTITION BY ${groups.join(', ')} `}ORDER BY ${bucket})`;
  const running = select({
    columns: [bucket, ...groups, ...columns.map((name) => as(`sum(sum(${name})) ${over}`, name))],
    from: bracketed(`SELECT *\nFROM ${name}\nUNION ALL\n${filled}`),
    groupBy: [bucket, ...groups],
  });
  const first = `greatest(${words.moment}, ${parameter(frame, 'from')})`;
  return { select: running, named: [[name, changes(first)]] };
}

/** Durations are counted per bucket of the histogram and ranked by the middle of it, as they are live. */
function quantiles(plan: Plan, part: Part, frame: Frame, bound: Bound): string {
  const words = wordsOf(part);
  const { rows, figure } = part.measures[0]!;
  const found = rowsOf(plan, part, frame, false, bound);
  const keys = keysOf(plan);
  const isOfSteps = rows.from === 'steps';
  const isCounted = part.source.from === 'roll-ups';
  const weight = weightOf(part, isCounted);
  const duration = figure.kind === 'quantile' && typeof figure.of === 'string' ? figure.of : 'duration_floor';
  const counts = select({
    columns: [
      ...keyColumns(plan, words, words.moment),
      as(isCounted ? 'begins_at' : duration, 'begins_at'),
      as(weight, 'weight'),
    ],
    from: found.from,
    ...(isCounted ? { join: histogram } : {}),
    where: found.where,
    groupBy: [...keys, 'begins_at'],
    having: 'weight > 0',
  });
  const ms = isOfSteps ? '(begins_at + greatest(begins_at, toInt64(floor(begins_at * 1.04)) - 1)) / 2' : 'begins_at';
  return select({
    columns: [
      ...keys,
      ...part.measures.map(({ column, figure: { ...asked } }) => {
        if (asked.kind !== 'quantile') throw new Error(`${column} is no quantile`);
        return `quantileExactWeighted(${asked.share})(${ms}, toUInt64(weight))${asked.unitMs === 1 ? '' : ` / ${asked.unitMs}`} AS ${column}`;
      }),
    ],
    from: bracketed(counts),
    groupBy: keys,
    ...(keys.length === 0 ? { having: 'count() > 0' } : {}),
  });
}

/** How many cases; those of a term that is taken off, or of a step taken back, count against. */
function weightOf({ measures }: Part, isCounted: boolean): string {
  const { figure, rows } = measures[0]!;
  if (rows.from === 'rows')
    return rows.asked.figure.kind === 'quantile' ? `sum(${rows.asked.figure.weight ?? '1'})` : '';
  if (figure.kind !== 'quantile' || typeof figure.of === 'string') return '';
  return sumOf(figure.of, stepsOfPart(measures).length === 1, () => (isCounted ? 'times' : 'sign'));
}

/** The histogram names each bucket by the ms at which it begins; steps of no duration are what is left of them. */
const histogram = `ARRAY JOIN
    arrayPushBack(mapKeys(durations), 0) AS begins_at,
    arrayPushBack(mapValues(durations), steps - arraySum(mapValues(durations))) AS times`;

/** The bucket, called after its grain, and the groups. */
export function keysOf({ asking: { grain, by } }: Plan): string[] {
  return [...(grain === 'none' ? [] : [grain]), ...by.map(columnOf)];
}

function keyColumns({ asking: { grain, by } }: Plan, words: RowWords, moment: string): string[] {
  return [
    ...(grain === 'none' ? [] : [as(bucketOf(grain, moment), grain)]),
    ...by.map((dimension) => as(words.dimension(dimension), columnOf(dimension))),
  ];
}
