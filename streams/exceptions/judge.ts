/** After an event, judges the states it touched and no others: what is found opens, changes and closes exceptions. */
import type { Event } from '../events/index.ts';
import type { Draft } from '../operations/draft.ts';
import { policyOf } from '../operations/policy.ts';
import { ids } from '../operations/states.ts';
import { exceptionRules } from './index.ts';
import { lower, raise } from './life.ts';
import { type ExceptionRule, type Finding, type Watched, within } from './rule.ts';

const rulesOf = Map.groupBy(exceptionRules, (rule) => rule.watches);

export function judgeTouched(draft: Draft, event: Event): void {
  for (const [kind, rules] of rulesOf) {
    const touched = draft.touched.get(kind);
    if (touched === undefined) continue;
    for (const subject of touched) for (const rule of rules) judge(draft, rule, subject, event);
  }
}

function judge(draft: Draft, rule: ExceptionRule, subject: string, event: Event): void {
  const state = draft.get(rule.watches, subject);
  if (state === undefined) {
    // The state went with the event: whatever was wrong with it is over.
    const known = draft.get('exception', ids.exception(rule.kind, subject));
    if (known !== undefined && known.condition !== 'recovering') lower(draft, rule, subject, event);
    return;
  }
  const held = state.openExceptions.includes(rule.kind);
  const finding = findingOf(rule, state, draft, held);
  if (finding === null) {
    if (!held) return;
    lower(draft, rule, subject, event);
    const openExceptions = state.openExceptions.filter((kind) => kind !== rule.kind);
    draft.put(rule.watches, subject, { ...state, openExceptions });
    return;
  }
  raise(draft, rule, subject, finding, event);
  if (held) return;
  draft.put(rule.watches, subject, { ...state, openExceptions: [...state.openExceptions, rule.kind] });
}

/** What a rule finds in a state, as the policy `exceptions` wants it: not at all, or within bounds of severity. */
export function findingOf<K extends keyof Watched>(
  rule: ExceptionRule<K>,
  state: Watched[K],
  draft: Draft,
  wasOpen: boolean,
): Finding | null {
  const finding = rule.test(state, draft, wasOpen);
  if (finding === null) return null;
  const policy = policyOf(draft, 'exceptions').kinds[rule.kind];
  if (policy === undefined) return finding;
  if (policy.off) return null;
  const severity = within(finding.severity, policy.severityAtLeast, policy.severityAtMost);
  return severity === finding.severity ? finding : { ...finding, severity };
}
