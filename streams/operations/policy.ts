/** Policies as they stand: the newest definition of a kind, or its defaults. */
import type { EventOf } from '../events/index.ts';
import { type PolicyBody, type PolicyKind, policyKinds, policySchemas } from '../events/policies.ts';
import { type Draft, Refused } from './draft.ts';

const defaults = Object.fromEntries(policyKinds.map((kind) => [kind, policySchemas[kind].parse({})])) as {
  [K in PolicyKind]: PolicyBody<K>;
};

export const defaultPolicy = <K extends PolicyKind>(kind: K): PolicyBody<K> => defaults[kind];

export function policyOf<K extends PolicyKind>(draft: Draft, kind: K): PolicyBody<K> {
  return (draft.get('policy', kind)?.body as PolicyBody<K> | undefined) ?? defaults[kind];
}

/** Versions count the definitions that took effect; an older definition that arrives late stays in history only. */
export function policyDefined(draft: Draft, event: EventOf<'policy.defined'>): void {
  const { policy, body, basedOn, by = event.source } = event.data;
  const known = draft.get('policy', policy);
  if (known !== undefined && event.occurredAt < known.definedAt) return;
  const version = (known?.version ?? 0) + 1;
  if (basedOn !== undefined && basedOn !== version - 1) {
    throw new Refused(`the policy ${policy} is at version ${version - 1}; this one was made from ${basedOn}`);
  }
  draft.put('policy', policy, { policy, body, version, definedAt: event.occurredAt, by });
}
