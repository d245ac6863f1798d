/** What people say of one exception, and what came of it. */
import { randomUUID } from 'node:crypto';
import { lastOfException } from '../../analytics/clickhouse/queries/exception-changes.ts';
import { ratingsOfException } from '../../analytics/clickhouse/queries/learning.ts';
import { claims } from '../../analytics/learning/outcomes.ts';
import { type Event, eventCatalog } from '../../streams/events/index.ts';
import { nameOf } from '../../streams/exceptions/inhibition.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import { appendAndWait } from '../actions/append.ts';
import type { Outcome, RatedAnswer, RatingsAnswer } from '../http/contract/learning.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { readKnown } from './known.ts';

const HOUR_MS = 3_600_000;

/** An exception by its number and as `kind:subject`; `at` is when something last happened to it, null while it stands. */
type Named = { number: string; exception: string; since: number; at: number | null };

/** @param open as it stands, where it does */
async function find(runtime: Runtime, open: OpenException | undefined, name: string): Promise<Named | null> {
  if (open !== undefined && open.id !== '') {
    return { number: open.id, exception: nameOf(open), since: open.since, at: null };
  }
  const last = await reachable(lastOfException(runtime.history, name));
  if (last === undefined) return null;
  return { number: last.number, exception: `${last.kind}:${last.subject}`, since: last.since, at: last.at };
}

/** @returns null when there never was one of this name, or when history has not come to it yet */
export async function rate(
  runtime: Runtime,
  open: OpenException | undefined,
  asked: { name: string; useful: boolean; reason?: string | undefined; by: string; now: number },
): Promise<RatedAnswer | null> {
  const named = await find(runtime, open, asked.name);
  if (named === null) return null;
  const { number, exception } = named;
  const { by, now, useful, reason = '' } = asked;
  const event = { id: `rating:${randomUUID()}`, source: OWN_SOURCE, occurredAt: now, observedAt: now, receivedAt: now };
  const data = eventCatalog['exception.rated'].parse({ exception, by, number, useful, reason });
  const applied = await appendAndWait(runtime.redis, runtime.keys, {
    ...event,
    type: 'exception.rated',
    data,
  } as Event);
  return { number, exception, applied, rating: { by, at: now, useful, reason } };
}

/** @param now business time. @returns null when there never was one of this name */
export async function ratingsOf(
  runtime: Runtime,
  open: OpenException | undefined,
  name: string,
  now: number,
): Promise<RatingsAnswer | null> {
  const named = await find(runtime, open, name);
  if (named === null) return null;
  const { number, exception } = named;
  const cut = exception.indexOf(':');
  const of = { number, kind: exception.slice(0, cut), subject: exception.slice(cut + 1) };
  const said = open?.ratings?.toReversed() ?? (await reachable(ratingsOfException(runtime.history, of)));
  const items = said.map(({ by, at, useful, reason }) => ({ by, at, useful, reason }));
  return { number, exception, items, ...(await outcomeOf(runtime, named, of.kind, now)) };
}

async function outcomeOf(runtime: Runtime, { number, since, at }: Named, kind: string, now: number): Promise<Outcome> {
  const claim = claims[kind];
  if (claim === undefined) return { outcome: 'unknown', question: '', because: 'it states what is' };
  const time = { from: since - HOUR_MS, to: (at ?? now) + 1 };
  const known = await readKnown(runtime, time, now);
  const own = known.all.find((episode) => episode.number === number);
  const { outcome, because } = own?.outcome ?? { outcome: 'unknown', because: 'history has not come to it yet' };
  return { outcome, question: claim.question, because };
}
