/** What would be different when a setting becomes another: told by the server before it imports, and by the page before it saves. */
import type { SettingsChange } from './settings.ts';

type Json = unknown;
const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param before what holds now; undefined when there is no such thing. @returns null when nothing changes */
export function changeOf(part: string, id: string, before: Json, after: Json): SettingsChange | null {
  const fields = fieldChanges(before ?? {}, after, '');
  if (fields.length === 0) return null;
  return { part, id, change: before === undefined ? 'added' : 'changed', fields };
}

/** Lists are compared as a whole: what moved within them says little. */
function fieldChanges(before: Json, after: Json, path: string): SettingsChange['fields'] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => fieldChanges(before[name], after[name], path === '' ? name : `${path}.${name}`));
  }
  return sameJson(before, after) ? [] : [{ path, before: before ?? null, after: after ?? null }];
}

const sameJson = (a: Json, b: Json): boolean => canonical(a) === canonical(b);

/** The order of keys in an object says nothing. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, entry: Json) =>
    isObject(entry) ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))) : entry,
  );
}
