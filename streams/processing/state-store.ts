/** Where states live: one Redis hash per kind. Reads in bulk, writes in the commit's transaction. */
import type { Event } from '../events/index.ts';
import type { StateMap, StateMaps } from '../operations/draft.ts';
import { ids } from '../operations/states.ts';
import type { Keys, StateKind } from './keys.ts';
import type { Redis } from './redis.ts';
import { needAlways, needFirst, needSecond } from './states-needed.ts';

/**
 * Raised by every change of what states look like or of what rules make of the same events: states of another shape are
 * made anew from history at the next start. Without a stored number they are of shape 1.
 */
export const stateShape = 6;

/** Fields asked for in one HMGET, so that one reply stays small. */
const FIELDS_PER_READ_MAX = 2_000;

/** Loads states that are not in memory yet; what does not exist is noted as absent. */
export async function loadStates(
  redis: Redis,
  keys: Keys,
  wanted: Map<StateKind, Set<string>>,
  maps: StateMaps,
): Promise<void> {
  const reads: Promise<void>[] = [];
  for (const [kind, ids] of wanted) {
    const states = maps[kind] as StateMap<unknown>;
    const missing = [...ids];
    for (let from = 0; from < missing.length; from += FIELDS_PER_READ_MAX) {
      const fields = missing.slice(from, from + FIELDS_PER_READ_MAX);
      reads.push(
        redis.hmGet(keys.state(kind), fields).then((values) => {
          for (const [index, id] of fields.entries()) {
            const value = values[index];
            states.set(id, value === null || value === undefined ? undefined : JSON.parse(value));
          }
        }),
      );
    }
  }
  await Promise.all(reads);
}

/** Loads everything the events will surely need. */
export async function preload(redis: Redis, keys: Keys, events: Event[], maps: StateMaps): Promise<void> {
  const collect = () => {
    const wanted = new Map<StateKind, Set<string>>();
    const need = (kind: StateKind, id: string) => {
      if (maps[kind].has(id)) return;
      const known = wanted.get(kind);
      if (known === undefined) wanted.set(kind, new Set([id]));
      else known.add(id);
    };
    return { wanted, need };
  };
  const first = collect();
  needAlways(first.need);
  for (const event of events) needFirst(event, first.need);
  await loadStates(redis, keys, first.wanted, maps);
  const second = collect();
  const timeZone = maps.workspace.get(ids.workspace)?.timeZone ?? 'UTC';
  const told = new Set<string>();
  for (const event of events) needSecond(event, maps, timeZone, told, second.need);
  await loadStates(redis, keys, second.wanted, maps);
}
