/** Names to addresses the machine's own way: its file of hosts, and the name servers it was given. */
import { type LookupAddress, lookup as lookupByThread } from 'node:dns';

export type Lookup = (host: string) => Promise<LookupAddress[]>;

/** A look-up occupies a thread that files and passwords need too, for as long as a silent name server takes. */
const LOOKUPS_AT_ONCE_MAX = 2;
const LOOKUPS_WAITING_MAX = 100;

let looking = 0;
const waiting: (() => void)[] = [];

/** Every address of a name; of the whole process, two names at a time. */
export const lookupInTurn: Lookup = async (host) => {
  if (looking < LOOKUPS_AT_ONCE_MAX) looking += 1;
  else if (waiting.length < LOOKUPS_WAITING_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
  else throw Object.assign(new Error('too many names are being looked up'), { code: 'EBUSY' });
  try {
    return await new Promise((resolve, reject) => {
      lookupByThread(host, { all: true, order: 'verbatim' }, (error, found) =>
        error === null ? resolve(found) : reject(error),
      );
    });
  } finally {
    // Whoever waits takes the place over.
    const next = waiting.shift();
    if (next === undefined) looking -= 1;
    else next();
  }
};
