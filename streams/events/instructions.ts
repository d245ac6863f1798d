/** Instructions: what other systems must do for us, and what they answer. */
import { z } from 'zod';
import { text } from './fields.ts';

/** The idempotency key under which the instruction was told. */
const instruction = z.string().min(1).max(460);

export const instructionEvents = {
  /** The other system has done it. Saying so again changes nothing. */
  'instruction.confirmed': z.object({
    instruction,
    /** What the other system calls it. */
    reference: text.optional(),
    by: text.optional(),
  }),
  /** The other system cannot or will not do it; somebody has to decide. */
  'instruction.failed': z.object({ instruction, reason: text.min(1), by: text.optional() }),
  /** Told once more under the same key. */
  'instruction.repeated': z.object({ instruction, by: text }),
  /** Need not be done any more. */
  'instruction.withdrawn': z.object({ instruction, by: text, reason: text.optional() }),
};
