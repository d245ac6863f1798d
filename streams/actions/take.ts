/** Taking an action and taking it back: all its steps and instructions happen with one event, or none does. */
import type { Event, EventOf } from '../events/index.ts';
import type { ActionRecord } from '../operations/actions/action-state.ts';
import { withdraw } from '../operations/actions/instruction.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import { appendEntry } from '../operations/paged-log.ts';
import type { Plan, Taken } from './definition.ts';
import { actionCatalog } from './index.ts';

/** Applies one event by the rule of its type; handed in, because that table also holds the rules of this file. */
export type Apply = (draft: Draft, event: Event) => void;

export function actionTaken(draft: Draft, event: EventOf<'action.taken'>, apply: Apply): void {
  const { action, kind, input, by } = event.data;
  if (draft.get('action', action)?.status === 'done') throw new Refused(`action ${action} was taken already`);
  const plan = actionCatalog[kind].plan({ draft, action, by, at: event.occurredAt }, input);
  const instructions = carryOut(draft, event, action, plan, apply);
  keep(draft, event, { status: 'done', instructions, remembered: plan.remember ?? {} });
}

type ActionEvent = EventOf<'action.taken' | 'action.undone'>;

/** @returns the ids of the instructions that go out with it */
function carryOut(draft: Draft, event: ActionEvent, name: string, plan: Plan, apply: Apply): string[] {
  applySteps(draft, event, plan, apply);
  const { instructions } = draft.effects;
  if (instructions.length === 0) {
    for (const [index, wanted] of (plan.instructions ?? []).entries()) {
      draft.instruct({ ...wanted, id: `${name}:${index + 1}`, at: event.occurredAt });
    }
  }
  return instructions.map(({ id }) => id);
}

function applySteps(draft: Draft, event: ActionEvent, plan: Plan, apply: Apply): void {
  for (const [index, { type, data }] of plan.steps.entries()) {
    apply(draft, { ...event, id: `${event.id}:${index}`, type, data } as Event);
  }
}

function keep(
  draft: Draft,
  event: EventOf<'action.taken'>,
  outcome: Pick<ActionRecord, 'status'> & Partial<ActionRecord>,
): void {
  const { action, kind, input, by, exception = '', exceptionNumber = '', note = '' } = event.data;
  const record: ActionRecord = {
    action,
    kind,
    words: actionCatalog[kind].words(input),
    input,
    by,
    at: event.occurredAt,
    exception,
    exceptionNumber,
    note,
    reason: '',
    number: appendEntry(draft, 'actions', action, event.source, event.occurredAt),
    instructions: [],
    remembered: {},
    undoneAt: 0,
    undoneBy: '',
    ...outcome,
  };
  draft.put('action', action, record);
}

export function actionUndone(draft: Draft, event: EventOf<'action.undone'>, apply: Apply): void {
  const { action, by } = event.data;
  const taken = draft.get('action', action);
  if (taken === undefined) throw new Refused(`there is no action ${action}`);
  if (taken.status !== 'done') throw new Refused(`action ${action} is ${taken.status}, there is nothing to undo`);
  const { undo, whyNoUndo = 'It cannot be undone.' } = actionCatalog[taken.kind];
  if (undo === null) throw new Refused(whyNoUndo);
  const plan = undo({ draft, action, by, at: event.occurredAt }, taken as unknown as Taken<typeof taken.kind>);
  for (const id of taken.instructions) callBack(draft, id, plan, event);
  applySteps(draft, event, plan, apply);
  draft.put('action', action, { ...taken, status: 'undone', reason: '', undoneAt: event.occurredAt, undoneBy: by });
}

/** What was not carried out yet is withdrawn; what was, is to be turned round by the same recipient. */
function callBack(draft: Draft, id: string, plan: Plan, event: EventOf<'action.undone'>): void {
  const told = draft.get('instruction', id);
  const inverse = plan.instructions?.find((wanted) => wanted.to === told?.to);
  if (told?.status === 'confirmed' && inverse !== undefined) {
    draft.instruct({ ...inverse, id: `${id}:undone`, at: event.occurredAt });
  } else {
    withdraw(draft, id, event.data.by, event.data.reason ?? '', event.occurredAt);
  }
}

/** Nothing of a refused action is applied, but whoever asked must be able to read why. */
export function noteRefusedAction(draft: Draft, event: Event, reason: string): void {
  if (event.type === 'action.taken') {
    if (draft.get('action', event.data.action) === undefined) keep(draft, event, { status: 'refused', reason });
  } else if (event.type === 'action.undone') {
    const taken = draft.get('action', event.data.action);
    if (taken?.status === 'done') draft.put('action', taken.action, { ...taken, reason });
  }
}
