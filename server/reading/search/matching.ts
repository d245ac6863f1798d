/** How well something is called what somebody looks for. Pure. */

/** Best first. */
export const matches = ['exact', 'prefix', 'word', 'part'] as const;

/**
 * @param wanted what was typed, in small letters, without spaces around it
 * @param code what it is called in short: a number, an id
 * @param words everything else it is known by, in small letters
 * @returns 0 for the best; null: it is not called so
 */
export function matchOf(wanted: string, code: string, words: string): number | null {
  const short = code.toLowerCase();
  if (short === wanted || words === wanted) return 0;
  if (short.startsWith(wanted)) return 1;
  const parts = wanted.split(/\s+/);
  const all = `${short} ${words}`;
  if (!parts.every((part) => all.includes(part))) return null;
  return parts.every((part) => beginsWord(all, part)) ? 2 : 3;
}

function beginsWord(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!)) return true;
  }
  return false;
}

/** @param over a thing of the past stands behind what is going on */
export type Found<T> = { hit: T; match: number; over: boolean; kind: number };

/** Best first: how well it is called so, then what is going on, then the kind, then by its name. */
export function bestOf<T extends { title: string }>(found: readonly Found<T>[], limit: number): T[] {
  return [...found]
    .sort(
      (a, b) =>
        a.match - b.match ||
        Number(a.over) - Number(b.over) ||
        a.kind - b.kind ||
        (a.hit.title < b.hit.title ? -1 : a.hit.title > b.hit.title ? 1 : 0),
    )
    .slice(0, limit)
    .map(({ hit }) => hit);
}
