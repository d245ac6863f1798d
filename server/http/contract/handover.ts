/** Handing a shift over: what the next one must know, and the record of who told whom. */
import { z } from 'zod';
import { severities } from '../../../streams/events/exception-words.ts';
import { exceptionRow } from '../../live/contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().min(1).max(200);

export const handoverQuery = z.object({
  /** Only what is at this node. */
  node: name.optional(),
  /** What is closed and changed is told from then on; without it, since the last handover, or of the last eight hours. */
  since: z.coerce.number().int().min(0).optional(),
});

const row = exceptionRow.pick({
  id: true,
  kind: true,
  title: true,
  subject: true,
  severity: true,
  moneyAtRisk: true,
  currency: true,
  deadline: true,
  node: true,
  channel: true,
  assignee: true,
  work: true,
  version: true,
  snoozedUntil: true,
});
export type HandoverRow = z.infer<typeof row>;
const amount = { count: z.int(), moneyAtRisk: z.int() };

/** Somebody's word: a comment, or the reason of a snooze, that was marked as a promise. */
const promise = row.extend({ by: z.string(), at: time, words: z.string() });

export const handoverRecord = z.object({
  id: z.string(),
  at: time,
  node: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  notes: z.string(),
  /** How things stood when it was written. */
  open: z.object(amount),
  critical: z.int(),
  promised: z.int(),
  breachesNext: z.int(),
  /** Who took over, and what they said; null while nobody has. */
  taken: z.object({ by: z.string(), at: time, note: z.string() }).nullable(),
});
export type HandoverRecord = z.infer<typeof handoverRecord>;

export const handoverReport = z.object({
  asOf: time,
  node: z.string().nullable(),
  since: time,
  currency: z.string(),
  /** The newest handover of this scope. */
  last: handoverRecord.nullable(),
  open: z.object({
    ...amount,
    bySeverity: z.array(z.object({ severity: z.enum(severities), ...amount })),
    /** Empty assignee: nobody. */
    byAssignee: z.array(z.object({ assignee: z.string(), ...amount })),
    byOwner: z.array(z.object({ owner: z.string(), ...amount })),
  }),
  promised: z.object({
    snoozed: z.array(row),
    /** Wakes first comes first. */
    promises: z.array(promise),
    inWork: z.array(row),
  }),
  /** The earliest deadline first; `hours4` counts those within four hours. */
  breachesNext: z.object({ hours4: z.int(), hours8: z.int(), rows: z.array(row) }),
  breached: z.object(amount),
  /** Cut-offs of nodes within the next eight hours, with what is still to ship. */
  cutOffs: z.array(z.object({ node: z.string(), name: z.string(), timeZone: z.string(), at: time, orders: z.int() })),
  closed: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        severity: z.string(),
        moneyAtRisk: z.int(),
        at: time,
        how: z.enum(['resolved', 'dismissed', 'closed']),
        /** Empty: it was over by itself. */
        by: z.string(),
      }),
    ),
    byPerson: z.array(z.object({ by: z.string(), count: z.int() })),
    /** Over without anybody having resolved or dismissed it. */
    byThemselves: z.int(),
  }),
  /** False: history does not answer, and what was closed or opened is not known. */
  historyKnown: z.boolean(),
  changed: z.object({ opened: z.object(amount), closed: z.object(amount) }),
});
export type HandoverReport = z.infer<typeof handoverReport>;

export const handoversPage = z.object({ items: z.array(handoverRecord) });
export const handoversQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });
export const handoverRequest = z.object({
  /** Whom it is handed to, as events call people. */
  to: name,
  node: name.optional(),
  notes: z.string().trim().max(8_000).default(''),
});
export const takeOverRequest = z.object({ note: z.string().trim().max(2_000).default('') });
