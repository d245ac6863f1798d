/** All states of one kind in the order of their ids, for lists that are paged. Read when asked and old. */
import type { Redis } from '../../streams/processing/redis.ts';

const OLD_AFTER_MS = 5_000;
const FIELDS_PER_SCAN = 1_000;

type Entry<S> = { id: string; state: S };

/** @param key of the hash that holds the states, as JSON */
export function createStateIndex<S>(redis: Redis, key: string, now: () => number) {
  let built: { at: number; entries: Promise<Entry<S>[]> } | undefined;

  async function build(): Promise<Entry<S>[]> {
    // A scan may name a field twice.
    const found = new Map<string, S>();
    let cursor = '0';
    do {
      const page = await redis.hScan(key, cursor, { COUNT: FIELDS_PER_SCAN });
      cursor = page.cursor;
      for (const { field, value } of page.entries) found.set(field, JSON.parse(value) as S);
    } while (cursor !== '0');
    return [...found].map(([id, state]) => ({ id, state })).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  function entries(): Promise<Entry<S>[]> {
    if (built === undefined || now() - built.at > OLD_AFTER_MS) {
      const fresh = build();
      built = { at: now(), entries: fresh };
      fresh.catch(() => {
        built = undefined;
      });
    }
    return built.entries;
  }

  return {
    /**
     * @param cursor the id after which to go on; empty for the beginning
     * @returns with `next`, where to go on; null at the end
     */
    async page(
      cursor: string,
      limit: number,
      fits: (state: S) => boolean,
    ): Promise<{ items: S[]; next: string | null }> {
      const found = (await entries()).filter(({ id, state }) => id > cursor && fits(state));
      const chosen = found.slice(0, limit);
      return { items: chosen.map(({ state }) => state), next: found.length > limit ? chosen.at(-1)!.id : null };
    },
  };
}
