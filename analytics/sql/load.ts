/** Named statements: one `.sql` file each, so that a statement can be found, read and tried by itself. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const loaded = new Map<string, string>();

export const migrationsDir: string = fileURLToPath(new URL('./migrations', import.meta.url));

/** @param name such as `queries/last-seq`: a file of this folder, read once. @throws when there is none */
export function loadQuery(name: string): string {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const sql = readFileSync(new URL(`./${name}.sql`, import.meta.url), 'utf8');
  loaded.set(name, sql);
  return sql;
}
