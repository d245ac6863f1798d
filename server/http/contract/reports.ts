/** What is sent to others on a schedule: a saved question, drawn and attached. */
import { z } from 'zod';
import { exportFormats } from './exports.ts';

const time = z.int(); // epoch milliseconds, UTC

export const RECIPIENTS_MAX = 20;
export const REPORTS_MAX = 100;

/** ISO weekdays, Monday is 1; a local time of the zone, whatever its clocks do. */
export const reportSchedule = z.object({
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 07:30'),
  timeZone: z.string().min(1).max(60).refine(isTimeZone, 'is no time zone, such as Europe/Berlin'),
});
export type ReportSchedule = z.output<typeof reportSchedule>;

/** Neither a line break nor a second address fits in. */
export const address = z
  .email('is no e-mail address')
  .max(254)
  .regex(/^[^\s,;<>"()]+$/, 'is no plain e-mail address');

export const reportRequest = z.object({
  /** Without one, a new report is made. */
  id: z.string().max(60).optional(),
  version: z.int().min(0).default(0),
  name: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .regex(/^[^\r\n]*$/, 'must be one line'),
  /** A saved question: one's own, or a shared one. */
  question: z.string().min(1).max(60),
  schedule: reportSchedule,
  recipients: z.array(address).min(1).max(RECIPIENTS_MAX),
  format: z.enum(exportFormats).default('xlsx'),
  paused: z.boolean().default(false),
});
export type ReportRequest = z.output<typeof reportRequest>;

/** `made`: there is a file and no mail server. `uncertain`: we ended while the mail was handed over; it is not sent again. */
export const reportRunStates = ['waiting', 'making', 'sending', 'sent', 'made', 'failed', 'uncertain'] as const;
export const reportRun = z.object({
  id: z.string(),
  report: z.string(),
  /** The moment it was due; of a run by hand, when it was asked for. */
  slot: time,
  byHand: z.boolean(),
  /** It was due while nothing ran, and is sent once. */
  late: z.boolean(),
  state: z.enum(reportRunStates),
  attempts: z.int(),
  nextAttemptAt: time,
  endedAt: time.nullable(),
  /** The export with the data, which its owner may fetch. */
  export: z.string().nullable(),
  rows: z.int().nullable(),
  /** Those that the mail server did not take. */
  rejected: z.array(z.string()),
  problem: z.string().nullable(),
});
export type ReportRun = z.output<typeof reportRun>;

export const report = reportRequest.omit({ id: true }).extend({
  id: z.string(),
  owner: z.string(),
  ownerName: z.string(),
  questionName: z.string().nullable(),
  changedAt: time,
  /** Null while it is paused. */
  nextAt: time.nullable(),
  runs: z.array(reportRun),
});
export type Report = z.output<typeof report>;

export const reportList = z.object({
  items: z.array(report),
  /** Null: no mail server is configured, and reports are made to be fetched. */
  mailFrom: z.string().nullable(),
});
export type ReportList = z.output<typeof reportList>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
