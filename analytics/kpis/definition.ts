/** What a KPI is: its words, and how it is measured live and in SQL, side by side. */
import type { Event } from '../../streams/events/index.ts';
import type { Transition } from '../../streams/operations/effects.ts';
import type { Backlog, OpenException, Source, Totals, Wave } from '../../streams/operations/states.ts';
import type { Asked, Clock } from './asked.ts';
import type { Term } from './terms.ts';

/** A named sum in the KPI buckets. Several KPIs may share one. */
export type Measure = {
  name: string;
  /** What is added for a step; nothing when it is 0. Of durations: how often each was taken. */
  terms: readonly Term[];
  /** The moment it counts at, when that is not the step's own; null: it does not count. */
  at?: (step: Transition) => number | null;
  /** Which time that is, as the roll-ups name it; the step's own when absent. */
  clock?: Clock;
  /** Kept apart per currency (`revenue.EUR`) or per duration bucket (`cycle-time.231`). */
  per?: 'currency' | 'duration';
  /** Live, it is kept per hour and day only: minutes are many, and most figures are not watched by the minute. */
  grain?: 'hour';
};

/** Counted from events rather than from steps: each pair is the end of the measure's name and what is added. */
export type EventMeasure = { name: string; counts(event: Event): readonly (readonly [string | number, number])[] };

export type Gauges = {
  totals: readonly Totals[];
  backlogs: readonly Backlog[];
  waves: readonly Wave[];
  exceptions: readonly Pick<OpenException, 'moneyAtRisk' | 'channel' | 'node' | 'condition' | 'work'>[];
  sources?: readonly Pick<Source, 'source' | 'kind' | 'channel' | 'node' | 'lastReceivedAt'>[];
  /** The moment the figures speak of, epoch ms. */
  now: number;
  /** The workspace's. */
  currency?: string;
};
export type Filter = { channel?: string; node?: string; source?: string };

/** How the figure follows from bucket sums (flows), or from states (gauges). */
export type Live =
  /** Sum of some measures less the sum of others. Without a query of its own, its SQL follows from their terms. */
  | { kind: 'count'; plus: readonly Measure[]; minus?: readonly Measure[] }
  /** Sum of parts / sum of the whole, in percent unless `times` says 1; null while the whole is 0. */
  | { kind: 'ratio'; part: readonly Measure[]; whole: readonly Measure[]; times?: number }
  /** Quantile of the distribution of durations of that name, in units of `unitMs`. */
  | { kind: 'quantile'; of: string; share: number; unitMs: number }
  /** A level, read off the states. */
  | { kind: 'level'; read(gauges: Gauges, filter: Filter): number | null }
  /** Quantile of the age of open work, from its counts per age slot, in units of `unitMs`. */
  | { kind: 'age'; share: number; unitMs: number }
  /**
   * Worked out from history at the cadence of the KPI: to keep it with every event would cost more than it is worth. A
   * figure `of` a period is made of all rows in it (`opening`: those of its first bucket), one of a moment of those of
   * the bucket that ends then. As it stands, a period is the last `days`, today included.
   */
  | { kind: 'history'; of: 'period' | 'moment'; days: number; figure: HistoryFigure };

export type HistoryRow = Readonly<Record<string, number>>;
/** Pure; null without data. */
export type HistoryFigure = (rows: readonly HistoryRow[], opening: readonly HistoryRow[]) => number | null;

/** A named query in analytics/sql/kpis and the constants that choose this KPI in it. Rows are as series.ts expects. */
export type Sql = {
  file: string;
  parameters?: Readonly<Record<string, string | number>>;
  /** No row means a level of 0, as soon as there was an order; otherwise it means that nothing is known. */
  emptyIsZero?: true;
  /** Rows tell moments of arrival, and the level is the time since the oldest of them. */
  arrivals?: true;
};

export type Unit = 'count' | 'percent' | 'money' | 'milliseconds' | 'minutes' | 'hours' | 'days' | 'ratio' | 'perYear';
/** Under what a KPI is found by those who choose one, and the folder its file lies in. */
export const kpiGroups = [
  'sales',
  'promises',
  'fulfilment',
  'reservations',
  'returns',
  'stock',
  'procurement',
  'exceptions',
  'money',
  'data',
] as const;
export type KpiGroup = (typeof kpiGroups)[number];
/** Supplier, kind (of exception) and class (of item) are the causes of steps that are of no order. */
export type Dimension = 'channel' | 'node' | 'country' | 'source' | 'supplier' | 'kind' | 'class' | 'category';

export type Kpi = {
  id: string;
  name: string;
  question: string;
  formula: string;
  group: KpiGroup;
  /** Percentages are 0..100, money is in minor units of the workspace's currency. */
  unit: Unit;
  direction: 'up' | 'down' | 'none';
  /** Which time it is counted by. */
  clock: string;
  exclusions: string;
  owner: string;
  target: number | null;
  cadence: 'minute' | 'hour' | 'day';
  dimensions: readonly Dimension[];
  /** Beyond the first it needs a look, beyond the second somebody must act; in its unit. Null: its target alone tells. */
  thresholds: Thresholds | null;
  /** Types of the events it is made of. */
  sources: readonly Event['type'][];
  /** Raised when its meaning changes: figures of two versions are not the same measure. */
  version: number;
  /** Newest first. */
  changes: readonly { version: number; on: string; words: string }[];
  /** Kinds of exceptions that tell when it goes wrong, or why. */
  exceptions?: readonly string[];
  /** What must come before it can be known, where no source sends that yet. */
  waitsFor?: string;
  /** Its buckets may lie ahead of now; those do not count yet. */
  ahead?: true;
  /** What it counts was not told from the beginning: before the first order that was judged on acceptance it is unknown. */
  recordedSince?: 'judged-order';
  live: Live;
  /** Its own query; flows have one only where terms cannot say it. */
  sql?: Sql;
  /** How the metric builder asks it, where its terms do not say it. */
  asked?: Asked;
};
export type Thresholds = { look: number; act: number };

/** The change log of a KPI that has not changed since it was first defined. */
export const firstVersion = [{ version: 1, on: '2026-11-23', words: 'First definition.' }] as const;

export const defineKpi = (kpi: Kpi): Kpi => kpi;
export const defineMeasure = (measure: Measure): Measure => measure;
