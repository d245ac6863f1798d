/**
 * What lists need of all states of one kind, kept in memory: read as a whole once, then brought up to date by notices.
 * A list of sixty thousand stock records would take seconds if it were read anew for every question.
 */
import type { Notice } from '../../streams/processing/commit.ts';
import type { Keys, StateKind } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const FIELDS_PER_SCAN = 1_000;
const IDS_PER_READ = 1_000;
/** More changes than this since the last question, and everything is read anew. */
const CHANGED_MAX = 50_000;

export type KeptStates<E> = { entries(): Promise<ReadonlyMap<string, E>> };

/**
 * @param follow hands over every notice from now on
 * @param entryOf what is kept of one state; null keeps nothing of it
 * @param renewal when to read everything anew because entries depend on the time or on other states too
 */
export function keepStates<S, E>(
  { redis, keys }: { redis: Redis; keys: Keys },
  follow: (follower: (notice: Notice | null) => void) => void,
  kind: StateKind,
  entryOf: (state: S, id: string) => E | null,
  renewal?: { everyMs: number; now: () => number },
): KeptStates<E> {
  let readAllAt = 0;
  const kept = new Map<string, E>();
  let changed: Set<string> | '*' = '*';
  let reading: Promise<void> | undefined;

  follow((notice) => {
    const ids = notice === null ? '*' : notice.changed[kind];
    if (ids === undefined || changed === '*') return;
    if (ids === '*' || changed.size > CHANGED_MAX) changed = '*';
    else for (const id of ids) changed.add(id);
  });

  function keep(id: string, text: string | null | undefined): void {
    const entry = text === null || text === undefined ? null : entryOf(JSON.parse(text) as S, id);
    if (entry === null) kept.delete(id);
    else kept.set(id, entry);
  }

  async function readAll(): Promise<void> {
    const gone = new Set(kept.keys());
    let cursor = '0';
    do {
      const page = await redis.hScan(keys.state(kind), cursor, { COUNT: FIELDS_PER_SCAN });
      cursor = page.cursor;
      for (const { field, value } of page.entries) {
        keep(field, value);
        gone.delete(field);
      }
    } while (cursor !== '0');
    for (const id of gone) kept.delete(id);
    readAllAt = renewal?.now() ?? 0;
  }

  async function readSome(ids: string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += IDS_PER_READ) {
      const some = ids.slice(start, start + IDS_PER_READ);
      const texts = await redis.hmGet(keys.state(kind), some);
      for (const [index, id] of some.entries()) keep(id, texts[index]);
    }
  }

  async function catchUp(): Promise<void> {
    const taken = changed;
    changed = new Set();
    try {
      if (taken === '*') await readAll();
      else await readSome([...taken]);
    } catch (error) {
      changed = '*';
      throw error;
    }
  }

  return {
    async entries() {
      // Who asks while another reads waits for that one, and then for what changed meanwhile.
      while (reading !== undefined) await reading.catch(() => undefined);
      if (renewal !== undefined && renewal.now() - readAllAt > renewal.everyMs) changed = '*';
      if (changed === '*' || changed.size > 0) {
        reading = catchUp();
        await reading.finally(() => {
          reading = undefined;
        });
      }
      return kept;
    },
  };
}
