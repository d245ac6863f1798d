/** Snapshots: everything a system has of one measure at one node, believed or doubted as a whole. */
import { z } from 'zod';
import { assertedMeasure, treatments } from './accuracy-policies.ts';
import { id, signedQuantity, text } from './fields.ts';

export const SNAPSHOT_ROWS_MAX = 20_000;
export const SNAPSHOT_PARTS_MAX = 5;

const author = text.min(1);

export const snapshotEvents = {
  /**
   * A system states everything it has of one measure at one node, as of `observedtime`: believed or doubted as a whole.
   * One of more rows than fit into an event comes in parts, in any order.
   */
  'stock.snapshot': z
    .object({
      snapshot: id,
      node: id,
      measure: assertedMeasure,
      /** Whether what is not listed is stated to be zero. */
      complete: z.boolean().default(false),
      part: z.int().min(1).max(SNAPSHOT_PARTS_MAX).default(1),
      parts: z.int().min(1).max(SNAPSHOT_PARTS_MAX).default(1),
      rows: z.array(z.object({ sku: id, quantity: signedQuantity })).max(SNAPSHOT_ROWS_MAX),
      policy: z.enum(treatments).optional(),
    })
    .refine(({ part, parts }) => part <= parts, 'part must not be beyond parts'),
  /** A person believes a snapshot that was quarantined: it takes effect as of the moment it speaks of. */
  'snapshot.approved': z.object({ snapshot: id, by: author, reason: text.min(1) }),
  /** A person does not: nothing of it takes effect. */
  'snapshot.rejected': z.object({ snapshot: id, by: author, reason: text.min(1) }),
};
