/** Snoozed exceptions: what wakes them besides people, and how they are found when an event comes that they wait for. */
import type { Event, EventOf } from '../events/index.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import type { Awaited, OpenException } from '../operations/exception-state.ts';
import { OWN_SOURCE } from '../operations/sources/source.ts';
import { ids } from '../operations/states.ts';
import { changeOf } from './change.ts';

/** The kind of deadline that ends a snooze. People mean the clock on the wall. */
export const SNOOZE_DEADLINE = 'exception-wake';
/** Exceptions that may wait for one type of event: each such event looks at all of them. */
const AWAITING_PER_TYPE_MAX = 100;

type Until = EventOf<'exception.snoozed'>['data']['until'];

export function rememberSnooze(draft: Draft, id: string, { time, event }: Until): void {
  if (time !== undefined) draft.setDeadline(OWN_SOURCE, SNOOZE_DEADLINE, id, time);
  if (event === undefined) return;
  const waiting = awaitedOf(draft).types[event.type] ?? [];
  if (waiting.length >= AWAITING_PER_TYPE_MAX) {
    throw new Refused(`${waiting.length} exceptions already wait for an event ${event.type}`);
  }
  keepWaiting(draft, event.type, [...waiting, id].sort());
}

/** Takes back what a snooze waits for; does nothing when there is none. */
export function forgetSnooze(draft: Draft, id: string, { snooze }: OpenException): void {
  if (snooze === undefined) return;
  const { time, event } = snooze.until;
  if (time !== undefined) draft.clearDeadline(OWN_SOURCE, SNOOZE_DEADLINE, id);
  if (event === undefined) return;
  const waiting = awaitedOf(draft).types[event.type] ?? [];
  keepWaiting(
    draft,
    event.type,
    waiting.filter((one) => one !== id),
  );
}

/** Asked with every event: looks at a table of types, and at exceptions only where one waits for this type. */
export function wakeAwaiting(draft: Draft, event: Event): void {
  const waiting = draft.get('awaited', ids.awaited)?.types[event.type];
  if (waiting === undefined) return;
  for (const id of waiting) {
    const known = draft.get('exception', id);
    const awaited = known?.snooze?.until.event;
    if (known === undefined || awaited === undefined || !isAwaited(awaited, event)) continue;
    wake(draft, id, known, event.occurredAt, `${event.type} ${event.id} of ${event.source} came`);
  }
}

export function snoozeDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { clock, subject: id, due } = event.data;
  const known = draft.get('exception', id);
  const time = known?.snooze?.until.time;
  // It was snoozed again, for longer: the deadline that stands is a later one.
  if (time !== undefined && time > due) return;
  draft.clearDeadline(clock, SNOOZE_DEADLINE, id);
  if (known !== undefined && time !== undefined) wake(draft, id, known, due, 'its time has come');
}

function wake(draft: Draft, id: string, known: OpenException, at: number, words: string): void {
  forgetSnooze(draft, id, known);
  const { snooze, settled: _, ...rest } = known;
  const woken: OpenException = { ...rest, work: snooze!.from, version: known.version + 1, updatedAt: at };
  draft.put('exception', id, woken);
  draft.exceptionChange(changeOf(woken, 'woken', at, { words }));
}

const awaitedOf = (draft: Draft): Awaited => draft.get('awaited', ids.awaited) ?? { types: {} };

function keepWaiting(draft: Draft, type: string, waiting: string[]): void {
  const { [type]: _, ...others } = awaitedOf(draft).types;
  const types = waiting.length === 0 ? others : { ...others, [type]: waiting };
  const sorted = Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (Object.keys(sorted).length === 0) draft.remove('awaited', ids.awaited);
  else draft.put('awaited', ids.awaited, { types: sorted });
}

/** Whether the event is about everything that was named; a SKU may stand in one of its lines. */
function isAwaited(awaited: NonNullable<Until['event']>, event: Event): boolean {
  const data = event.data as Record<string, unknown> & { lines?: { sku?: unknown }[] };
  const { sku, source } = awaited;
  if (source !== undefined && source !== event.source) return false;
  if (sku !== undefined && data['sku'] !== sku && !data.lines?.some((line) => line.sku === sku)) return false;
  return (['node', 'order', 'channel'] as const).every(
    (field) => awaited[field] === undefined || awaited[field] === data[field],
  );
}
