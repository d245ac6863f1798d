/** What is watched for the unexpected, what was expected of it, and what is planned that changes figures. */
import { z } from 'zod';
import { anomalyShapes, plannedKinds } from '../../../streams/events/signals.ts';
import { pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().min(1).max(200);
const shape = z.enum([...anomalyShapes, 'normal']);

/** One thing at most besides the KPI; of the whole workspace without any. */
export const watchedParts = ['channel', 'node', 'source', 'sku'] as const;
export type WatchedPart = (typeof watchedParts)[number];
const part = { channel: name.optional(), node: name.optional(), source: name.optional(), sku: name.optional() };
export type SeriesPart = { [P in WatchedPart]?: string | undefined };

/** As policies and messages name a series: `orders`, `orders/channel=web`. */
export function seriesName(kpi: string, of: SeriesPart): string {
  const named = watchedParts.find((one) => of[one] !== undefined);
  return named === undefined ? kpi : `${kpi}/${named}=${of[named]}`;
}

const isOnePart = (query: SeriesPart): boolean => watchedParts.filter((one) => query[one] !== undefined).length <= 1;
const ONE_PART = 'name at most one of channel, node, source and sku';

// --- Bands
/** Ten minutes, in ms: the finest step at which anything is watched. Finer charts are given its share. */
export const BAND_STEP_MIN_MS = 60_000;
export const BAND_POINTS_MAX = 5_000;

export const bandQuery = z
  .object({
    kpi: name,
    ...part,
    /** Without both, the last two days and what is expected of the next few hours. */
    from: z.coerce.number().int().optional(),
    /** May lie ahead, by up to a week. */
    to: z.coerce.number().int().optional(),
    /** Width of a point of the chart, ms; that of the series when left out. Of counts and amounts the band is per step. */
    step: z.coerce
      .number()
      .int()
      .min(BAND_STEP_MIN_MS)
      .max(7 * 86_400_000)
      .optional(),
  })
  .refine(isOnePart, ONE_PART);
export type BandQuery = z.output<typeof bandQuery>;

/** `low` is never above `mid`, `mid` never above `high`. Null where nothing is known. */
export const bandPoint = z.object({
  at: time,
  low: z.number().nullable(),
  mid: z.number().nullable(),
  high: z.number().nullable(),
  /** As it was judged at the time, which late events may have changed since. Null ahead, and where nothing was known. */
  value: z.number().nullable(),
  /** 0 to 1: how surprising it was. Of several points the highest. */
  score: z.number().nullable(),
});
export type BandPoint = z.output<typeof bandPoint>;

/** A time during which the series was outside of what was expected. */
export const bandAnomaly = z.object({
  from: time,
  /** Null while it lasts. */
  to: time.nullable(),
  what: shape,
  score: z.number(),
  /** `kind:subject` of the exception that tells of it. */
  exception: z.string(),
});

export const bandAnswer = z.object({
  kpi: z.string(),
  ...part,
  name: z.string(),
  unit: z.string(),
  from: time,
  to: time,
  stepMs: z.int(),
  /** Width of what is judged, ms: a chart with finer steps is given a share of it, a coarser one several. */
  grainMs: z.int(),
  /** From here on it is expected and not yet seen. */
  knownUntil: time,
  /** 0 to 1: how much of what it needs it has learned. */
  warm: z.number(),
  /** Empty while nothing was learned, or when the series is not watched (see `why`). */
  points: z.array(bandPoint),
  anomalies: z.array(bandAnomaly),
  /** What is planned in this time and concerns the series. */
  planned: z.array(z.object({ entry: z.string(), kind: z.enum(plannedKinds), name: z.string(), from: time, to: time })),
  /** Why there is no band, in words; null when there is one. */
  why: z.string().nullable(),
});
export type BandAnswer = z.output<typeof bandAnswer>;

// --- What is watched
export const signalStates = ['warming', 'quiet', 'out', 'no-data', 'off'] as const;
export type SignalState = (typeof signalStates)[number];

export const signalsQuery = pageQuery.extend({
  kpi: name.optional(),
  ...part,
  state: z.enum(signalStates).optional(),
});

export const watchedSeries = z.object({
  /** `orders/channel=web` */
  series: z.string(),
  kpi: z.string(),
  ...part,
  /** Of the KPI, in words. */
  name: z.string(),
  unit: z.string(),
  /** Width of a point, ms. */
  grainMs: z.int(),
  state: z.enum(signalStates),
  /** 0 to 1: how much of what it needs it has learned. */
  warm: z.number(),
  points: z.int(),
  learnedSince: time,
  /** The newest point that was judged; `value` null: nothing was known of it. */
  last: z
    .object({
      at: time,
      value: z.number().nullable(),
      low: z.number(),
      expected: z.number(),
      high: z.number(),
      score: z.number(),
      what: shape,
    })
    .nullable(),
  /** Since when it is outside of its band; `toldBy`: the series in whose name people are told, which may be another. */
  out: z.object({ since: time, what: shape, score: z.number(), toldBy: z.string() }).nullable(),
  /** What it needs to be told: a score, by the policy `signals`. */
  scoreAtLeast: z.number(),
  /** What is kept of it, bytes. */
  bytes: z.int(),
});
export type WatchedSeries = z.output<typeof watchedSeries>;

export const signalsAnswer = z.object({
  items: z.array(watchedSeries),
  next: z.string().nullable(),
  counts: z.object({
    all: z.int(),
    warming: z.int(),
    quiet: z.int(),
    out: z.int(),
    'no-data': z.int(),
    off: z.int(),
  }),
  /** There may be at most this many; what sells or happens most comes first. */
  seriesMax: z.int(),
  /** What could not be watched for that bound. */
  leftOut: z.int(),
  /** Everything up to here was judged. Null until the first round. */
  judgedUntil: time.nullable(),
  /** `waiting`: history or business is behind; `why` says for what. */
  job: z.object({ state: z.enum(['off', 'warming', 'running', 'waiting']), why: z.string() }),
  /** What it takes. */
  effort: z.object({
    /** Of the last round: wall time in all, of which reading history, and points judged. */
    roundMs: z.number(),
    readMs: z.number(),
    points: z.int(),
    /** Judging and learning, of one point, over the last rounds. */
    microsPerPoint: z.number(),
    bytes: z.int(),
  }),
});
export type SignalsAnswer = z.output<typeof signalsAnswer>;

// --- What is planned
export const CALENDAR_ENTRIES_MAX = 2_000;
const id = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^|\p{Cc}\p{Cs}]+$/u, 'must not contain "|" or control characters');
const plan = {
  kind: z.enum(plannedKinds),
  name: z.string().trim().min(1).max(200),
  from: time,
  /** Not included. */
  to: time,
  channel: id.optional(),
  node: id.optional(),
  skus: z.array(id).max(500).optional(),
  category: id.optional(),
  /** How much more or less is expected, in percent, where somebody knows. */
  effectPercent: z.number().min(-100).max(10_000).optional(),
};
export const calendarPlan = z
  .object({
    /** Without one, a new entry is made. */
    entry: id.optional(),
    /** What the change was made from: 409 when somebody else was faster. 0 for a new one. */
    version: z.int().min(0).default(0),
    ...plan,
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after from' });
export type CalendarPlan = z.output<typeof calendarPlan>;

export const calendarQuery = z.object({
  /** Those that touch this time. */
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
  kind: z.enum(plannedKinds).optional(),
});
export const calendarEntry = z.object({
  entry: z.string(),
  ...plan,
  version: z.int(),
  by: z.string().nullable(),
  changedAt: time,
});
export type CalendarEntryView = z.output<typeof calendarEntry>;
/** By when they begin. */
export const calendarAnswer = z.object({ items: z.array(calendarEntry) });
export type CalendarAnswer = z.output<typeof calendarAnswer>;
