/** Finds the line that a later row takes back: same values, not taken back before, young enough; the newest first. */
import type { Values } from './fields.ts';
import type { Line } from './templates.ts';

export const REVERSIBLE_MAX = 1_000_000;

export type Reversals = {
  /** @param placed the group that the line belongs to: windows are measured from its time, which may still move */
  remember: (line: Line, placed: { readonly time: number }) => void;
  /** The line, marked as reversed; or null. */
  find: (values: Values, time: number) => Line | null;
  /** Forgets what no row at or after `time` can reverse any more. */
  forget: (time: number) => void;
};

/** @param same places of the values that must be equal; an empty one never matches */
export function createReversals(same: readonly number[], withinMs: number): Reversals {
  type Entry = { line: Line; placed: { readonly time: number }; key: string };
  const byKey = new Map<string, Entry[]>();
  const byAge: (Entry | null)[] = [];
  let forgotten = 0;

  const keyOf = (values: Values): string | null => {
    let key = '';
    for (const at of same) {
      const value = values[at] ?? null;
      if (value === null) return null;
      key += `${typeof value === 'object' ? `${value.units}e${value.scale}` : value}\u0000`;
    }
    return key;
  };
  const drop = () => {
    const entry = byAge[forgotten]!;
    byAge[forgotten++] = null;
    const entries = byKey.get(entry.key);
    const at = entries?.indexOf(entry) ?? -1;
    if (at >= 0) entries!.splice(at, 1);
    if (entries?.length === 0) byKey.delete(entry.key);
    if (forgotten > 10_000 && forgotten * 2 > byAge.length) {
      byAge.splice(0, forgotten);
      forgotten = 0;
    }
  };
  return {
    remember(line, placed) {
      const key = keyOf(line.values);
      if (key === null) return;
      const entry = { line, placed, key };
      const entries = byKey.get(key);
      if (entries === undefined) byKey.set(key, [entry]);
      else entries.push(entry);
      byAge.push(entry);
      if (byAge.length - forgotten > REVERSIBLE_MAX) drop();
    },
    find(values, time) {
      const key = keyOf(values);
      const entries = key === null ? undefined : byKey.get(key);
      if (entries === undefined) return null;
      for (let at = entries.length - 1; at >= 0; at--) {
        const entry = entries[at]!;
        if (entry.placed.time > time) continue;
        if (time - entry.placed.time >= withinMs) return null;
        entries.splice(at, 1);
        entry.line.reversed = true;
        return entry.line;
      }
      return null;
    },
    forget(time) {
      while (forgotten < byAge.length && time - byAge[forgotten]!.placed.time >= withinMs) drop();
    },
  };
}
