/** What is selected: single ones, ranges, all in the filter. Pure; a selection is replaced, never changed. */
export type Selection = ReadonlySet<string>;

export function toggled(selection: Selection, id: string): Selection {
  const next = new Set(selection);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Adds everything between two places of the list, both included. */
export function withRange(selection: Selection, ids: readonly string[], from: string, to: string): Selection {
  const places = [ids.indexOf(from), ids.indexOf(to)].filter((place) => place >= 0);
  if (places.length === 0) return selection;
  const [first, last] = [Math.min(...places), Math.max(...places)];
  return new Set([...selection, ...ids.slice(first, last + 1)]);
}

/** Without what is no longer there. The same selection when nothing is missing, so that nothing is drawn again. */
export function kept(selection: Selection, isThere: (id: string) => boolean): Selection {
  const left = [...selection].filter(isThere);
  return left.length === selection.size ? selection : new Set(left);
}
