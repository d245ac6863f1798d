/** Policies about goods: what becomes of returns, and what counts as too much, too old or too near its date. */
import { z } from 'zod';
import { money, text } from './fields.ts';
import { dispositions } from './returns.ts';

const to = z.enum(dispositions);

export const stockPolicySchemas = {
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
  /** When stock is a burden: looked at once a week for every item. */
  excess: z.object({
    /** Stock beyond what sells in this time, and beyond safety stock, is excess. */
    horizonDays: z.int().min(1).max(1_000).default(90),
    /** Units that came so long ago are aged. Transfers between nodes make nothing younger. */
    agedAfterDays: z.int().min(1).max(2_000).default(180),
    /** Lots that expire within this time, and will not be sold by then, are at risk. */
    nearExpiryDays: z.int().min(1).max(1_000).default(30),
    /** Less than this at cost is not worth a planner's time, in minor units. */
    amountFrom: money.min(0).default(50_000),
  }),
};
