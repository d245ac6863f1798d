/** Who takes care of an exception: the first rule of the ownership policy that fits, else whom the catalog names. */
import type { Draft } from '../operations/draft.ts';
import { policyOf } from '../operations/policy.ts';
import type { ExceptionDefinition, Finding } from './rule.ts';

export function ownerOf(draft: Draft, { kind, area, owner }: ExceptionDefinition, { node }: Finding): string {
  const rule = policyOf(draft, 'ownership').rules.find(
    (one) =>
      (one.kind === undefined || one.kind === kind) &&
      (one.area === undefined || one.area === area) &&
      (one.node === undefined || one.node === node),
  );
  return rule?.owner ?? owner;
}
