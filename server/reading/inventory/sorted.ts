/** A page out of many things in some order, without sorting all of them. */

export type Place = { value: number | string | null; id: string };

/** Nothing to compare by comes last, whichever way is up; equals stand by their ids. */
export function comparePlaces(direction: 'up' | 'down') {
  const sign = direction === 'up' ? 1 : -1;
  return (a: Place, b: Place): number => {
    if (a.value !== b.value) {
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      return a.value < b.value ? -sign : sign;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  };
}

/** The first `limit` things behind a place. The cursor is a place, not a thing: it holds when that is gone. */
export function pageAfter<T extends Place>(
  things: Iterable<T>,
  { after, direction, limit }: { after: Place | null; direction: 'up' | 'down'; limit: number },
): { items: T[]; next: string | null } {
  const compare = comparePlaces(direction);
  const best: T[] = [];
  for (const thing of things) {
    if (after !== null && compare(thing, after) <= 0) continue;
    if (best.length > limit && compare(thing, best[limit]!) >= 0) continue;
    let [low, high] = [0, best.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(best[middle]!, thing) < 0) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, thing);
    if (best.length > limit + 1) best.pop();
  }
  const items = best.slice(0, limit);
  const last = items.at(-1);
  return { items, next: best.length > limit && last !== undefined ? cursorOf(last) : null };
}

const cursorOf = ({ value, id }: Place): string => Buffer.from(JSON.stringify([value, id])).toString('base64url');

/** @throws RangeError when it is none of ours */
export function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [Place['value'], string];
    if (typeof id === 'string' && (value === null || ['number', 'string'].includes(typeof value))) return { value, id };
  } catch {
    // Told below.
  }
  throw new RangeError('the cursor is not one that an earlier page ended with');
}
