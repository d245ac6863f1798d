/** What stands around the figures of one SKU: what systems state of it, who waits for it, what is open about it, what rules it. */
import { z } from 'zod';
import { severities } from '../../../streams/events/exception-words.ts';

const time = z.int(); // epoch milliseconds, UTC

export const skuDetails = z.object({
  sku: z.string(),
  /** The newest statement of each system about each record, those that disagree first. */
  statements: z.array(
    z.object({
      source: z.string(),
      sourceName: z.string(),
      node: z.string(),
      measure: z.string(),
      stated: z.int(),
      /** Stated less ours as of then; 0 where it lies within what our figure can have been. */
      drift: z.int(),
      at: time,
      /** Since when it disagrees beyond the tolerance; null while it agrees. */
      since: time.nullable(),
    }),
  ),
  /** What each channel was told last that it may sell, beside what it might be told now. */
  told: z.array(
    z.object({ channel: z.string(), quantity: z.int(), atp: z.int(), at: time, atpNow: z.int().nullable() }),
  ),
  /** Order lines that wait for stock, in the order in which they are served; the first of many. */
  waiting: z.array(z.object({ order: z.string(), line: z.string(), quantity: z.int(), since: time })),
  waitingLines: z.int(),
  /** Exceptions that stand and name it, worst first. */
  exceptions: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      detail: z.string(),
      severity: z.enum(severities),
      node: z.string().nullable(),
      since: time,
    }),
  ),
  /** The settings and versions of rules behind its figures. */
  rules: z.array(z.object({ words: z.string(), value: z.string(), policy: z.string().nullable() })),
});
export type SkuDetails = z.infer<typeof skuDetails>;
