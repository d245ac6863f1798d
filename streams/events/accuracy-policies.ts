/** What the company has decided about its records: whose word counts, when a snapshot is doubted, how exact is exact. */
import { z } from 'zod';
import { bucket, id } from './fields.ts';

export const treatments = ['authoritative', 'advisory', 'ignored'] as const;
export type Treatment = (typeof treatments)[number];
export const assertedMeasure = z.union([bucket, z.enum(['available', 'on-hand'])]);

const share = z.number().min(0).max(1);

export const accuracyPolicySchemas = {
  /**
   * What a stated quantity does: `authoritative` moves stock to it, `advisory` only records the drift, `ignored` nothing.
   * The first rule that fits wins; what a rule leaves out fits everything.
   */
  assertion: z.object({
    rules: z
      .array(
        z.object({
          source: id.optional(),
          node: id.optional(),
          measure: assertedMeasure.optional(),
          treat: z.enum(treatments),
        }),
      )
      .max(500)
      .default([]),
    otherwise: z.enum(treatments).default('advisory'),
    /** A drift up to this many units, or up to this share of our figure if that is more, is agreement. */
    driftUnits: z.int().min(0).max(1_000_000).default(1),
    driftShare: share.default(0.01),
  }),
  /** When a snapshot changes too much at once to be believed without a person. */
  snapshot: z.object({
    /** Rows fewer, and rows more, than the snapshot before had, as a share of that. */
    rowsLostShare: share.default(0.2),
    rowsGainedShare: z.number().min(0).max(100).default(1),
    /** Change of the sum of all units against our figures, as a share of them. */
    sumShare: z.number().min(0).max(100).default(0.25),
    /** Rows that disagree with our figures beyond the tolerance, as a share of all rows. */
    changedShare: share.default(0.3),
    /** Snapshots of fewer rows are too small to judge by shares: they are believed. */
    rowsMin: z.int().min(1).max(100_000).default(20),
  }),
  /** How exact a record must be to count as right, and when its confidence is low. */
  accuracy: z.object({
    /** Difference that is still right, as a share of the record, by the item's class. Items without one are in class C. */
    toleranceA: share.default(0.01),
    toleranceB: share.default(0.03),
    toleranceC: share.default(0.05),
    /** A fast mover's confidence below the first opens an exception; from the second on it closes. */
    lowBelow: share.default(0.6),
    okFrom: share.default(0.8),
  }),
} as const satisfies Record<string, z.ZodObject>;
