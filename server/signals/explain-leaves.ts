/** Reads what an explanation is worked out from: a measure by all of its dimensions, now and in the same hours of earlier weeks. */
import { type Gathered, type GroupRow, gatherLeaves } from '../../analytics/anomalies/explanation/gather-leaves.ts';
import { sameHours } from '../../analytics/anomalies/explanation/same-hours.ts';
import { readRows } from '../../analytics/metrics/answered.ts';
import { isAmong, itemDimensions, stepDimensions, timeDimensions } from '../../analytics/metrics/dimensions.ts';
import type { AskedMeasure } from '../../analytics/metrics/measures.ts';
import { type Asking, type PlanFilter, planOf, type Situation } from '../../analytics/metrics/plan.ts';
import { statementOf } from '../../analytics/sql/metrics/statement.ts';
import { localDayOf, offsetAt } from '../../streams/operations/time-zone.ts';
import { Refusal } from '../http/problems.ts';
import { type Ops, run } from '../questions/run.ts';

const DAY_MS = 86_400_000;
const WEEKS = 6;
/** A level is read as of a moment, over the whole record: each week before is a question of its own. */
const WEEKS_OF_LEVELS = 4;
/** Rows of orders one by one may be many: without an answer by then, only sums are asked. */
const FINE_TIMEOUT_MS = 5_000;

export type LeavesAsked = {
  measure: AskedMeasure;
  where: Readonly<Record<string, string>>;
  /** Epoch ms; `to` not included. */
  from: number;
  to: number;
};
export type ReadLeaves = Gathered & {
  names: string[];
  weeks: number;
  /** How much of the hours of the earlier weeks the window covers. */
  covered: number;
};

/** From the finest to the coarsest dimensions until one is answered in time. */
export async function readLeaves(
  ops: Ops,
  asked: LeavesAsked,
  situation: Situation,
  signal: AbortSignal | undefined,
): Promise<ReadLeaves> {
  const choices = dimensionChoices(asked);
  for (const [at, names] of choices.entries()) {
    const isLast = at === choices.length - 1;
    const limit = isLast ? [] : [AbortSignal.timeout(FINE_TIMEOUT_MS)];
    const given = signal === undefined ? limit : [signal, ...limit];
    try {
      return await readBy(ops, asked, situation, names, given.length === 0 ? undefined : AbortSignal.any(given));
    } catch (error) {
      signal?.throwIfAborted();
      const isTooMuch = error instanceof Refusal || limit.some(({ aborted }) => aborted);
      if (isLast || !isTooMuch) throw error;
    }
  }
  throw new Error('no choice of dimensions');
}

/** Dimensions that may tell parts apart: not those that the series is already of, and none that only says when. */
export function dimensionChoices({ measure, where }: Pick<LeavesAsked, 'measure' | 'where'>): string[][] {
  const fits = measure.dimensions.filter(
    (one) =>
      where[one] === undefined &&
      one !== 'currency' &&
      !isAmong(timeDimensions, one) &&
      !isAmong(stepDimensions, one) &&
      // Every item has one of each: beside the item itself they tell nothing.
      !(where['sku'] !== undefined && isAmong(itemDimensions, one)),
  );
  const coarser = fits.filter((one) => one !== 'sku');
  const coarsest = coarser.filter((one) => !isAmong(itemDimensions, one));
  const choices = [fits, coarser, coarsest];
  return choices.filter((one, at) => at === 0 || one.length < choices[at - 1]!.length);
}

async function readBy(
  ops: Ops,
  asked: LeavesAsked,
  situation: Situation,
  names: string[],
  signal: AbortSignal | undefined,
): Promise<ReadLeaves> {
  const isLevel = asked.measure.figure.kind === 'level';
  const read = isLevel ? readLevels : readFlows;
  const { rows, weeks, covered } = await read(ops, asked, situation, names, signal);
  const sums = asked.measure.figure.kind === 'ratio' ? 2 : 1;
  return { ...gatherLeaves(names, rows, weeks, sums), names, weeks, covered };
}

type Rows = { rows: GroupRow[]; weeks: number; covered: number };

async function readFlows(
  ops: Ops,
  { measure, where, from, to }: LeavesAsked,
  situation: Situation,
  by: string[],
  signal: AbortSignal | undefined,
): Promise<Rows> {
  const hours = sameHours({ from, to }, WEEKS, situation.timeZone);
  const filters = filtersOf(where);
  const ask = (asking: Pick<Asking, 'grain' | 'over' | 'where'>) =>
    rowsOf(ops, { measures: [measure], by, compare: null, ...asking }, situation, signal);
  const inHours: PlanFilter[] = [
    ...filters,
    { dimension: 'weekday', is: 'in', values: hours.weekdays },
    ...(hours.hours.length === 0 ? [] : [{ dimension: 'hour-of-day', is: 'in', values: hours.hours } as const]),
  ];
  const now = await ask({ grain: 'none', over: { from, to }, where: filters });
  const earlier = await ask({ grain: 'day', over: hours.over, where: inHours });
  const rows = earlier.flatMap(({ at, ...row }): GroupRow[] => {
    const week = hours.weekOf(at);
    return week === null ? [] : [{ ...row, week }];
  });
  return { rows: [...now.map((row) => ({ ...row, week: 0 })), ...rows], weeks: WEEKS, covered: hours.covered };
}

/** As it stood at the end of the window, and at the same time of earlier weeks. */
async function readLevels(
  ops: Ops,
  { measure, where, to }: LeavesAsked,
  situation: Situation,
  by: string[],
  signal: AbortSignal | undefined,
): Promise<Rows> {
  const rows: GroupRow[] = [];
  for (let week = 0; week <= WEEKS_OF_LEVELS; week++) {
    const at = sameTime(to, -7 * week, situation.timeZone);
    const over = { from: at - 60_000, to: at };
    const asking = { measures: [measure], by, compare: null, grain: 'none', over, where: filtersOf(where) } as const;
    for (const row of await rowsOf(ops, asking, situation, signal)) rows.push({ ...row, week });
  }
  return { rows, weeks: WEEKS_OF_LEVELS, covered: 1 };
}

async function rowsOf(ops: Ops, asking: Asking, situation: Situation, signal: AbortSignal | undefined) {
  const plan = planOf(asking, situation);
  const [measure] = plan.asking.measures;
  const columns =
    measure!.figure.kind === 'ratio' ? [`${measure!.column}_part`, `${measure!.column}_whole`] : [measure!.column];
  const groups = readRows(plan, plan.asked, await run(ops, statementOf(plan), { signal }));
  return [...groups.values()].flatMap(({ group, cells }) =>
    [...cells].map(([at, sums]) => ({
      group: group.map((value) => value ?? ''),
      at: plan.asked.starts[at]!,
      sums: columns.map((column) => sums[column] ?? 0),
    })),
  );
}

const filtersOf = (where: LeavesAsked['where']): PlanFilter[] =>
  Object.entries(where).map(([dimension, value]) => ({ dimension, is: 'in', values: [value] }));

/** The same time by the clock, so many days later. */
function sameTime(at: number, days: number, zone: string): number {
  const guess = at + days * DAY_MS;
  const moved = guess + offsetAt(zone, at) - offsetAt(zone, guess);
  return localDayOf(zone, moved) === localDayOf(zone, at) + days ? moved : guess;
}
