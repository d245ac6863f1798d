/** What becomes of returned goods, by the reason they came back for. */
import { z } from 'zod';
import { text } from './fields.ts';
import { dispositions } from './returns.ts';

const to = z.enum(dispositions);

export const dispositionPolicySchemas = {
  /** What becomes of returned goods: the first rule whose reason and category fit. */
  disposition: z.object({
    rules: z
      .array(
        z.object({
          /** Compared without regard to case. */
          reason: text,
          /** Only for items of this category. */
          category: text.optional(),
          to,
          /** Somebody has to look at the goods first; without that it happens as they come in. */
          inspect: z.boolean().default(true),
        }),
      )
      .max(200)
      .default([
        { reason: 'damaged', to: 'damaged', inspect: true },
        { reason: 'defective', to: 'quarantined', inspect: true },
        { reason: 'expired', to: 'loss', inspect: true },
      ]),
    otherwise: z.object({ to, inspect: z.boolean().default(true) }).default({ to: 'sellable', inspect: true }),
    /** So long after they came back goods should have been judged. */
    judgeWithinHours: z.int().min(1).max(2_000).default(48),
  }),
};
