/** Why a number is what it is: its parts, the rules and policies that made it, and the events behind it. */
import { z } from 'zod';
import { PAGE_MAX } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC

export const explainQuery = z.object({
  /**
   * `bucket:SKU|NODE|BUCKET`, `atp:SKU|NODE`, `atp:SKU@CHANNEL`, `promise:ORDER/LINE`, `exception:KIND:SUBJECT` or its
   * number, `confidence:SKU|NODE`.
   */
  number: z.string().min(5).max(600),
  /** Of the events: the `next` of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
});

export const explainedPart = z.object({
  words: z.string(),
  /** In the unit of the whole, signed as it counts there. */
  value: z.number(),
  /** What explains this part in turn; null when it stands for itself. */
  number: z.string().nullable(),
});

export const explanation = z.object({
  number: z.string(),
  /** What it is, in words. */
  name: z.string(),
  /** Null when it cannot be said. */
  value: z.number().nullable(),
  /** `money` is in minor units of `currency`, `time` in epoch milliseconds, `share` from 0 to 1. */
  unit: z.enum(['units', 'money', 'time', 'share']),
  currency: z.string().nullable(),
  formula: z.string(),
  parts: z.array(explainedPart),
  /** What the parts add up to: the number itself, something it follows from, or nothing, being inputs of the formula. */
  partsAddUpTo: z.object({ words: z.string(), value: z.number() }).nullable(),
  rules: z.array(z.object({ rule: z.string(), says: z.string() })),
  /** Policies that had a say, with the version that holds; version 0 is the default. */
  policies: z.array(z.object({ policy: z.string(), version: z.int(), definedAt: time.nullable(), by: z.string() })),
  /** What policies chose on the way here, newest first. */
  decisions: z.array(
    z.object({ at: time, policy: z.string(), outcome: z.string(), node: z.string(), inputs: z.looseObject({}) }),
  ),
  /** Newest first. */
  events: z.object({
    items: z.array(
      z.object({
        seq: z.int(),
        occurredAt: time,
        receivedAt: time,
        source: z.string(),
        id: z.string(),
        type: z.string(),
        words: z.string(),
        /** What it did to the number, and the number after it, where it is a sum of movements. */
        change: z.number().nullable(),
        balance: z.number().nullable(),
      }),
    ),
    next: z.string().nullable(),
  }),
  /** Numbers that are worth a look next. */
  related: z.array(z.string()),
  /** The sequence of the last event in the value. */
  asOf: z.int(),
  /** How far history, and with it the list of events, is behind the value. */
  eventsBehind: z.int(),
});
export type Explanation = z.infer<typeof explanation>;
