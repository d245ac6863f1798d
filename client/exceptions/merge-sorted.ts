/** Merges few into very many: a search for each of the few instead of a comparison with each of the many. Pure. */
export function mergeSorted<T>(many: readonly T[], few: readonly T[], compare: (a: T, b: T) => number): T[] {
  const merged: T[] = [];
  let from = 0;
  for (const one of few) {
    const place = placeOf(one, many, from, compare);
    for (let at = from; at < place; at += 1) merged.push(many[at]!);
    merged.push(one);
    from = place;
  }
  for (let at = from; at < many.length; at += 1) merged.push(many[at]!);
  return merged;
}

/** The first place at or after `from` whose element comes after `one`. */
function placeOf<T>(one: T, many: readonly T[], from: number, compare: (a: T, b: T) => number): number {
  let [low, high] = [from, many.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(many[middle]!, one) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
