/** Opens, updates and closes exceptions after an event, for the states it touched and for no others. */
import type { Draft } from '../operations/draft.ts';
import type { ExceptionChange } from '../operations/effects.ts';
import { workspaceOf } from '../operations/master-data.ts';
import { ids, type OpenException } from '../operations/states.ts';
import { exceptionRules } from './index.ts';
import type { ExceptionRule, Finding } from './rule.ts';

const rulesOf = Map.groupBy(exceptionRules, (rule) => rule.watches);

export function judgeTouched(draft: Draft, when: number): void {
  for (const [kind, rules] of rulesOf) {
    for (const subject of draft.touched.get(kind) ?? []) {
      for (const rule of rules) judge(draft, rule, subject, when);
    }
  }
}

function judge(draft: Draft, rule: ExceptionRule, subject: string, when: number): void {
  const state = draft.get(rule.watches, subject);
  if (state === undefined) return;
  const wasOpen = state.openExceptions.includes(rule.kind);
  const finding = rule.test(state, draft, wasOpen);
  if (finding === null && !wasOpen) return;
  if (finding === null) close(draft, rule.kind, subject, when);
  else if (wasOpen) update(draft, rule.kind, subject, finding, when);
  else open(draft, rule.kind, subject, finding, when);
  const openExceptions =
    finding === null
      ? state.openExceptions.filter((kind) => kind !== rule.kind)
      : wasOpen
        ? state.openExceptions
        : [...state.openExceptions, rule.kind];
  if (openExceptions !== state.openExceptions) draft.put(rule.watches, subject, { ...state, openExceptions });
}

export function open(draft: Draft, kind: string, subject: string, finding: Finding, when: number): void {
  const counter = draft.get('counter', 'exceptions') ?? { last: 0 };
  draft.put('counter', 'exceptions', { last: counter.last + 1 });
  const exception: OpenException = {
    id: `EX-${counter.last + 1}`,
    kind,
    subject,
    since: when,
    updatedAt: when,
    currency: workspaceOf(draft).currency,
    comments: [],
    ...finding,
  };
  draft.put('exception', ids.exception(kind, subject), exception);
  draft.exceptionChange(changeOf(exception, 'opened', when));
}

/** A finding that reads differently replaces what is shown; only another severity or amount goes into history. */
export function update(draft: Draft, kind: string, subject: string, finding: Finding, when: number): void {
  const id = ids.exception(kind, subject);
  const known = draft.get('exception', id)!;
  const same =
    known.title === finding.title &&
    known.detail === finding.detail &&
    known.moneyAtRisk === finding.moneyAtRisk &&
    known.severity === finding.severity &&
    known.deadline === finding.deadline;
  if (same) return;
  const changed = { ...known, ...finding, updatedAt: when };
  draft.put('exception', id, changed);
  if (known.moneyAtRisk === finding.moneyAtRisk && known.severity === finding.severity) return;
  draft.exceptionChange(changeOf(changed, 'updated', when));
}

export function close(draft: Draft, kind: string, subject: string, when: number): void {
  const id = ids.exception(kind, subject);
  const known = draft.get('exception', id);
  if (known === undefined) return;
  draft.remove('exception', id);
  draft.exceptionChange(changeOf(known, 'closed', when));
}

export function changeOf(
  exception: OpenException,
  change: ExceptionChange['change'],
  at: number,
  by = '',
): ExceptionChange {
  const { id, kind, subject, since, title, severity, moneyAtRisk, deadline } = exception;
  const { sku = '', node = '', channel = '', order = '', source = '' } = exception;
  return {
    id,
    kind,
    subject,
    change,
    at,
    since,
    title,
    severity,
    moneyAtRisk,
    deadline,
    sku,
    node,
    channel,
    order,
    source,
    by,
  };
}
