/** Who and what can be told right now. */
import type { Access } from '../access/index.ts';
import { type AlertChannels, hearsAcknowledgement } from './channels/index.ts';
import type { Directory } from './routing/resolve-recipients.ts';

/** Whoever left, and whatever channel was switched off, is told nothing more after this. */
const KEPT_MS = 5_000;

/** @returns reads it, at most every few seconds */
export function openDirectory(deps: {
  access: Pick<Access, 'listAccounts'>;
  channels: Pick<AlertChannels, 'list'>;
  now: () => number;
}): () => Promise<Directory> {
  let known: { at: number; directory: Directory } | undefined;
  return async () => {
    if (known !== undefined && deps.now() < known.at + KEPT_MS) return known.directory;
    const [accounts, { items, mailFrom }] = await Promise.all([deps.access.listAccounts(), deps.channels.list(false)]);
    const directory: Directory = {
      people: new Map(accounts.map(({ email, name, role, disabled }) => [email, { email, name, role, disabled }])),
      channels: new Map(
        items.map(({ id, name, on, kind }) => [id, { id, name, on, hearsAcknowledgement: hearsAcknowledgement(kind) }]),
      ),
      mail: mailFrom !== null,
    };
    known = { at: deps.now(), directory };
    return directory;
  };
}
