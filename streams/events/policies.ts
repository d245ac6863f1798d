/** Policies: decisions the company has made about its decisions. One body per kind; an empty one is what holds by default. */
import { z } from 'zod';
import { text } from './fields.ts';

export const policySchemas = {
  /** Who is told about an exception, and when: the first rule that fits wins. */
  ownership: z.object({
    rules: z
      .array(z.object({ area: text.optional(), kind: text.optional(), node: text.optional(), owner: text }))
      .max(200)
      .default([]),
  }),
} as const satisfies Record<string, z.ZodObject>;

export type PolicyKind = keyof typeof policySchemas;
export type PolicyBody<K extends PolicyKind = PolicyKind> = z.output<(typeof policySchemas)[K]>;

export const policyKinds = Object.keys(policySchemas) as PolicyKind[];

const definitions = policyKinds.map((policy) =>
  z.object({ policy: z.literal(policy), body: policySchemas[policy], by: text.optional(), note: text.optional() }),
);

export const policyEvents = {
  /** What holds from `time` on; the newest wins whatever the order of arrival. */
  'policy.defined': z.discriminatedUnion('policy', definitions as [(typeof definitions)[number]]),
};
