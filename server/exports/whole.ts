/** Whole answers, as files, reports and machines ask for them. */
import type { Role } from '../http/contract/access.ts';
import type { ExportSubject } from '../http/contract/exports.ts';
import type { SqlParameters } from '../http/contract/sql-runs.ts';
import type { Column } from './cell-kinds.ts';

export type Asker = { id: string; name: string; role: Role };

export type Whole = {
  columns: readonly Column[];
  dataAsOf: number | null;
  eventsBehind: number;
  /** Asked for one by one; throws when the rest does not come. */
  pieces: AsyncIterable<Uint8Array>;
};

/** The runner of analysts' SQL, with its queue, its guard and its limits. @param format one of the engine's */
export type StreamWhole = (asked: {
  sql: string;
  parameters: SqlParameters;
  by: Asker;
  format: string;
  signal: AbortSignal;
}) => Promise<Whole>;

/** Answers what is asked in SQL or with the builder; `sql` is what was asked of the engine. @throws CannotAnswer */
export type AnswerWhole = (
  of: ExportSubject,
  by: Asker,
  format: string,
  signal: AbortSignal,
) => Promise<Whole & { sql: string; parameters: SqlParameters }>;

/** A question that cannot be answered: wrong, refused or over a limit. The words are for the person who asked. */
export class CannotAnswer extends Error {}
