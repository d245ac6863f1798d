/** Reading the logs that states keep, a page at a time. */

import type { LogPage } from '../../streams/operations/actions/instruction-state.ts';
import { type LogName, PAGE_ENTRIES, pageOf } from '../../streams/operations/paged-log.ts';
import type { Counter } from '../../streams/operations/states.ts';
import type { Keys, StateKind } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

export async function readStates<S>(redis: Redis, keys: Keys, kind: StateKind, ids: readonly string[]): Promise<S[]> {
  if (ids.length === 0) return [];
  const values = await redis.hmGet(keys.state(kind), [...ids]);
  return values.flatMap((value) => (value === null || value === undefined ? [] : [JSON.parse(value) as S]));
}

/** The place of the newest entry; 0 when the log is empty. */
export async function lastNumber(redis: Redis, keys: Keys, log: LogName): Promise<number> {
  const [counter] = await readStates<Counter>(redis, keys, 'counter', [log]);
  return counter?.last ?? 0;
}

/**
 * The entries of the page that holds the last entry before a place, in order.
 * @returns with `from`, the place of the first of them
 */
export async function readEntriesBefore(redis: Redis, keys: Keys, log: LogName, before: number) {
  const page = pageOf(log, before - 1);
  const [known] = await readStates<LogPage>(redis, keys, 'log-page', [page]);
  return { ids: known?.ids ?? [], from: firstOf(before - 1) };
}

const firstOf = (number: number): number => Math.floor((number - 1) / PAGE_ENTRIES) * PAGE_ENTRIES + 1;

/**
 * Entries after a place, in order, from at most so many pages.
 * @returns with `reached`, how far that went, and `last`, the place of the newest entry
 */
export async function readEntriesAfter(redis: Redis, keys: Keys, log: LogName, after: number, pagesMax: number) {
  const last = await lastNumber(redis, keys, log);
  const firsts: number[] = [];
  for (let first = firstOf(after + 1); first <= last && firsts.length < pagesMax; first += PAGE_ENTRIES) {
    firsts.push(first);
  }
  const pages = firsts.map((first) => pageOf(log, first));
  const values = pages.length === 0 ? [] : await redis.hmGet(keys.state('log-page'), pages);
  const entries = values.flatMap((value, index) => {
    // A page that has grown old is gone: its places are passed over.
    const { ids } = value ? (JSON.parse(value) as LogPage) : { ids: [] };
    return ids.map((id, place) => ({ number: firsts[index]! + place, id })).filter(({ number }) => number > after);
  });
  const end = firsts.length === 0 ? after : firsts.at(-1)! + PAGE_ENTRIES - 1;
  return { entries, reached: Math.max(after, Math.min(last, end)), last };
}
