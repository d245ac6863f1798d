/** Files of whole answers, and what is sent to others on a schedule. */
import { z } from 'zod';
import { exportFormats } from './question-parts.ts';
import { metricQuestion } from './questions.ts';
import { sqlQuestion } from './sql-runs.ts';

const time = z.int(); // epoch milliseconds, UTC

export { type ExportFormat, exportFormats } from './question-parts.ts';

export const exportSubject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sql'), question: sqlQuestion }),
  z.object({ kind: z.literal('metrics'), question: metricQuestion }),
]);
export type ExportSubject = z.output<typeof exportSubject>;

export const exportRequest = z.object({
  of: exportSubject,
  format: z.enum(exportFormats),
  name: z.string().trim().min(1).max(120).default('answer'),
});
export type ExportRequest = z.output<typeof exportRequest>;

/** What is in the file and how it came to be. Complete once the file is. */
export const exportManifest = z.object({
  id: z.string(),
  name: z.string(),
  file: z.string(),
  format: z.enum(exportFormats),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  sql: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  askedBy: z.string(),
  askedAt: time,
  endedAt: time.nullable(),
  rows: z.int(),
  bytes: z.int(),
  /** SHA-256 of the file, hex. */
  sha256: z.string().nullable(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  dataAsOf: time.nullable(),
  eventsBehind: z.int(),
  /** Why there is no file, or not all of it: an export is whole or it has failed. */
  problem: z.string().nullable(),
});
export type ExportManifest = z.infer<typeof exportManifest>;
export const exportList = z.object({ items: z.array(exportManifest) });
