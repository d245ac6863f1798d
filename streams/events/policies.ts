/** Policies: decisions the company has made about its decisions. One body per kind; an empty one is what holds by default. */
import { z } from 'zod';
import { accuracyPolicySchemas } from './accuracy-policies.ts';
import { alertPolicySchemas } from './alert-policies.ts';
import { allocationPolicySchemas } from './allocation-policies.ts';
import { exceptionPolicySchemas } from './exception-policies.ts';
import { money, text } from './fields.ts';
import { nodePolicySchemas } from './node-policies.ts';
import { orderPolicySchemas } from './order-policies.ts';
import { stockPolicySchemas } from './stock-policies.ts';

export const policySchemas = {
  /** Who is told about an exception, and when: the first rule that fits wins. */
  ownership: z.object({
    rules: z
      .array(z.object({ area: text.optional(), kind: text.optional(), node: text.optional(), owner: text }))
      .max(200)
      .default([]),
  }),
  ...exceptionPolicySchemas,
  ...alertPolicySchemas,
  ...allocationPolicySchemas,
  ...nodePolicySchemas,
  ...orderPolicySchemas,
  ...stockPolicySchemas,
  ...accuracyPolicySchemas,
  /** How long others may take to answer what they were told to do, and how often it is told in that time. */
  instructions: z.object({
    answerWithinMinutes: z.int().min(1).max(10_080).default(15),
    attempts: z.int().min(1).max(10).default(3),
  }),
  /** What Tideline costs and what better KPIs are worth: by these the return on it is reckoned. */
  benefit: z.object({
    /** The name of the baselines to compare with; the newest of each KPI when empty. */
    baseline: text.default(''),
    runCostPerMonth: money.min(0).default(0),
    /** What one unit of a KPI (a point of a percentage, a day, a minor unit) is worth in a month, in minor units. */
    values: z
      .array(z.object({ kpi: text, perUnitPerMonth: z.number() }))
      .max(100)
      .default([]),
  }),
} as const satisfies Record<string, z.ZodObject>;

export type PolicyKind = keyof typeof policySchemas;
export type PolicyBody<K extends PolicyKind = PolicyKind> = z.output<(typeof policySchemas)[K]>;

export const policyKinds = Object.keys(policySchemas) as PolicyKind[];

const definitions = policyKinds.map((policy) =>
  z.object({
    policy: z.literal(policy),
    body: policySchemas[policy],
    /** The version it was made from: refused when another one came in between. */
    basedOn: z.int().min(0).optional(),
    by: text.optional(),
    note: text.optional(),
  }),
);

export const policyEvents = {
  /** What holds from `time` on; the newest wins whatever the order of arrival. */
  'policy.defined': z.discriminatedUnion('policy', definitions as [(typeof definitions)[number]]),
};
