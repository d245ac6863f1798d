/** The mapping format: how the rows of somebody's file become events of ours. docs/replay.md explains it with examples. */
import { z } from 'zod';
import { currency, id, text, timeZone } from '../../streams/events/fields.ts';
import { isEventType } from '../../streams/events/index.ts';

const name = z.string().regex(/^[A-Za-z][\w-]{0,59}$/, 'must be a name: a letter, then letters, digits, "-" or "_"');
const words = z.string().min(1).max(200);

const DURATION_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** `90s`, `30m`, `24h`, `7d`; kept as ms. A day is 24 hours, also when clocks change. */
export const duration = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'must be a number and s, m, h or d, such as 24h')
  .transform((written) => Number(written.slice(0, -1)) * DURATION_MS[written.at(-1) as keyof typeof DURATION_MS]);

const pattern = z.string().max(500).refine(isPattern, 'is not a regular expression');
const column = z.string().min(1).max(200);
const rounding = z.enum(['reject', 'half-up', 'half-even']).default('reject');
const fromColumn = { column, optional: z.boolean().default(false) };
const marks = {
  decimalMark: z.enum(['.', ',']).default('.'),
  thousandsMark: z.enum([',', '.', ' ', "'"]).optional(),
};

const field = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    ...fromColumn,
    default: text.optional(),
    trim: z.boolean().default(true),
    case: z.enum(['upper', 'lower']).optional(),
    replace: z.strictObject({ pattern, with: z.string().max(200) }).optional(),
  }),
  z.strictObject({ type: z.literal('integer'), ...fromColumn, ...marks }),
  z.strictObject({ type: z.literal('decimal'), ...fromColumn, ...marks }),
  z.strictObject({ type: z.literal('money'), ...fromColumn, ...marks, currency, rounding }),
  z.strictObject({
    type: z.literal('datetime'),
    ...fromColumn,
    format: z.union([words, z.array(words).min(1).max(10)]).transform((one) => (Array.isArray(one) ? one : [one])),
    zone: timeZone,
    ambiguous: z.enum(['first', 'second', 'reject']).default('first'),
    missing: z.enum(['later', 'reject']).default('later'),
  }),
  /** Of exact values; rounded once, at the end, when a currency is given. */
  z.strictObject({ type: z.literal('product'), of: z.tuple([name, name]), currency: currency.optional(), rounding }),
  z.strictObject({ type: z.literal('absolute'), of: name }),
]);
export type Field = z.output<typeof field>;

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | {
      field: string;
      is?: string | number;
      in?: (string | number)[];
      matches?: string;
      ignoreCase?: boolean;
      below?: number;
      above?: number;
      atLeast?: number;
      atMost?: number;
      empty?: boolean;
    };

const operand = z.union([z.string().max(2_000), z.number()]);
const test = z
  .strictObject({
    field: name,
    is: operand.optional(),
    in: z.array(operand).min(1).max(1_000).optional(),
    matches: pattern.optional(),
    ignoreCase: z.boolean().optional(),
    below: z.number().optional(),
    above: z.number().optional(),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    empty: z.boolean().optional(),
  })
  .refine(
    (one) => Object.keys(one).some((key) => key !== 'field' && key !== 'ignoreCase'),
    'needs one of is, in, matches, below, above, atLeast, atMost, empty',
  );
const conditions = z.lazy(() => z.array(condition).min(1).max(50));
const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: conditions }),
    z.strictObject({ any: conditions }),
    z.strictObject({ not: condition }),
    test,
  ]),
);

const eventType = z.string().refine(isEventType, 'is not in the event catalog');
const data = z.record(z.string(), z.json());
const made = z.strictObject({ type: eventType, id: words, after: duration.default(0), data });
export type MadeEvent = z.output<typeof made>;
const fixed = z.strictObject({ type: eventType, id: words, data });

const group = z.strictObject({
  by: words,
  /** Rows of other groups that may lie between two rows of this one. 0: rows stand together. */
  gapRows: z.int().min(0).max(100_000).default(0),
  events: z.array(made).min(1).max(20),
});
export type Group = z.output<typeof group>;

const rule = z
  .strictObject({
    name: words,
    when: condition.optional(),
    reverses: z.strictObject({ group: name, same: z.array(name).min(1).max(10), within: duration }).optional(),
    leaveOut: words.optional(),
    lineOf: name.optional(),
    events: z.array(made).min(1).max(20).optional(),
  })
  .refine(
    (one) => [one.leaveOut, one.lineOf, one.events].filter((then) => then !== undefined).length === 1,
    'needs exactly one of leaveOut, lineOf, events',
  );
export type Rule = z.output<typeof rule>;

const taken = z.strictObject({ field: name, take: z.enum(['first', 'last']).default('last') });

export const mapping = z.strictObject({
  tidelineMapping: z.literal(1),
  name: words,
  /** The CloudEvents source of every event made here; with the event's id it is what makes a second replay harmless. */
  source: id,
  file: z
    .strictObject({
      delimiter: z.string().min(1).max(3).default(','),
      /** Empty: the file does not quote. */
      quote: z.string().max(1).default('"'),
      encoding: z.enum(['utf-8', 'latin1']).default('utf-8'),
      /** False reads the whole file into memory first and sorts it. */
      sorted: z.boolean().default(true),
      /** How much older than an earlier row a row of a sorted file may be. */
      disorder: duration.default(3_600_000),
    })
    .prefault({}),
  fields: z.record(name, field),
  time: name,
  zone: timeZone.default('UTC'),
  totals: z.array(name).max(10).default([]),
  preamble: z.array(fixed).max(100).default([]),
  items: z
    .strictObject({
      sku: name,
      from: z.array(words).max(50),
      name: taken.optional(),
      unitPrice: taken.optional(),
      data: data.default({}),
    })
    .optional(),
  stock: z
    .strictObject({
      node: id,
      /** `enough`: what keeps sellable stock from ever going below zero. A number: so many of each. */
      opening: z.union([z.literal('enough'), z.int().min(0).max(1_000_000_000)]),
      /** Then the opening covers the first period only, and each later one begins with what it will lack. */
      receiptsEvery: duration.refine((ms) => ms >= DURATION_MS.d, 'must be at least 1d').optional(),
    })
    .optional(),
  groups: z.record(name, group).default({}),
  rules: z.array(rule).min(1).max(200),
});
export type Mapping = z.output<typeof mapping>;

function isPattern(written: string): boolean {
  try {
    new RegExp(written, 'u');
    return true;
  } catch {
    return false;
  }
}
