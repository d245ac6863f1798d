/** What people do about exceptions. Each is one event with its author; what does not fit is refused with the reason. */
import type { EventOf } from '../events/index.ts';
import { isEventType } from '../events/index.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import type { OpenException } from '../operations/exception-state.ts';
import { changeOf } from './change.ts';
import { countWork } from './count-steps.ts';
import { forgetSnooze, rememberSnooze } from './snooze.ts';
import { type WorkStep, workAfter } from './work-machine.ts';

/** Comments kept on an exception; history keeps all of them. */
const COMMENTS_MAX = 50;

type WorkEvent = EventOf<
  | 'exception.acknowledged'
  | 'exception.assigned'
  | 'exception.started'
  | 'exception.commented'
  | 'exception.snoozed'
  | 'exception.woken'
  | 'exception.resolved'
  | 'exception.dismissed'
  | 'exception.reopened'
>;

/** Work events name an exception by `kind:subject`; `number` and `version` say which one and how it was looked at. */
function lookedAt(draft: Draft, { data }: WorkEvent): OpenException {
  const { exception: id, number, version } = data;
  const known = draft.get('exception', id);
  if (known === undefined || known.condition === 'pending') throw new Refused(`exception ${id} is not open`);
  if (number !== undefined && number !== known.id) {
    throw new Refused(`exception ${number} is over; ${known.id} stands in its place`);
  }
  if (version !== undefined && version !== known.version) {
    const { what = 'changed', by = 'a rule' } = known.lastWork ?? {};
    throw new Refused(
      `exception ${known.id} was ${what} by ${by}: it stands at version ${known.version}, not ${version}`,
    );
  }
  return known;
}

/** One step of the machine, with what else it changes. */
function step(
  draft: Draft,
  event: WorkEvent,
  name: WorkStep,
  more: (known: OpenException) => Partial<OpenException> = () => ({}),
  words = '',
): void {
  const known = lookedAt(draft, event);
  const work = workAfter(known, name);
  if (work === null) throw new Refused(`exception ${known.id} is ${known.work}: it cannot be ${name}`);
  forgetSnooze(draft, event.data.exception, known);
  const { snooze: _, settled: __, ...rest } = known;
  // What begins anew has been seen by nobody yet.
  if (work === 'new') {
    delete rest.acknowledgedBy;
    delete rest.acknowledgedAt;
  }
  keep(draft, event, name, { ...rest, work, ...more(known) }, words);
  countWork(draft, known, name, event.occurredAt, 'because' in event.data ? event.data.because : '');
}

function keep(
  draft: Draft,
  event: WorkEvent,
  what: WorkStep | 'assigned' | 'commented',
  changed: OpenException,
  words: string,
): void {
  const { by, exception } = event.data;
  const at = event.occurredAt;
  // A comment is in nobody's way: it needs no version of its own.
  const moved =
    what === 'commented' ? {} : { version: changed.version + 1, lastWork: { event: event.id, what, by, at } };
  const kept = { ...changed, ...moved, updatedAt: at };
  draft.put('exception', exception, kept);
  draft.exceptionChange(changeOf(kept, what, at, { by, words }));
}

export function acknowledged(draft: Draft, event: EventOf<'exception.acknowledged'>): void {
  const { by } = event.data;
  step(draft, event, 'acknowledged', () => ({ acknowledgedBy: by, acknowledgedAt: event.occurredAt }));
}

/** Who starts has seen it. */
export function started(draft: Draft, event: EventOf<'exception.started'>): void {
  const { by } = event.data;
  step(draft, event, 'started', (known) => ({
    acknowledgedBy: known.acknowledgedBy ?? by,
    acknowledgedAt: known.acknowledgedAt ?? event.occurredAt,
    assignee: known.assignee ?? by,
  }));
}

export function assigned(draft: Draft, event: EventOf<'exception.assigned'>): void {
  const { to } = event.data;
  const { assignee: _, ...rest } = lookedAt(draft, event);
  keep(draft, event, 'assigned', to === '' ? rest : { ...rest, assignee: to }, to);
}

export function commented(draft: Draft, event: EventOf<'exception.commented'>): void {
  const { by, comment } = event.data;
  const known = lookedAt(draft, event);
  const comments = [...known.comments, { by, at: event.occurredAt, comment, event: event.id }].slice(-COMMENTS_MAX);
  keep(draft, event, 'commented', { ...known, comments }, comment);
}

export function snoozed(draft: Draft, event: EventOf<'exception.snoozed'>): void {
  const { by, until, reason = '', exception } = event.data;
  if (until.event !== undefined && !isEventType(until.event.type)) {
    throw new Refused(`${until.event.type} is not a type of event`);
  }
  if (until.time !== undefined && until.time <= event.occurredAt) throw new Refused('it was snoozed until the past');
  step(
    draft,
    event,
    'snoozed',
    (known) => ({
      snooze: { until, reason, by, at: event.occurredAt, from: known.snooze?.from ?? awake(known.work) },
      settled: settledBy(known, event.occurredAt, by, reason, ''),
    }),
    reason,
  );
  rememberSnooze(draft, exception, until);
}

const awake = (work: OpenException['work']) => (work === 'acknowledged' || work === 'in-progress' ? work : 'new');

export const woken = (draft: Draft, event: EventOf<'exception.woken'>): void => step(draft, event, 'woken');

export function resolved(draft: Draft, event: EventOf<'exception.resolved'>): void {
  const { by, reason = '' } = event.data;
  step(draft, event, 'resolved', (known) => ({ settled: settledBy(known, event.occurredAt, by, reason, '') }), reason);
}

export function dismissed(draft: Draft, event: EventOf<'exception.dismissed'>): void {
  const { by, reason, because } = event.data;
  const words = `${because}: ${reason}`;
  step(
    draft,
    event,
    'dismissed',
    (known) => ({ settled: settledBy(known, event.occurredAt, by, reason, because) }),
    words,
  );
}

export function reopened(draft: Draft, event: EventOf<'exception.reopened'>): void {
  step(draft, event, 'reopened', () => ({ reopenedAt: event.occurredAt }), event.data.reason);
}

const settledBy = (
  { moneyAtRisk, severity }: OpenException,
  at: number,
  by: string,
  reason: string,
  because: string,
): OpenException['settled'] => ({ by, at, reason, because, moneyAtRisk, severity });
