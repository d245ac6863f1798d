/** Work on exceptions: each step is an event with its author; the answer says what became of it. */
import { randomUUID } from 'node:crypto';
import type { Event, EventType } from '../../streams/events/index.ts';
import { eventCatalog, isEventType } from '../../streams/events/index.ts';
import { nameOf } from '../../streams/exceptions/inhibition.ts';
import { type WorkStep, workAfter } from '../../streams/exceptions/work-machine.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import { hashOf } from '../access/secrets.ts';
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

/** `command` makes a repeat recognisable: who got no answer sends the same again. */
export type Asked = {
  action: WorkAction;
  said: Record<string, unknown>;
  by: string;
  now: number;
  command?: string | undefined;
};
/** `applied` is false when the processor has not come to it yet: the event is stored and will be applied. */
export type Worked = { exception: OpenException; applied: boolean };

type Store = Pick<Runtime, 'redis' | 'keys'>;
/** An exception as it was found, and what is asked of it. */
export type Task = { known: OpenException; asked: Asked };

/** @throws MovedMeanwhile, NotPossible */
export async function workOn(store: Store, known: OpenException, asked: Asked): Promise<Worked> {
  const [worked] = await workOnAll(store, [{ known, asked }]);
  if (worked instanceof Error) throw worked;
  return worked!;
}

/**
 * Appends an event for each task that can be right, and waits until the last of them is applied.
 * @returns what became of each, in the order of the tasks; what one refuses leaves the others alone
 */
export async function workOnAll(
  store: Store,
  tasks: readonly Task[],
): Promise<(Worked | MovedMeanwhile | NotPossible)[]> {
  if (tasks.length === 0) return [];
  const before = await read(store, tasks);
  const planned = tasks.map(({ known, asked }, index): Event | Worked | MovedMeanwhile | NotPossible => {
    const found = before[index];
    const event = eventIdOf(asked, known.id);
    if (found !== undefined && isDone(found, known.id, event)) return { exception: found, applied: true };
    return whyNot(found, known.id, asked) ?? eventOf(event, nameOf(known), found!, asked);
  });
  const events = planned.filter(isEvent);
  const last = events.pop();
  if (last === undefined) return planned as (Worked | MovedMeanwhile | NotPossible)[];
  await appendToLog(
    store.redis,
    store.keys,
    events.map((event) => JSON.stringify(event)),
  );
  const applied = await appendAndWait(store.redis, store.keys, last);
  const after = applied ? await read(store, tasks) : before;
  return planned.map((one, index) => {
    if (!isEvent(one)) return one;
    return applied ? outcomeOf(one, tasks[index]!.known.id, after[index]) : { exception: before[index]!, applied };
  });
}

async function read({ redis, keys }: Store, tasks: readonly Task[]): Promise<(OpenException | undefined)[]> {
  const texts = await redis.hmGet(
    keys.state('exception'),
    tasks.map(({ known }) => nameOf(known)),
  );
  return texts.map((text) => (typeof text === 'string' ? (JSON.parse(text) as OpenException) : undefined));
}

function outcomeOf(event: Event, number: string, after: OpenException | undefined): Worked | MovedMeanwhile {
  if (after?.id !== number) return new MovedMeanwhile(`${number} is over.`, after);
  // Else somebody was faster, between the look before and the event.
  return isDone(after, number, event.id)
    ? { exception: after, applied: true }
    : new MovedMeanwhile(whatHappened(after), after);
}

const isEvent = (planned: object): planned is Event => 'occurredAt' in planned;

/** Whether the last step on it, or one of its comments, came with this event. */
const isDone = ({ id, lastWork, comments }: OpenException, number: string, event: string): boolean =>
  id === number && (lastWork?.event === event || comments.some((comment) => comment.event === event));

const eventIdOf = ({ command, by }: Asked, number: string): string =>
  command === undefined
    ? `exception:${randomUUID()}`
    : `exception:${hashOf(`${by} ${command}`).slice(0, 32)}:${number}`;

/** The same checks as in the fold, where they count: here they spare history an event that is sure to be refused. */
function whyNot(
  known: OpenException | undefined,
  number: string,
  { action, said, now }: Asked,
): MovedMeanwhile | NotPossible | null {
  if (known === undefined || known.id !== number) return new MovedMeanwhile(`${number} is over.`, known);
  const { version, until } = said as { version?: number; until?: { time?: number; event?: { type: string } } };
  if (version !== undefined && version !== known.version) return new MovedMeanwhile(whatHappened(known), known);
  const step = types[action];
  if (step !== 'assigned' && step !== 'commented' && workAfter(known, step) === null) {
    return new MovedMeanwhile(`${number} is ${known.work}: it cannot be ${step}.`, known);
  }
  if (until?.time !== undefined && until.time <= now) return new NotPossible('until.time is not ahead of now');
  if (until?.event !== undefined && !isEventType(until.event.type)) {
    return new NotPossible(`until.event.type: there is no event "${until.event.type}"`);
  }
  return null;
}

function whatHappened({ id, lastWork, work, version }: OpenException): string {
  if (lastWork === undefined) return `${id} is ${work}, at version ${version}.`;
  return `${id} was ${lastWork.what} by ${lastWork.by}: it is ${work}, at version ${version}.`;
}

function eventOf(id: string, exception: string, known: OpenException, { action, said, by, now }: Asked): Event {
  const type = `exception.${types[action]}` as EventType;
  const data = { ...said, ...waitingFor(said, known), exception, by, number: known.id };
  const event = { id, source: OWN_SOURCE, type };
  return { ...event, occurredAt: now, observedAt: now, receivedAt: now, data: eventCatalog[type].parse(data) } as Event;
}

/** "Until stock is received" means stock of this exception, unless something else is named. */
function waitingFor(said: Record<string, unknown>, { sku, node, order }: OpenException): object {
  const { until } = said as { until?: { event?: Record<string, unknown> } };
  if (until?.event === undefined || Object.keys(until.event).length > 1) return {};
  const about = Object.entries({ sku, node, order }).filter(([, value]) => value !== undefined);
  return { until: { ...until, event: { ...until.event, ...Object.fromEntries(about) } } };
}
