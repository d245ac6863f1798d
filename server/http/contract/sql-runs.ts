/** One's own SQL: what may be asked, what it would cost, a run and its answer. */
import { z } from 'zod';
import { cell } from './questions.ts';

const time = z.int(); // epoch milliseconds, UTC

export const SQL_CHARACTERS_MAX = 20_000;
export const PARAMETERS_MAX = 30;
/** Rows a screen is given; a file has no such limit. */
export const ROWS_SHOWN_MAX = 10_000;

export const parameterTypes = ['text', 'number', 'date', 'time', 'list'] as const;
/** `{name:Type}` in the text. Values are bound, never pasted. */
export const sqlParameters = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/),
  z.union([z.string().max(2_000), z.number(), z.array(z.string().max(400)).max(500)]),
);
export type SqlParameters = z.infer<typeof sqlParameters>;

export const sqlQuestion = z.object({
  sql: z.string().max(SQL_CHARACTERS_MAX),
  parameters: sqlParameters.default({}),
});
export type SqlQuestion = z.output<typeof sqlQuestion>;

export const sqlSchema = z.object({
  views: z.array(
    z.object({
      name: z.string(),
      words: z.string(),
      /** One row is one of these. */
      grain: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), words: z.string() })),
      examples: z.array(z.object({ question: z.string(), sql: z.string() })),
    }),
  ),
  functions: z.array(z.string()),
  limits: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type SqlSchema = z.infer<typeof sqlSchema>;

/** Where in the text something is wrong, 1-based, where that is known. */
export const sqlFault = z.object({
  what: z.string(),
  remedy: z.string().nullable(),
  line: z.int().nullable(),
  column: z.int().nullable(),
});
export type SqlFault = z.infer<typeof sqlFault>;

export const sqlCheck = z.object({
  /** As the engine would run it; null when it is refused. */
  canonical: z.string().nullable(),
  faults: z.array(sqlFault),
  /** Names and types of the parameters the text asks for. */
  parameters: z.array(z.object({ name: z.string(), type: z.string() })),
  views: z.array(z.string()),
  /** Null when the engine cannot tell. */
  estimate: z.object({ rows: z.int(), marks: z.int(), parts: z.int() }).nullable(),
});
export type SqlCheck = z.infer<typeof sqlCheck>;

export const runStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export const sqlRun = z.object({
  id: z.string(),
  sql: z.string(),
  parameters: sqlParameters,
  state: z.enum(runStates),
  /** Grows with every change: `after` it, the next state is waited for. */
  version: z.int(),
  /** How many runs of others and of one's own come first; null once it runs. */
  ahead: z.int().nullable(),
  askedAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  progress: z.object({ rowsRead: z.int(), bytesRead: z.int(), rowsToRead: z.int().nullable(), ms: z.number() }),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(cell)),
  rowCount: z.int(),
  /** The limit that ended the answer early, by name and value: `rows 10,000`. Null: this is all of it. */
  cut: z.object({ limit: z.string(), value: z.string(), remedy: z.string() }).nullable(),
  fault: sqlFault.nullable(),
  /** The age of what was read. */
  dataAsOf: time.nullable(),
  eventsBehind: z.int(),
});
export type SqlRun = z.infer<typeof sqlRun>;
/** A run without its rows, for the history of a person. */
export const sqlRunLine = sqlRun
  .omit({ rows: true, columns: true, progress: true, version: true, ahead: true })
  .extend({ ms: z.number().nullable() });
export type SqlRunLine = z.infer<typeof sqlRunLine>;
/** Answers at once when the run is past this version, else when it changes, at the latest after ten seconds. */
export const sqlRunQuery = z.object({ after: z.coerce.number().int().min(0).optional() });
export const sqlRunLines = z.object({ items: z.array(sqlRunLine) });
