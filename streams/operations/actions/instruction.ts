/**
 * What other systems were told to do, until they have answered. Instructions are offered in a feed in order; one that is
 * not answered in time is offered again under the same key, and after the last attempt somebody is told.
 */
import type { Event, EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import type { Instruction } from '../effects.ts';
import { appendEntry, pageOf } from '../paged-log.ts';
import { policyOf } from '../policy.ts';
import { OWN_SOURCE } from '../sources/source.ts';
import type { Recipient, SentInstruction } from './instruction-state.ts';

const MINUTE_MS = 60_000;

const newRecipient = (to: string): Recipient => ({
  to,
  sent: 0,
  confirmed: 0,
  overdue: 0,
  failed: 0,
  worth: 0,
  since: 0,
  openExceptions: [],
});

const isUnfinished = ({ status }: SentInstruction): boolean => status === 'overdue' || status === 'failed';
const isSettled = ({ status }: SentInstruction): boolean => status === 'confirmed' || status === 'withdrawn';
const worthOf = ({ body }: SentInstruction): number => {
  const { worth } = body as { worth?: unknown };
  return typeof worth === 'number' && Number.isSafeInteger(worth) ? worth : 0;
};

/** Puts what the event at hand wants done into the feed. One that was told before under the same key is not told again. */
export function sendInstructions(draft: Draft, event: Event): void {
  const clock = event.type === 'deadline.passed' ? event.data.clock : event.source;
  for (const instruction of draft.effects.instructions) {
    if (draft.get('instruction', instruction.id) === undefined) send(draft, instruction, clock, isByPerson(event));
  }
}

const isByPerson = (event: Event): boolean => event.type === 'action.taken' || event.type === 'action.undone';

/**
 * Whoever has answered before is expected to answer again, and so is everybody when a person acted. Others are taken
 * for systems nobody has connected yet: their instructions can be read, and nobody is alarmed by the silence.
 */
function send(draft: Draft, instruction: Instruction, clock: string, byPerson: boolean): void {
  const recipient = draft.get('recipient', instruction.to) ?? newRecipient(instruction.to);
  const expected = byPerson || recipient.confirmed > 0 || recipient.failed > 0;
  const due = expected ? instruction.at + answerWithin(draft) : 0;
  const number = appendEntry(draft, 'instructions', instruction.id, clock, instruction.at);
  const sent: SentInstruction = {
    ...instruction,
    number,
    status: 'sent',
    attempts: 1,
    due,
    clock,
    answeredAt: 0,
    answeredBy: '',
    answer: '',
  };
  draft.put('instruction', instruction.id, sent);
  draft.put('recipient', instruction.to, { ...recipient, sent: recipient.sent + 1 });
  if (due > 0) draft.setDeadline(clock, 'instruction-answer', instruction.id, due);
}

/** Each attempt gets its part of the time that the policy grants. */
function answerWithin(draft: Draft): number {
  const { answerWithinMinutes, attempts } = policyOf(draft, 'instructions');
  return Math.ceil((answerWithinMinutes * MINUTE_MS) / attempts);
}

export function confirmed(draft: Draft, event: EventOf<'instruction.confirmed'>): void {
  const known = answerable(draft, event);
  if (known.status === 'confirmed') return;
  const { reference = '', by = event.source } = event.data;
  change(draft, known, { ...answered(known, by, reference, event.occurredAt), status: 'confirmed' }, event.occurredAt);
}

export function failed(draft: Draft, event: EventOf<'instruction.failed'>): void {
  const known = answerable(draft, event);
  if (isSettled(known)) throw new Refused(`instruction ${known.id} is ${known.status} already`);
  const { reason, by = event.source } = event.data;
  change(draft, known, { ...answered(known, by, reason, event.occurredAt), status: 'failed' }, event.occurredAt);
}

const answered = (known: SentInstruction, by: string, answer: string, at: number): SentInstruction => ({
  ...known,
  answeredAt: at,
  answeredBy: by,
  answer,
  due: 0,
});

/** Only whoever was told may answer: the source of that name, or the source of that node or channel; and people, for anybody. */
function answerable(draft: Draft, event: EventOf<'instruction.confirmed' | 'instruction.failed'>): SentInstruction {
  const known = instructionOf(draft, event.data.instruction);
  if (event.source === OWN_SOURCE || event.source === known.to) return known;
  const source = draft.get('source', event.source);
  if (source?.node !== known.to && source?.channel !== known.to) {
    throw new Refused(`instruction ${known.id} is for ${known.to}, not for ${event.source}`);
  }
  return known;
}

function instructionOf(draft: Draft, id: string): SentInstruction {
  const known = draft.get('instruction', id);
  if (known === undefined) throw new Refused(`there is no instruction ${id}`);
  return known;
}

/** Nobody answered in time: told again while attempts are left, then it is overdue. */
export function answerDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('instruction', event.data.subject);
  if (known === undefined || known.status !== 'sent' || known.due !== event.data.due) return;
  if (known.attempts < policyOf(draft, 'instructions').attempts) repeat(draft, known, event.data.due);
  else change(draft, known, { ...known, status: 'overdue', due: 0 }, event.data.due);
}

export function repeated(draft: Draft, event: EventOf<'instruction.repeated'>): void {
  const known = instructionOf(draft, event.data.instruction);
  if (isSettled(known)) throw new Refused(`instruction ${known.id} is ${known.status} already`);
  repeat(draft, { ...known, attempts: 0 }, event.occurredAt);
}

function repeat(draft: Draft, known: SentInstruction, when: number): void {
  const before = draft.get('instruction', known.id)!;
  const number = appendEntry(draft, 'instructions', known.id, known.clock, when);
  const due = when + answerWithin(draft);
  const told: SentInstruction = { ...known, number, status: 'sent', attempts: known.attempts + 1, due, answer: '' };
  change(draft, before, told, when);
  draft.setDeadline(known.clock, 'instruction-answer', known.id, due);
}

export function withdrawn(draft: Draft, event: EventOf<'instruction.withdrawn'>): void {
  const { instruction, by, reason = '' } = event.data;
  withdraw(draft, instruction, by, reason, event.occurredAt);
}

/**
 * Tells the recipient that it need not be done any more: it may have read it already.
 * @throws Refused when it has been done
 */
export function withdraw(draft: Draft, id: string, by: string, reason: string, when: number): void {
  const known = instructionOf(draft, id);
  if (known.status === 'withdrawn') return;
  if (known.status === 'confirmed') {
    throw new Refused(`${known.to} has already carried out ${known.kind} (${known.id})`);
  }
  change(draft, known, { ...answered(known, by, reason, when), status: 'withdrawn' }, when);
  draft.instruct({
    id: `${id}:withdrawn`,
    kind: 'withdraw',
    to: known.to,
    at: when,
    body: { instruction: id, reason },
  });
}

/** Stores the instruction and what follows for its recipient's count of what was not done. */
function change(draft: Draft, before: SentInstruction, after: SentInstruction, when: number): void {
  draft.put('instruction', after.id, after);
  if (before.due > 0 && after.due === 0) draft.clearDeadline(before.clock, 'instruction-answer', after.id);
  const recipient = draft.get('recipient', after.to) ?? newRecipient(after.to);
  const by = (status: SentInstruction['status']) => Number(after.status === status) - Number(before.status === status);
  const changed: Recipient = {
    ...recipient,
    confirmed: recipient.confirmed + by('confirmed'),
    overdue: recipient.overdue + by('overdue'),
    failed: recipient.failed + by('failed'),
    worth: recipient.worth + (Number(isUnfinished(after)) - Number(isUnfinished(before))) * worthOf(after),
  };
  const since = changed.overdue + changed.failed === 0 ? 0 : recipient.since === 0 ? when : recipient.since;
  draft.put('recipient', after.to, { ...changed, since });
  draft.touch('recipient', after.to);
}

/** A page of a log has grown old: it goes, with the actions and the settled instructions that stand nowhere else. */
export function pageGrownOld(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const page = event.data.subject;
  const entries = draft.get('log-page', page)?.ids ?? [];
  for (const id of entries) {
    if (page.startsWith('actions|')) {
      draft.remove('action', id);
      continue;
    }
    const known = draft.get('instruction', id);
    if (known !== undefined && isSettled(known) && pageOf('instructions', known.number) === page) {
      draft.remove('instruction', id);
    }
  }
  draft.remove('log-page', page);
}
