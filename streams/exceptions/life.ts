/** The life of an exception in the fold: from the first finding to the event that ended it. */
import type { Event, EventOf } from '../events/index.ts';
import type { PolicyBody } from '../events/policies.ts';
import type { Draft } from '../operations/draft.ts';
import type { Evidence, OpenException } from '../operations/exception-state.ts';
import { workspaceOf } from '../operations/master-data.ts';
import { policyOf } from '../operations/policy.ts';
import { ids } from '../operations/states.ts';
import { changeOf } from './change.ts';
import { comeBack } from './come-back.ts';
import { type ConditionState, whenDue, whenFound, whenGone } from './condition.ts';
import { countClosed, countOpened, countReopened } from './count-steps.ts';
import { ownerOf } from './owner.ts';
import type { ExceptionDefinition, Finding } from './rule.ts';
import { forgetSnooze } from './snooze.ts';
import { isSettled } from './work-machine.ts';

/** The kind of deadline at which a pending one opens and a recovering one closes. */
export const CONDITION_DEADLINE = 'exception-condition';

/** Something is wrong: opens an exception, brings it back, or changes what it says. */
export function raise(
  draft: Draft,
  definition: ExceptionDefinition,
  subject: string,
  finding: Finding,
  event: Event,
): void {
  const id = ids.exception(definition.kind, subject);
  const known = draft.get('exception', id);
  if (known === undefined) {
    begin(draft, definition, subject, finding, event);
    return;
  }
  const next = whenFound(conditionOf(known), event.occurredAt, 0);
  if (known.condition === next.condition) {
    const said = say(draft, definition, known, finding, event);
    if (said !== known) draft.put('exception', id, said);
  } else {
    clearDue(draft, id, known);
    const { ended: _, ...held } = known;
    const { condition } = known.condition === 'pending' ? known : next;
    const said = say(draft, definition, { ...held, condition, conditionDue: 0 }, finding, event);
    if (known.condition === 'pending') draft.put('exception', id, open(draft, said, event.occurredAt));
    else {
      const returned = { ...said, returns: said.returns + 1, updatedAt: event.occurredAt };
      draft.put('exception', id, returned);
      draft.exceptionChange(changeOf(returned, 'returned', event.occurredAt));
    }
  }
}

/** It is not wrong any more: an exception recovers, closes, or was never more than pending. */
export function lower(draft: Draft, definition: ExceptionDefinition, subject: string, event: Event): void {
  const id = ids.exception(definition.kind, subject);
  const known = draft.get('exception', id);
  if (known === undefined) return;
  const next = whenGone(conditionOf(known), event.occurredAt, holdTimes(draft, definition).recoverMs);
  if (next.condition === known.condition) return;
  const { source, type, occurredAt: at } = event;
  const ended: Evidence = { source, id: event.id, type, at, words: definition.endsWhen };
  if (next.condition === 'closed') return close(draft, id, { ended, ...known }, at);
  const clock = clockOf(event);
  const changed: OpenException = { ...known, condition: 'recovering', conditionDue: next.due, clock, ended };
  draft.put('exception', id, { ...changed, updatedAt: at });
  draft.setDeadline(clock, CONDITION_DEADLINE, id, next.due);
  draft.exceptionChange(changeOf(changed, 'recovering', at, { words: ended.words, evidence: ended }));
}

/** A pending one has held long enough, or a recovering one was gone long enough. */
export function conditionDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { clock, subject: id, due } = event.data;
  const known = draft.get('exception', id);
  // It was put off since: the deadline that stands is a later one.
  if (known !== undefined && known.conditionDue > due) return;
  draft.clearDeadline(clock, CONDITION_DEADLINE, id);
  if (known === undefined) return;
  const next = whenDue(conditionOf(known), due);
  if (next.condition === known.condition) return;
  if (next.condition === 'closed') close(draft, id, known, due);
  else draft.put('exception', id, open(draft, known, due));
}

function begin(draft: Draft, definition: ExceptionDefinition, subject: string, finding: Finding, event: Event): void {
  const id = ids.exception(definition.kind, subject);
  const at = event.occurredAt;
  const next = whenFound(undefined, at, holdTimes(draft, definition).holdMs);
  const exception: OpenException = {
    id: '',
    kind: definition.kind,
    subject,
    since: at,
    updatedAt: at,
    currency: workspaceOf(draft).currency,
    comments: [],
    condition: next.condition,
    conditionDue: next.due,
    clock: clockOf(event),
    openedAt: 0,
    returns: 0,
    work: 'new',
    version: 0,
    owner: ownerOf(draft, definition, finding),
    ...finding,
  };
  if (next.condition === 'open') draft.put('exception', id, open(draft, exception, at));
  else {
    draft.put('exception', id, exception);
    draft.setDeadline(exception.clock, CONDITION_DEADLINE, id, next.due);
  }
}

/** Gives it its number and tells that it is open. */
function open(draft: Draft, exception: OpenException, at: number): OpenException {
  const last = (draft.get('counter', 'exceptions')?.last ?? 0) + 1;
  draft.put('counter', 'exceptions', { last });
  const opened: OpenException = {
    ...exception,
    id: `EX-${last}`,
    condition: 'open',
    conditionDue: 0,
    openedAt: at,
    updatedAt: at,
  };
  draft.exceptionChange(changeOf(opened, 'opened', at));
  countOpened(draft, opened, at);
  return opened;
}

function close(draft: Draft, id: string, known: OpenException, at: number): void {
  clearDue(draft, id, known);
  forgetSnooze(draft, id, known);
  draft.remove('exception', id);
  if (known.condition === 'pending') return;
  draft.exceptionChange(changeOf(known, 'closed', at, { words: known.ended?.words, evidence: known.ended }));
  countClosed(draft, known, at);
}

/** What a finding says replaces what is shown. Only what is counted (money, severity, where) goes into history. */
function say(
  draft: Draft,
  definition: ExceptionDefinition,
  known: OpenException,
  finding: Finding,
  event: Event,
): OpenException {
  const counted =
    known.moneyAtRisk !== finding.moneyAtRisk ||
    known.severity !== finding.severity ||
    known.node !== finding.node ||
    known.channel !== finding.channel;
  if (!counted && saysTheSame(known, finding)) return known;
  const at = event.occurredAt;
  const said: OpenException = { ...withoutFinding(known), ...finding, updatedAt: at };
  if (!counted) return said;
  said.owner = ownerOf(draft, definition, finding);
  if (said.condition !== 'pending' && !isSettled(said)) draft.exceptionChange(changeOf(said, 'updated', at));
  const back = comeBack(said, policyOf(draft, 'exceptions').reopenWhenWorsePercent);
  if (back === null) return said;
  forgetSnooze(draft, ids.exception(said.kind, said.subject), said);
  draft.exceptionChange(changeOf(back.exception, back.change, at, { words: back.words }));
  if (back.change !== 'reopened') return back.exception;
  const again = { ...back.exception, reopenedAt: at };
  countReopened(draft, again, at);
  return again;
}

const plainFields = ['title', 'detail', 'deadline', 'formula', 'advice', 'sku', 'order', 'source', 'cause'] as const;

/** Asked whenever a state with an open exception is touched: mostly it says what it said before. */
function saysTheSame(known: OpenException, finding: Finding): boolean {
  for (const field of plainFields) if (known[field] !== finding[field]) return false;
  for (const name in finding.inputs) if (known.inputs[name] !== finding.inputs[name]) return false;
  const lists = ['because', 'dependsOn', 'suggests'] as const;
  return lists.every((field) => isSame(known[field], finding[field]));
}

const isSame = (a: object | undefined, b: object | undefined): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

/** What an earlier finding named and this one does not must not stay. */
function withoutFinding(known: OpenException) {
  const { sku: _sku, node: _node, channel: _channel, order: _order, source: _source, ...rest } = known;
  const { cause: _cause, because: _because, dependsOn: _dependsOn, suggests: _suggests, ...others } = rest;
  return others;
}

const conditionOf = ({ condition, conditionDue: due }: OpenException): ConditionState => ({ condition, due });

function clearDue(draft: Draft, id: string, { conditionDue: due, clock }: OpenException): void {
  if (due > 0) draft.clearDeadline(clock, CONDITION_DEADLINE, id);
}

/** Whose time it is: what a passed deadline led to follows the clock of that deadline. */
const clockOf = (event: Event): string => (event.type === 'deadline.passed' ? event.data.clock : event.source);

const MINUTE_MS = 60_000;

/** @returns milliseconds, by policy or else by the definition */
function holdTimes(draft: Draft, { kind, holdMs = 0, recoverMs = 0 }: ExceptionDefinition) {
  const policy: PolicyBody<'exceptions'>['kinds'][string] | undefined = policyOf(draft, 'exceptions').kinds[kind];
  return {
    holdMs: policy?.holdMinutes === undefined ? holdMs : policy.holdMinutes * MINUTE_MS,
    recoverMs: policy?.recoverMinutes === undefined ? recoverMs : policy.recoverMinutes * MINUTE_MS,
  };
}
