/** Files that a person hands in on the page: events as they are, or a table that a mapping turns into events. */
import { z } from 'zod';
import { currency, id, text, timeZone } from '../../../streams/events/fields.ts';

/** A table larger than this belongs on the command line, which reads files of any size. */
export const TABLE_BYTES_MAX = 8 * 1024 * 1024;
/** The browser sends a file of events in parts; more than this takes it too long. */
export const EVENTS_FILE_BYTES_MAX = 64 * 1024 * 1024;
/** Events of one part: of no more than this, every refused one is named. */
export const PART_EVENTS_MAX = 1_000;

export const importEventsQuery = z.object({
  /** Its name, for the audit log. */
  file: z.string().min(1).max(200),
});

const column = z.string().min(1).max(200);
const name = z.string().min(1).max(200);
const decimalMark = z.enum(['.', ',']).default('.');
const delimiter = z.enum([',', ';', '\t', '|']).default(',');

/** Order lines, one per row; rows of one order stand together. */
export const salesMapping = z.object({
  kind: z.literal('sales'),
  source: id,
  channel: id,
  node: id,
  timeZone,
  currency,
  delimiter,
  decimalMark,
  columns: z.object({
    order: column,
    time: column,
    sku: column,
    quantity: column,
    unitPrice: column,
    name: column.optional(),
  }),
  /** As luxon writes it, such as `dd.MM.yyyy HH:mm`; `iso` for ISO 8601. */
  timeFormat: z.string().min(1).max(60),
  /** Orders of a history have left: this long after they were placed. Left out: nothing is said of that. */
  dispatchedAfterHours: z.int().min(1).max(720).optional(),
  /** So much opening stock that it never goes below zero. */
  openingStock: z.boolean().default(true),
  /** What is not defined yet, and is defined with it. */
  defines: z
    .array(z.enum(['workspace', 'node', 'channel']))
    .max(3)
    .default([]),
  workspaceName: name.default('My company'),
});

/** What lies where, one SKU at one node per row: the opening balance. */
export const stockMapping = z.object({
  kind: z.literal('stock'),
  source: id,
  /** Where the file names none. */
  node: id,
  timeZone,
  currency,
  delimiter,
  decimalMark,
  columns: z.object({ sku: column, quantity: column, node: column.optional(), name: column.optional() }),
  /** The moment it was so. */
  at: z.iso.datetime({ offset: true }),
  defines: z
    .array(z.enum(['workspace', 'node']))
    .max(2)
    .default([]),
  workspaceName: name.default('My company'),
});

export const tableMapping = z.discriminatedUnion('kind', [
  salesMapping,
  stockMapping,
  z.object({ kind: z.literal('shipped'), name: z.enum(['online-retail']) }),
  z.object({ kind: z.literal('written'), yaml: z.string().max(1_000_000) }),
]);
export type TableMapping = z.output<typeof tableMapping>;
export type TableMappingInput = z.input<typeof tableMapping>;

export const tableImport = z.object({ csv: z.string(), mapping: tableMapping });

const outcome = z.object({
  name: text,
  kind: z.enum(['mapped', 'left out']),
  rows: z.int(),
  totals: z.record(z.string(), z.string()),
});
export const tableReport = z.object({
  rows: z.int(),
  outcomes: z.array(outcome),
  rejectedRows: z.int(),
  rejectedEvents: z.int(),
  /** The first ones, by the lines of the file. */
  rejected: z.array(z.object({ lines: z.array(z.int()), by: z.enum(['mapping', 'server']), problem: z.string() })),
  events: z.int(),
  eventsByType: z.record(z.string(), z.int()),
  notes: z.record(z.string(), z.int()),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export const tableAnswer = z.object({
  report: tableReport,
  /** CloudEvents in the order of the business, each with the lines it came from. Nothing has been sent yet. */
  events: z.array(z.object({ event: z.looseObject({}), lines: z.array(z.int()) })),
  /** The mapping as a file for the command line; null where the command line cannot use it. */
  mapping: z.string().nullable(),
});
export type TableAnswer = z.infer<typeof tableAnswer>;
