/** What the company has decided about its exceptions: when they count, how long they must hold, when they come back. */
import { z } from 'zod';
import { severities } from './exception-words.ts';
import { money } from './fields.ts';

const severity = z.enum(severities);
const minutes = z.number().min(0).max(10_080);

/** For one kind of exception. What is left out stays as its rule has it. */
const exceptionKind = z.object({
  /** Such a thing is no exception here. What is open closes when its state is judged again. */
  off: z.boolean().default(false),
  /** It must hold this long before it opens, and be gone this long before it closes. */
  holdMinutes: minutes.optional(),
  recoverMinutes: minutes.optional(),
  severityAtLeast: severity.optional(),
  severityAtMost: severity.optional(),
  /** Limits of the rule by their names in the catalog of exceptions. */
  thresholds: z.record(z.string().max(60), z.number()).default({}),
});

export const exceptionPolicySchemas = {
  /** From which amounts on exceptions are critical or high, and what holds for single kinds. */
  exceptions: z.object({
    criticalFrom: money.default(100_000),
    highFrom: money.default(20_000),
    /** What was resolved, dismissed or snoozed until worse comes back when this much more is at risk. */
    reopenWhenWorsePercent: z.number().min(0).max(10_000).default(20),
    kinds: z.record(z.string().max(60), exceptionKind).default({}),
  }),
} as const satisfies Record<string, z.ZodObject>;
