/** What people said of an exception: was it worth telling? Nothing of its condition or of the work on it changes. */
import type { EventOf } from '../events/index.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import type { ExceptionRating } from '../operations/exception-state.ts';

/** People whose rating is kept on an exception that stands; history keeps all. */
const RATINGS_MAX = 50;
const NUMBER = /^EX-([1-9]\d{0,14})$/;

/** It may come after the end, or when another one stands in its place: then only history keeps it. */
export function rated(draft: Draft, event: EventOf<'exception.rated'>): void {
  const { exception, number, by, useful, reason = '' } = event.data;
  const counted = Number(NUMBER.exec(number)?.[1] ?? Number.POSITIVE_INFINITY);
  if (counted > (draft.get('counter', 'exceptions')?.last ?? 0)) {
    throw new Refused(`there never was an exception ${number}`);
  }
  const known = draft.get('exception', exception);
  if (known?.id !== number) return;
  const before = known.ratings ?? [];
  // What somebody said later holds, in whatever order it arrives.
  if (before.some((one) => one.by === by && one.at > event.occurredAt)) return;
  const rating: ExceptionRating = { by, at: event.occurredAt, useful, reason };
  const ratings = [...before.filter((one) => one.by !== by), rating].slice(-RATINGS_MAX);
  draft.put('exception', exception, { ...known, ratings });
}
