/** The audit as it is read: pages, what they can be filtered by, and whether the chain is whole. */
import { z } from 'zod';

const time = z.int(); // epoch milliseconds, UTC
export const AUDIT_PAGE_MAX = 200;

/** What entries are about: the part of their name before the dot, with words for it. */
export const auditKinds = {
  session: 'Sign-ins and sessions',
  account: 'People and roles',
  device: 'Wall screens',
  key: 'Machine keys',
  webhook: 'Webhook secrets',
  settings: 'Settings',
  policy: 'Policies',
  action: 'Actions',
  exception: 'Work on exceptions',
  'dead-letter': 'Replays and discards',
  export: 'Exports',
  board: 'Boards',
  'exception-view': 'Views',
} as const;

export const auditFilter = z.object({
  who: z.string().max(200).optional(),
  kind: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
});
export type AuditFilter = z.output<typeof auditFilter>;
export const auditQuery = auditFilter.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(AUDIT_PAGE_MAX).default(100),
});
export const auditEntry = z.object({
  seq: z.int(),
  at: time,
  who: z.string(),
  what: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type AuditEntryView = z.infer<typeof auditEntry>;
/** Newest first. `next` may be there although a page is short: the search goes on behind it. */
export const auditPage = z.object({ items: z.array(auditEntry), next: z.string().nullable() });
export const auditVerification = z.object({
  entries: z.int(),
  /** Of the oldest entry; null while there is none. */
  since: time.nullable(),
  /** The first entry whose seal does not fit; null: the chain is whole. */
  brokenAt: z.int().nullable(),
  checkedAt: time,
});
export type AuditVerification = z.infer<typeof auditVerification>;
