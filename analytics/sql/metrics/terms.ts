/** What a question names, as SQL: buckets, dimensions, filters and sums of steps, over roll-ups, steps or a view. */
import { quoted, stepsOf, type Term } from '../../kpis/terms.ts';
import type { Grain } from '../../metrics/calendar.ts';
import { columnOf } from '../../metrics/dimensions.ts';
import type { AskedMeasure } from '../../metrics/measures.ts';
import type { Frame, Part, Plan, PlanFilter } from '../../metrics/plan.ts';

const ZONE = '{time_zone:String}';

/** The start of the bucket that holds a moment, as a time of the workspace's zone. Weeks begin on Monday. */
export function bucketOf(grain: Grain, moment: string): string {
  const start = {
    none: '',
    minute: `toStartOfMinute(${moment}, ${ZONE})`,
    hour: `toStartOfHour(${moment}, ${ZONE})`,
    day: `toStartOfDay(${moment}, ${ZONE})`,
    week: `toDateTime(toStartOfWeek(${moment}, 1, ${ZONE}), ${ZONE})`,
    month: `toDateTime(toStartOfMonth(${moment}, ${ZONE}), ${ZONE})`,
    quarter: `toDateTime(toStartOfQuarter(${moment}, ${ZONE}), ${ZONE})`,
    year: `toDateTime(toStartOfYear(${moment}, ${ZONE}), ${ZONE})`,
  };
  return start[grain];
}

/** All buckets of a frame, one row each. */
export function allBuckets(grain: Exclude<Grain, 'none'>, frame: Frame): string {
  const add = `add${grain.charAt(0).toUpperCase()}${grain.slice(1)}s`;
  const first = `toDateTime(${parameter(frame, 'from')}, ${ZONE})`;
  return `arrayJoin(arrayMap(n -> ${add}(${first}, n), range(${parameterName(frame, 'buckets', 'UInt32')})))`;
}

export const parameter = (frame: Frame, name: string): string => parameterName(frame, name, `DateTime('UTC')`);
export const parameterName = (frame: Frame, name: string, type: string): string =>
  `{${frame.name === 'compared' ? 'compared_' : ''}${name}:${type}}`;

export type RowWords = {
  /** When a row counts. */
  moment: string;
  /** The column of a dimension. */
  dimension(id: string): string;
  /** An aggregate of terms. */
  sum(terms: readonly Term[], condition?: string): string;
};

const rawColumns: Record<string, string> = {
  steps: 'sign',
  on_time: 'sign * ifNull(at <= ship_by, true)',
  filled: 'sign * (short = 0)',
};
export const rawColumn = (column: string): string => rawColumns[column] ?? `sign * ${column}`;
const rawMoments = {
  step: 'at',
  promise: 'assumeNotNull(ship_by)',
  overdue: 'greatest(at, assumeNotNull(ship_by) + INTERVAL 1 MILLISECOND)',
};
const stepColumns: Record<string, string> = { 'order-source': 'source' };

/** How the rows of a part name things. */
export function wordsOf({ measures, source }: Part): RowWords {
  const { rows } = measures[0]!;
  if (rows.from === 'rows') {
    const { moment, dimensions } = rows.asked;
    return { moment, dimension: timeOr(moment, (id) => dimensions[id] ?? columnOf(id)), sum: () => '' };
  }
  const isRaw = source.from === 'steps';
  const moment = isRaw ? rawMoments[rows.clock] : 'at';
  const steps = stepsOfPart(measures);
  return {
    moment,
    dimension: timeOr(moment, (id) => stepColumns[id] ?? columnOf(id)),
    sum: (terms, condition) => sumOf(terms, steps.length === 1, isRaw ? rawColumn : (column) => column, condition),
  };
}

const timeOr =
  (moment: string, other: (id: string) => string) =>
  (id: string): string => {
    if (id === 'weekday') return `toString(toDayOfWeek(${moment}, 0, ${ZONE}))`;
    if (id === 'hour-of-day') return `toString(toHour(${moment}, ${ZONE}))`;
    return other(id);
  };

export function stepsOfPart(measures: readonly AskedMeasure[]): string[] {
  return stepsOf(
    measures.flatMap(({ figure }) => termsOf(figure).flatMap((sum) => (typeof sum === 'string' ? [] : sum))),
  );
}

function termsOf(figure: AskedMeasure['figure']) {
  if (figure.kind === 'ratio') return [figure.part, figure.whole];
  return [figure.kind === 'count' ? figure.value : figure.kind === 'level' ? figure.change : figure.of];
}

/** @param only whether all rows are of one step, which then need not be named again */
export function sumOf(
  terms: readonly Term[],
  only: boolean,
  column: (name: string) => string,
  condition?: string,
): string {
  const parts = terms.map((term) => {
    const tests = [
      ...(only ? [] : [`step = '${term.step}'`]),
      ...(term.causes === undefined ? [] : [`cause IN (${quoted(term.causes)})`]),
      ...(condition === undefined ? [] : [condition]),
    ];
    const sum =
      tests.length === 0 ? `sum(${column(term.column)})` : `sumIf(${column(term.column)}, ${tests.join(' AND ')})`;
    return `${term.sign === -1 ? '- ' : '+ '}${sum}`;
  });
  return parts.join(' ').replace(/^\+ /, '');
}

/** Filters as conditions; their values are parameters called after the dimension. */
export function conditionsOf({ asking }: Plan, words: RowWords): string[] {
  return asking.where.map((filter, index) => {
    const test = filter.is === 'in' ? 'IN' : 'NOT IN';
    return `${words.dimension(filter.dimension)} ${test} {${filterName(asking.where, index)}:Array(String)}`;
  });
}

export function filterName(where: readonly PlanFilter[], index: number): string {
  const { dimension, is } = where[index]!;
  const earlier = where.slice(0, index).filter((one) => one.dimension === dimension && one.is === is).length;
  return `${is === 'in' ? '' : 'not_'}${columnOf(dimension)}${earlier === 0 ? '' : `_${earlier + 1}`}`;
}
