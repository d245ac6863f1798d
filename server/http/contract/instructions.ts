/** Instructions as the API tells them to whoever must act, and to those who watch whether they do. */
import { z } from 'zod';
import { PAGE_MAX } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
export const instructionStates = ['sent', 'overdue', 'failed', 'confirmed', 'withdrawn'] as const;

export const instructionsQuery = z.object({
  /** The `number` of the last instruction that was read; 0 for the beginning. */
  cursor: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(100),
  to: z.string().max(200).optional(),
  status: z.enum(instructionStates).optional(),
});

export const instructionView = z.object({
  /** The idempotency key: told again under the same key, it must have no further effect. */
  id: z.string(),
  /** Its place in the feed; one that is told again moves to the end. */
  number: z.int(),
  kind: z.string(),
  to: z.string(),
  at: time,
  body: z.looseObject({}),
  status: z.enum(instructionStates),
  attempts: z.int(),
  /** When an answer is due. */
  due: time.nullable(),
  answeredAt: time.nullable(),
  answeredBy: z.string(),
  answer: z.string(),
});
export type InstructionView = z.infer<typeof instructionView>;

export const instructionsAnswer = z.object({
  items: z.array(instructionView),
  /** Where to go on; ask again with it, now when `more` is true, else in a while. */
  cursor: z.int(),
  more: z.boolean(),
});
export type InstructionsAnswer = z.infer<typeof instructionsAnswer>;
export const confirmRequest = z.object({ reference: z.string().max(2_000).optional() });
export const failRequest = z.object({ reason: z.string().min(1).max(2_000) });
export const withdrawRequest = z.object({ reason: z.string().max(2_000).optional() });
