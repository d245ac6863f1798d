/** Logs in states: ids in order, a page per state, so that adding one rewrites a short list however long the log is. */
import type { Draft } from './draft.ts';

/** Entries on one page. */
export const PAGE_ENTRIES = 100;
/** Pages are kept this long after their first entry; what they name goes with them. */
export const PAGE_KEPT_MS = 90 * 86_400_000;

export type LogName = 'actions' | 'instructions' | 'availability';

/** @param number the place of an entry, from 1 */
export const pageOf = (log: LogName, number: number): string => `${log}|${Math.floor((number - 1) / PAGE_ENTRIES)}`;

/**
 * @param clock the source whose clock tells when the page has grown old
 * @returns the place of the new entry, from 1 and without holes
 */
export function appendEntry(draft: Draft, log: LogName, id: string, clock: string, at: number): number {
  const number = (draft.get('counter', log)?.last ?? 0) + 1;
  draft.put('counter', log, { last: number });
  const page = pageOf(log, number);
  const known = draft.get('log-page', page);
  if (known === undefined) draft.setDeadline(clock, 'log-page', page, at + PAGE_KEPT_MS);
  draft.put('log-page', page, { ids: [...(known?.ids ?? []), id] });
  return number;
}
