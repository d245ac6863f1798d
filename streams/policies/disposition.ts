/** Disposition: what becomes of goods that came back, by the reason they came back for. */
import type { PolicyBody } from '../events/policies.ts';

export type DispositionChoice = Pick<PolicyBody<'disposition'>['otherwise'], 'to' | 'inspect'> & {
  /** The place of the rule that decided, from 1; 0 when none fits. */
  rule: number;
};

/**
 * @param reason as the customer or the floor gave it
 * @param category of the item, where it has one
 */
export function dispositionFor(
  policy: PolicyBody<'disposition'>,
  reason: string,
  category: string | undefined,
): DispositionChoice {
  const said = reason.trim().toLowerCase();
  const index = policy.rules.findIndex(
    (rule) => rule.reason.trim().toLowerCase() === said && (rule.category === undefined || rule.category === category),
  );
  const { to, inspect } = policy.rules[index] ?? policy.otherwise;
  return { to, inspect, rule: index + 1 };
}
