/** What a document of settings would change, and what in it is not understood. Pure. */
import type { SettingsChange } from '../http/contract/settings.ts';

type Json = unknown;
const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Fields that were given and that checking has dropped because nothing knows them: a typing error must not look like
 * a setting that holds.
 * @returns paths such as `nodes.0.cutoff`
 */
export function unknownFields(given: Json, checked: Json, path = ''): string[] {
  const at = (name: string | number) => (path === '' ? String(name) : `${path}.${name}`);
  if (Array.isArray(given) && Array.isArray(checked)) {
    return given.flatMap((entry, index) => unknownFields(entry, checked[index], at(index)));
  }
  if (!isObject(given) || !isObject(checked)) return [];
  return Object.entries(given).flatMap(([name, value]) =>
    Object.hasOwn(checked, name) ? unknownFields(value, checked[name], at(name)) : [at(name)],
  );
}

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
