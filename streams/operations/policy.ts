/** Policies as they stand: the newest definition of a kind, or its defaults. */
import type { EventOf } from '../events/index.ts';
import { type PolicyBody, type PolicyKind, policyKinds, policySchemas } from '../events/policies.ts';
import type { Draft } from './draft.ts';

const defaults = Object.fromEntries(policyKinds.map((kind) => [kind, policySchemas[kind].parse({})])) as {
  [K in PolicyKind]: PolicyBody<K>;
};

export const defaultPolicy = <K extends PolicyKind>(kind: K): PolicyBody<K> => defaults[kind];

export function policyOf<K extends PolicyKind>(draft: Draft, kind: K): PolicyBody<K> {
  return (draft.get('policy', kind)?.body as PolicyBody<K> | undefined) ?? defaults[kind];
}

/** Versions count the definitions that took effect; an older definition that arrives late stays in history only. */
export function policyDefined(draft: Draft, event: EventOf<'policy.defined'>): void {
  const { policy, body, by = event.source } = event.data;
  const known = draft.get('policy', policy);
  if (known !== undefined && event.occurredAt < known.definedAt) return;
  const version = (known?.version ?? 0) + 1;
  draft.put('policy', policy, { policy, body, version, definedAt: event.occurredAt, by });
}
