/** What statements of a question answered, by group and bucket. */
import type { Frame, Plan } from './plan.ts';

export type Group = readonly (string | null)[];
/** Rows as columns: what a statement of the plan answered. */
export type Answered = { columns: readonly string[]; rows: readonly (readonly unknown[])[] };
/** The same question without buckets: quantiles do not add up. By group, and over all of them. */
export type Wholes = { byGroup: Answered | null; all: Answered | null };

export type Sums = Record<string, number | null>;
/** By bucket of a frame. */
export type Cells = Map<number, Sums>;
export type Groups = Map<string, { group: Group; cells: Cells }>;

const DAY_SLACK_MS = 6 * 3_600_000;

export function readRows(plan: Plan, frame: Frame, { columns, rows }: Answered): Groups {
  const { by, grain } = plan.asking;
  const periodAt = columns.indexOf('period');
  const firstKey = periodAt + 1;
  const firstGroup = firstKey + (grain === 'none' ? 0 : 1);
  const firstSum = firstGroup + by.length;
  const groups: Groups = new Map();
  for (const row of rows) {
    if (periodAt >= 0 && row[periodAt] !== frame.name) continue;
    const at = grain === 'none' ? 0 : bucketAt(frame, grain, Number(row[firstKey]) * 1_000);
    if (at < 0) continue;
    const group = row.slice(firstGroup, firstSum).map((value) => (value === null ? '' : String(value)));
    const key = group.join('\u0001');
    const known = groups.get(key) ?? { group, cells: new Map() };
    groups.set(key, known);
    known.cells.set(at, sumsOf(columns, row, firstSum));
  }
  return groups;
}

/** The bucket that begins at a moment; where a day has no midnight, engine and calendar may differ by an hour. */
function bucketAt({ starts }: Frame, grain: string, at: number): number {
  const slack = grain === 'minute' || grain === 'hour' ? 0 : DAY_SLACK_MS;
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= at + slack) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function sumsOf(columns: readonly string[], row: readonly unknown[], from: number): Sums {
  const sums: Sums = {};
  for (let at = from; at < columns.length; at++) sums[columns[at]!] = row[at] === null ? null : Number(row[at]);
  return sums;
}

export function readWholes(plan: Plan, answered: Answered | null): Map<string, Sums> {
  const wholes = new Map<string, Sums>();
  if (answered === null) return wholes;
  const { columns, rows } = answered;
  const periodAt = columns.indexOf('period');
  for (const row of rows) {
    const keys = columns.length - plan.asking.measures.filter(({ figure }) => figure.kind === 'quantile').length;
    const group = row.slice(periodAt + 1, keys).map((value) => (value === null ? '' : String(value)));
    wholes.set(`${periodAt < 0 ? 'asked' : row[periodAt]}|${group.join('\u0001')}`, sumsOf(columns, row, keys));
  }
  return wholes;
}
