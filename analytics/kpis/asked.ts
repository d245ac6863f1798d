/** How analysts ask a KPI that its terms do not say: rows of a view, when each counts, and what is made of them. */
import type { Term } from './terms.ts';

/** All texts are SQL over the views of analysts, written by us; values of a question never get into them. */
export type Asked = AskedTerms | AskedRows;

/** The running sum of steps of orders and lines: what is open. */
export type AskedTerms = {
  kind: 'level';
  terms: readonly Term[];
  clock?: Clock;
  /** Nothing is 0 as soon as there was an order, and not unknown. */
  emptyIsZero?: true;
};

export type AskedRows = {
  kind: 'rows';
  /** A view, or a SELECT over views without brackets around it. */
  rows: string;
  /** The column that says when a row counts. */
  moment: string;
  /**
   * The same summed per day and per hour of UTC, for levels, which count from the beginning: SELECTs that name the moment `at`,
   * and the columns that all of them have.
   */
  summed?: { day: string; hour: string; columns: readonly string[] };
  /** Which rows count. */
  where?: string;
  figure: AskedFigure;
  /** The column of each dimension. With `sku`, the dimensions of items come by themselves. */
  dimensions: Readonly<Record<string, string>>;
  /** Columns that are shown of the rows behind a figure. */
  shows: readonly string[];
  /** What one row adds to the figure: to a count or level, or to the two sides of a rate. */
  each?: string | { part: string; whole: string };
};

export type AskedFigure =
  /** An aggregate that adds up over groups and times. */
  | { kind: 'count'; value: string }
  /** Two such aggregates; `times` 100 makes percent. */
  | { kind: 'ratio'; part: string; whole: string; times?: number }
  /** Of durations in ms per row, with a weight per row that may be negative for rows taken back. */
  | { kind: 'quantile'; ms: string; weight?: string; share: number; unitMs: number }
  /** An aggregate of changes; the level is their running sum. */
  | { kind: 'level'; change: string; emptyIsZero?: true };

/** Which time of a step it counts at: its own, the promise to ship, or when open work passed its promise. */
export type Clock = 'step' | 'promise' | 'overdue';
