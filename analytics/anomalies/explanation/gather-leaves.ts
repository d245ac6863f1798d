/** Rows of groups and weeks as leaves: few enough values per dimension, and only dimensions that tell anything apart. */
import type { LeafDimension } from './leaves.ts';

/** Of a dimension with more values the largest are kept; the others are one. */
export const VALUES_MAX = 300;
/** Stands for values that are too many to be told one by one. */
export const OTHERS = '\u0000others';

/** A group at one time: 0 is the window itself, 1 the week before, 2 the one before that. */
export type GroupRow = { group: readonly string[]; week: number; sums: readonly number[] };
export type Gathered = {
  dimensions: LeafDimension[];
  codes: Int32Array[];
  /** By sum, by week: one value per leaf. */
  columns: Float64Array[][];
};

/** @param names of the dimensions, in the order of each group. @param sums how many sums each row has */
export function gatherLeaves(
  names: readonly string[],
  rows: readonly GroupRow[],
  weeks: number,
  sums: number,
): Gathered {
  const kept = names.map((_, at) => largestValues(rows, at));
  const telling = names.map((_, at) => at).filter((at) => kept[at]!.size > 1);
  const codesOf = telling.map((at) => new Map([...kept[at]!].sort().map((value, code) => [value, code])));
  const places = new Map<string, number>();
  const codes: number[][] = telling.map(() => []);
  const found = rows.map(({ group }) => {
    const own = telling.map((at, index) => codesOf[index]!.get(group[at]!) ?? codesOf[index]!.get(OTHERS)!);
    const key = own.join();
    const known = places.get(key);
    if (known !== undefined) return known;
    const place = places.size;
    places.set(key, place);
    for (const [index, code] of own.entries()) codes[index]!.push(code);
    return place;
  });
  const columns = Array.from({ length: sums }, () =>
    Array.from({ length: weeks + 1 }, () => new Float64Array(places.size)),
  );
  for (const [at, { week, sums: values }] of rows.entries()) {
    for (const [index, value] of values.entries()) {
      const column = columns[index]![week]!;
      column[found[at]!] = column[found[at]!]! + value;
    }
  }
  return {
    dimensions: telling.map((at, index) => ({ name: names[at]!, values: [...codesOf[index]!.keys()] })),
    codes: codes.map((list) => Int32Array.from(list)),
    columns,
  };
}

function largestValues(rows: readonly GroupRow[], at: number): Set<string> {
  const weights = new Map<string, number>();
  for (const { group, sums } of rows) {
    weights.set(group[at]!, (weights.get(group[at]!) ?? 0) + Math.abs(sums.at(-1) ?? 0));
  }
  if (weights.size <= VALUES_MAX) return new Set(weights.keys());
  const largest = [...weights].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, VALUES_MAX - 1);
  return new Set([...largest.map(([value]) => value), OTHERS]);
}
