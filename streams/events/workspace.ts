/** The workspace itself, and what clocks and detectors found in it. */
import { z } from 'zod';
import { currency, id, instant, text, timeZone } from './fields.ts';

export const LATENCY_BUCKETS_MAX = 400;

/** Of a state of ours, such as `MUG-1|BER-1`. */
const stateId = z.string().min(1).max(460);

export const workspaceEvents = {
  'workspace.configured': z.object({
    name: text,
    currency,
    timeZone: timeZone.default('UTC'),
    /** True while the workspace is fed by the simulated company; every page says so. */
    simulated: z.boolean().default(false),
    /** In `decide` we allocate; in `advise` another system does and we record what it did. */
    mode: z.enum(['advise', 'decide']).default('decide'),
    by: text.optional(),
  }),
  /** A deadline that some state had set went by. `subject` is the state's id, `clock` the source whose time it follows. */
  'deadline.passed': z.object({ kind: id, subject: stateId, due: instant, clock: id }),
  /** How long hops took, as counts per histogram bucket (see `durationBucketOf`). */
  'latency.measured': z.object({
    hop: z.enum(['accept', 'commit', 'push', 'display', 'event-to-screen']),
    counts: z.array(z.tuple([z.int().min(0), z.int().min(1)])).max(LATENCY_BUCKETS_MAX),
  }),
};
