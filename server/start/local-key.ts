/** The ingest key that a server keeps for commands on the same machine, readable by its own user only. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from '../access/index.ts';

export const localKeyFile = (dataDir: string): string => join(dataDir, 'run', 'local-key');

export function readLocalKey(dataDir: string): string | null {
  const file = localKeyFile(dataDir);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** Makes the key when there is none, or when this workspace does not know the one that is there. */
export async function keepLocalKey(access: Access, dataDir: string): Promise<void> {
  const known = readLocalKey(dataDir);
  if (known !== null && (await access.authenticateKey(known)) !== undefined) return;
  const { text } = await access.createKey('this machine', { source: '*', scope: 'ingest' });
  writeFileSync(localKeyFile(dataDir), `${text}\n`, { mode: 0o600 });
}
