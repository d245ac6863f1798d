/** Rows of a question folded into series and totals, with the same arithmetic for every figure. */

import {
  type Answered,
  type Cells,
  type Group,
  type Groups,
  readRows,
  readWholes,
  type Sums,
  type Wholes,
} from './answered.ts';
import { timeDimensions } from './dimensions.ts';
import type { AskedMeasure } from './measures.ts';
import type { Frame, Plan } from './plan.ts';

export type Point = [at: number, figure: number | null];
export type FoldedSeries = {
  measure: AskedMeasure;
  group: Group;
  points: Point[];
  total: number | null;
  compared: { points: Point[]; total: number | null } | null;
};
export type Folded = {
  series: FoldedSeries[];
  totals: { measure: AskedMeasure; total: number | null; compared: number | null }[];
  groupsLeftOut: number;
};

/** When the record of a measure begins, in epoch ms; infinite while there is none. */
export type RecordStarts = (measure: AskedMeasure) => number;

export function fold(plan: Plan, answered: Answered, wholes: Wholes, first: RecordStarts, groupsMax: number): Folded {
  const { by, measures } = plan.asking;
  const frames = [plan.asked, ...(plan.compared === null ? [] : [plan.compared])];
  const read = new Map(frames.map((frame) => [frame.name, readRows(plan, frame, answered)]));
  const asked = read.get('asked')!;
  const compared = read.get('compared') ?? new Map();
  if (by.length === 0 && asked.size === 0) asked.set('', { group: [], cells: new Map() });
  const wholeOf = readWholes(plan, wholes.byGroup);
  const whole = readWholes(plan, wholes.all);
  const first_ = measures[0]!;
  const weight = (key: string) =>
    Math.abs(totalOf(plan, first_, plan.asked, asked.get(key)?.cells, wholeOf, key, first) ?? 0);
  const keys = [...new Set([...asked.keys(), ...compared.keys()])];
  const ranked = rankedBy(by, keys, weight, (key) => (asked.get(key) ?? compared.get(key))!.group);
  const shown = ranked.slice(0, groupsMax);
  const left = ranked.slice(groupsMax);
  const series = measures.flatMap((measure) =>
    shown.map((key) => seriesOf(plan, measure, key, asked.get(key), compared.get(key), wholeOf, first)),
  );
  if (left.length > 0) {
    const rest = (groups: Groups) => ({
      group: by.map(() => null),
      cells: added(left.map((key) => groups.get(key)?.cells)),
    });
    for (const measure of measures) {
      series.push(
        seriesOf(plan, measure, REST, rest(asked), plan.compared ? rest(compared) : undefined, new Map(), first),
      );
    }
  }
  const all = {
    asked: added(keys.map((key) => asked.get(key)?.cells)),
    compared: added(keys.map((key) => compared.get(key)?.cells)),
  };
  return {
    series,
    totals: measures.map((measure) => ({
      measure,
      total: totalOf(plan, measure, plan.asked, all.asked, whole, '', first),
      compared: plan.compared === null ? null : totalOf(plan, measure, plan.compared, all.compared, whole, '', first),
    })),
    groupsLeftOut: left.length,
  };
}

const REST = '\u0000rest';

/** Largest first; hours and weekdays in their own order. */
function rankedBy(
  by: readonly string[],
  keys: string[],
  weight: (key: string) => number,
  groupOf: (key: string) => Group,
): string[] {
  const hasTime = by.some((one) => (timeDimensions as readonly string[]).includes(one));
  const compare = (a: string, b: string): number => {
    const [left, right] = [groupOf(a), groupOf(b)];
    for (const [index, value] of left.entries()) {
      const order = (value ?? '').localeCompare(right[index] ?? '', 'en', { numeric: true });
      if (order !== 0) return order;
    }
    return 0;
  };
  if (hasTime) return keys.sort(compare);
  const weights = new Map(keys.map((key) => [key, weight(key)]));
  return keys.sort((a, b) => weights.get(b)! - weights.get(a)! || compare(a, b));
}

function seriesOf(
  plan: Plan,
  measure: AskedMeasure,
  key: string,
  asked: { group: Group; cells: Cells } | undefined,
  compared: { group: Group; cells: Cells } | undefined,
  wholes: Map<string, Sums>,
  first: RecordStarts,
): FoldedSeries {
  const { starts } = plan.asked;
  const then = plan.compared;
  const cells = compared?.cells ?? new Map();
  const moved = then === null ? [] : figuresOf(plan, measure, then, cells, first);
  return {
    measure,
    group: asked?.group ?? compared!.group,
    points: figuresOf(plan, measure, plan.asked, asked?.cells ?? new Map(), first).map(
      (figure, at): Point => [starts[at]!, figure],
    ),
    total: totalOf(plan, measure, plan.asked, asked?.cells, wholes, key, first),
    compared:
      then === null
        ? null
        : {
            points: starts.map((start, at): Point => [start, moved[at] ?? null]),
            total: totalOf(plan, measure, then, cells, wholes, key, first),
          },
  };
}

/** A figure per bucket: counts are 0 within the record, rates null without anything to divide by, levels go on. */
function figuresOf(
  plan: Plan,
  measure: AskedMeasure,
  frame: Frame,
  cells: Cells,
  first: RecordStarts,
): (number | null)[] {
  let level: number | null = null;
  const since = first(measure);
  return frame.starts.map((start, at) => {
    if (start > plan.situation.now || start >= frame.until) return null;
    const { figure } = measure;
    const sums = hides(measure, frame, at, since) ? undefined : cells.get(at);
    if (figure.kind === 'level') {
      level = sums?.[measure.column] ?? level;
      return level ?? (figure.emptyIsZero && isRecorded(frame, at, since) ? 0 : null);
    }
    if (sums !== undefined) {
      const value = figureOf(measure, sums);
      if (value !== null || figure.kind !== 'count') return value;
    }
    return figure.kind === 'count' && isRecorded(frame, at, since) ? 0 : null;
  });
}

/** What is told since then only looks like nothing before: half of a rate was not told yet. */
const hides = ({ kpi, figure }: AskedMeasure, frame: Frame, at: number, since: number): boolean =>
  kpi.recordedSince !== undefined && figure.kind !== 'level' && !isRecorded(frame, at, since);

const isRecorded = ({ starts, span }: Frame, at: number, first: number): boolean => (starts[at + 1] ?? span.to) > first;

/** From the sums of a bucket, or of all of them. */
export function figureOf({ column, figure }: AskedMeasure, sums: Sums): number | null {
  if (figure.kind !== 'ratio') return sums[column] ?? null;
  const [part, whole] = [sums[`${column}_part`] ?? 0, sums[`${column}_whole`] ?? 0];
  return whole > 0 ? (figure.times * part) / whole : null;
}

/** Of all rows, never of points: a rate's is sum by sum, a level's the last known, a quantile's is asked for by itself. */
function totalOf(
  plan: Plan,
  measure: AskedMeasure,
  frame: Frame,
  cells: Cells | undefined,
  wholes: Map<string, Sums>,
  key: string,
  first: RecordStarts,
): number | null {
  const { figure, column } = measure;
  if (figure.kind === 'level')
    return figuresOf(plan, measure, frame, cells ?? new Map(), first).findLast((one) => one !== null) ?? null;
  if (figure.kind === 'quantile') {
    if (plan.asking.grain === 'none' && wholes.size === 0) return cells?.get(0)?.[column] ?? null;
    return wholes.get(`${frame.name}|${key}`)?.[column] ?? null;
  }
  const since = first(measure);
  const known = [...(cells ?? new Map<number, Sums>())]
    .filter(([at]) => frame.starts[at]! <= plan.situation.now && !hides(measure, frame, at, since))
    .map(([, sums]) => sums);
  const names = figure.kind === 'ratio' ? [`${column}_part`, `${column}_whole`] : [column];
  const sums = addUp(known, names);
  const value = figureOf(measure, sums);
  if (value !== null || figure.kind === 'ratio') return value;
  return frame.starts.some((start, at) => start <= plan.situation.now && isRecorded(frame, at, since)) ? 0 : null;
}

function added(all: readonly (Cells | undefined)[]): Cells {
  const sum: Cells = new Map();
  for (const cells of all) {
    for (const [at, sums] of cells ?? []) {
      const known = sum.get(at);
      sum.set(at, known === undefined ? sums : addUp([known, sums], Object.keys({ ...known, ...sums })));
    }
  }
  return sum;
}

/** Nothing at all is null, which is not zero. */
function addUp(all: readonly Sums[], names: readonly string[]): Sums {
  const sum: Sums = {};
  for (const name of names) {
    sum[name] = all.reduce((total: number | null, one) => {
      const value = one[name] ?? null;
      return value === null ? total : (total ?? 0) + value;
    }, null);
  }
  return sum;
}
