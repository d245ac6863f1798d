/** Work on exceptions: each step is an event with its author; the answer says what became of it. */
import { randomUUID } from 'node:crypto';
import type { Event, EventType } from '../../streams/events/index.ts';
import { eventCatalog, isEventType } from '../../streams/events/index.ts';
import { type WorkStep, workAfter } from '../../streams/exceptions/work-machine.ts';
import { OWN_SOURCE } from '../../streams/operations/source.ts';
import { ids, type OpenException } from '../../streams/operations/states.ts';
import { appendAndWait } from '../actions/append.ts';
import type { WorkAction } from '../http/contract/exceptions.ts';
import type { Runtime } from '../runtime.ts';

const types = {
  acknowledge: 'acknowledged',
  assign: 'assigned',
  start: 'started',
  comment: 'commented',
  snooze: 'snoozed',
  wake: 'woken',
  resolve: 'resolved',
  dismiss: 'dismissed',
  reopen: 'reopened',
} as const satisfies Record<WorkAction, WorkStep | 'assigned' | 'commented'>;

/** The request was right, but the exception stands differently: the reason, and how it stands (undefined: it is over). */
export class MovedMeanwhile extends Error {
  readonly now: OpenException | undefined;
  constructor(reason: string, now: OpenException | undefined) {
    super(reason);
    this.now = now;
  }
}
/** What was said can never be right, however the exception stands. */
export class NotPossible extends Error {}

export type Asked = { action: WorkAction; said: Record<string, unknown>; by: string; now: number };
/** `applied` is false when the processor has not come to it yet: the event is stored and will be applied. */
export type Worked = { exception: OpenException; applied: boolean };

/**
 * @param known the exception that is meant, as it was found
 * @throws MovedMeanwhile, NotPossible
 */
export async function workOn(
  { redis, keys }: Pick<Runtime, 'redis' | 'keys'>,
  { kind, subject, id: number }: OpenException,
  asked: Asked,
): Promise<Worked> {
  const name = ids.exception(kind, subject);
  const read = async (): Promise<OpenException | undefined> => {
    const text = await redis.hGet(keys.state('exception'), name);
    return typeof text === 'string' ? (JSON.parse(text) as OpenException) : undefined;
  };
  const before = await read();
  refuseEarly(before, number, asked);
  const event = eventOf(name, before, asked);
  const applied = await appendAndWait(redis, keys, event);
  if (!applied) return { exception: before, applied: false };
  const after = await read();
  if (after?.id !== number) throw new MovedMeanwhile(`${number} is over.`, after);
  const done = after.lastWork?.event === event.id || after.comments.some((comment) => comment.event === event.id);
  // Somebody else was faster, between the look above and the event.
  if (!done) throw new MovedMeanwhile(whatHappened(after), after);
  return { exception: after, applied: true };
}

/** The same checks as in the fold, where they count: here they spare history an event that is sure to be refused. */
function refuseEarly(
  known: OpenException | undefined,
  number: string,
  { action, said, now }: Asked,
): asserts known is OpenException {
  if (known === undefined || known.id !== number) throw new MovedMeanwhile(`${number} is over.`, known);
  const { version, until } = said as { version?: number; until?: { time?: number; event?: { type: string } } };
  if (version !== undefined && version !== known.version) throw new MovedMeanwhile(whatHappened(known), known);
  const step = types[action];
  if (step !== 'assigned' && step !== 'commented' && workAfter(known, step) === null) {
    throw new MovedMeanwhile(`${number} is ${known.work}: it cannot be ${step}.`, known);
  }
  if (until?.time !== undefined && until.time <= now) throw new NotPossible('until.time is not ahead of now');
  if (until?.event !== undefined && !isEventType(until.event.type)) {
    throw new NotPossible(`until.event.type: there is no event "${until.event.type}"`);
  }
}

function whatHappened({ id, lastWork, work, version }: OpenException): string {
  if (lastWork === undefined) return `${id} is ${work}, at version ${version}.`;
  return `${id} was ${lastWork.what} by ${lastWork.by}: it is ${work}, at version ${version}.`;
}

function eventOf(exception: string, known: OpenException, { action, said, by, now }: Asked): Event {
  const type = `exception.${types[action]}` as EventType;
  const data = { ...said, ...waitingFor(said, known), exception, by, number: known.id };
  const event = { id: `exception:${randomUUID()}`, source: OWN_SOURCE, type };
  return { ...event, occurredAt: now, observedAt: now, receivedAt: now, data: eventCatalog[type].parse(data) } as Event;
}

/** "Until stock is received" means stock of this exception, unless something else is named. */
function waitingFor(said: Record<string, unknown>, { sku, node, order }: OpenException): object {
  const { until } = said as { until?: { event?: Record<string, unknown> } };
  if (until?.event === undefined || Object.keys(until.event).length > 1) return {};
  const about = Object.entries({ sku, node, order }).filter(([, value]) => value !== undefined);
  return { until: { ...until, event: { ...until.event, ...Object.fromEntries(about) } } };
}
