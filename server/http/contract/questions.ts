/** What analysts ask: measures by dimensions over time, and what is answered. The builder, boards, reports and files share it. */
import { z } from 'zod';
import { DIMENSIONS_MAX, FILTER_VALUES_MAX, FILTERS_MAX, MEASURES_MAX, questionGrains } from './question-parts.ts';

export {
  DIMENSIONS_MAX,
  FILTER_VALUES_MAX,
  FILTERS_MAX,
  MEASURES_MAX,
  type QuestionGrain,
  questionGrains,
} from './question-parts.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().min(1).max(80);

/** Groups that are answered one by one; the rest is summed as one group and named. */
export const GROUPS_MAX = 1_000;

/** `last` counts back from now (`28d`, `36h`, `12M`, `1y`); whole buckets of the grain, the running one included. */
export const period = z.union([
  z.object({ last: z.string().regex(/^[1-9]\d{0,3}[hdwMqy]$/, 'must be like 24h, 28d, 8w, 12M, 4q or 2y') }),
  z.object({ from: time, to: time }).refine(({ from, to }) => from < to, 'from must lie before to'),
]);
export type Period = z.infer<typeof period>;

export const comparison = z.union([
  z.enum(['previous-period', 'last-week', 'last-year']),
  z.object({ from: time, to: time }).refine(({ from, to }) => from < to, 'from must lie before to'),
]);
export type Comparison = z.infer<typeof comparison>;

export const questionFilter = z.object({
  dimension: name,
  is: z.enum(['in', 'not-in']),
  values: z.array(z.string().max(400)).min(1).max(FILTER_VALUES_MAX),
});
export type QuestionFilter = z.infer<typeof questionFilter>;

export const metricQuestion = z.object({
  /** Ids of KPIs. */
  measures: z.array(name).min(1).max(MEASURES_MAX),
  by: z.array(name).max(DIMENSIONS_MAX).default([]),
  grain: z.enum(questionGrains).default('day'),
  where: z.array(questionFilter).max(FILTERS_MAX).default([]),
  over: period,
  compare: comparison.nullable().default(null),
});
/** As somebody writes it, and with everything filled in. */
export type MetricQuestionInput = z.input<typeof metricQuestion>;
export type MetricQuestion = z.output<typeof metricQuestion>;

const figure = z.number().nullable();
export const point = z.tuple([time, figure]);

export const metricSeries = z.object({
  measure: name,
  /** Values of `by`, in its order; `null` in all places: the rest beyond GROUPS_MAX. */
  group: z.array(z.string().nullable()),
  points: z.array(point),
  total: figure,
  /** The same of what it is compared with, moved onto the asked period; null when nothing is compared. */
  compared: z.object({ points: z.array(point), total: figure }).nullable(),
});
export type MetricSeries = z.infer<typeof metricSeries>;

/** Of `{name:Type}` in a text. */
const boundValues = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]));

export const metricAnswer = z.object({
  question: metricQuestion,
  /** What was asked of history, as one may run and change it, with the values of its parameters. */
  sql: z.string(),
  parameters: boundValues,
  from: time,
  to: time,
  compared: z.object({ from: time, to: time }).nullable(),
  /** Per measure: the whole over all groups. */
  totals: z.array(z.object({ measure: name, total: figure, compared: figure })),
  series: z.array(metricSeries),
  /** How many groups there are beyond those shown. */
  groupsLeftOut: z.int(),
  /** Targets to be drawn in, in the measure's unit. */
  targets: z.array(z.object({ measure: name, target: z.number() })),
  /** Points that stood outside of what was expected. */
  anomalies: z.array(z.object({ measure: name, group: z.array(z.string().nullable()), at: time, title: z.string() })),
  /** Buckets that late steps changed after they were closed: when last, and how many steps came late. */
  restated: z.array(z.object({ measure: name, at: time, restatedAt: time, lateSteps: z.int() })),
  /** What was read: the finest of the roll-ups that was needed, or the rows themselves. */
  level: z.enum(['minute', 'hour', 'day', 'raw']),
  rowsRead: z.int(),
  ms: z.number(),
  /** The moment up to which history is complete, and how many events it is behind the live state. */
  dataAsOf: time.nullable(),
  eventsBehind: z.int(),
});
export type MetricAnswer = z.infer<typeof metricAnswer>;

/** What can be asked: KPIs as measures, and the dimensions each can be split by. */
export const askable = z.object({
  measures: z.array(
    z.object({
      id: name,
      name: z.string(),
      group: z.string(),
      unit: z.string(),
      direction: z.string(),
      question: z.string(),
      dimensions: z.array(name),
      grains: z.array(z.enum(questionGrains)),
      /** Stands at a moment instead of adding up: its total is the last one known. */
      isLevel: z.boolean(),
      /** Worked out by a query of its own: by one dimension at most, without filters, rows or shares of a change. */
      ownQuery: z.boolean(),
      target: z.number().nullable(),
      /** Why it cannot be asked here, such as events that no source sends; then it has no dimensions. */
      waitsFor: z.string().nullable(),
    }),
  ),
  dimensions: z.array(z.object({ id: name, name: z.string(), words: z.string() })),
});
export type Askable = z.infer<typeof askable>;

/** "What moved it": the change of one measure between two periods, shared out over the values of some dimensions. */
export const contributionQuestion = z.object({
  measure: name,
  by: z.array(name).min(1).max(DIMENSIONS_MAX),
  where: z.array(questionFilter).max(FILTERS_MAX).default([]),
  over: period,
  compare: comparison.default('previous-period'),
});
export type ContributionQuestion = z.output<typeof contributionQuestion>;
export const contributionAnswer = z.object({
  measure: name,
  from: time,
  to: time,
  compared: z.object({ from: time, to: time }),
  before: figure,
  after: figure,
  change: figure,
  /** Largest share first; the shares of all, `rest` included, add up to the change. */
  parts: z.array(
    z.object({
      group: z.array(z.string()),
      before: figure,
      after: figure,
      /** In the unit of the measure. Of a rate: by its own change (`rate`) and by its change of weight (`mix`). */
      change: z.number(),
      rate: z.number().nullable(),
      mix: z.number().nullable(),
    }),
  ),
  rest: z.object({ groups: z.int(), change: z.number() }).nullable(),
  ms: z.number(),
});
export type ContributionAnswer = z.infer<typeof contributionAnswer>;

/** The rows behind a figure, newest first. */
export const rowsQuestion = z.object({
  measure: name,
  where: z.array(questionFilter).max(FILTERS_MAX).default([]),
  over: period,
  limit: z.int().min(1).max(500).default(100),
  before: z.string().max(200).nullable().default(null),
});
export type RowsQuestion = z.output<typeof rowsQuestion>;
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const rowsAnswer = z.object({
  columns: z.array(z.object({ id: name, name: z.string(), type: z.string() })),
  rows: z.array(z.array(cell)),
  next: z.string().nullable(),
  sql: z.string(),
  parameters: boundValues,
  /**
   * How the rows make the figure: the sum of the column `adds`; the two sides of a rate in the columns `part` and `whole` (a row
   * with a whole and no part counts against); or none, for quantiles.
   */
  adds: z.enum(['sum', 'sides', 'none']),
});
export type RowsAnswer = z.infer<typeof rowsAnswer>;

export const dimensionValuesQuery = z.object({ search: z.string().max(100).default('') });
export const dimensionValues = z.object({
  /** Most frequent first. */
  values: z.array(z.object({ value: z.string(), name: z.string().nullable() })),
  /** There are more. */
  cut: z.boolean(),
});
export type DimensionValues = z.infer<typeof dimensionValues>;
