/** What in a document of settings is not understood. Pure. */
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
