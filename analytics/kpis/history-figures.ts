/** Figures of KPIs that are worked out from history: ratios of sums of columns, and their spread. Null without data. */
import type { HistoryFigure, HistoryRow } from './definition.ts';

export const sumOfColumn = (rows: readonly HistoryRow[], column: string): number =>
  rows.reduce((sum, row) => sum + (row[column] ?? 0), 0);

/** `times` x sum of one column / sum of another; null while that is not above zero. */
export const ratioOfColumns =
  (part: string, whole: string, times = 1): HistoryFigure =>
  (rows) => {
    const below = sumOfColumn(rows, whole);
    return below > 0 ? (times * sumOfColumn(rows, part)) / below : null;
  };

/** The sum of a column; null where history has no row. */
export const totalOfColumn =
  (column: string): HistoryFigure =>
  (rows) =>
    rows.length === 0 ? null : sumOfColumn(rows, column);

/** Units for sale / mean units ordered a day: how long it lasts if it goes on like this. */
export const daysOfSupply: HistoryFigure = (rows) => {
  const days = rows.reduce((most, row) => Math.max(most, row['days'] ?? 0), 0);
  const ordered = sumOfColumn(rows, 'ordered');
  return ordered > 0 && days > 0 ? (sumOfColumn(rows, 'available') * days) / ordered : null;
};

/** Sold / (on hand when it began + received since). */
export const sellThrough: HistoryFigure = (rows, opening) => {
  const offered = sumOfColumn(opening, 'opening') + sumOfColumn(rows, 'received');
  return offered > 0 ? (100 * sumOfColumn(rows, 'sold')) / offered : null;
};

/** The time that a share of all units took at most, from rows of minutes and units; nearest rank, in hours. */
export const hoursToShare =
  (share: number): HistoryFigure =>
  (rows) => {
    const sorted = rows.filter(({ units = 0 }) => units > 0).sort((a, b) => a['minutes']! - b['minutes']!);
    const rank = share * sumOfColumn(sorted, 'units');
    let passed = 0;
    for (const { minutes = 0, units = 0 } of sorted) {
      passed += units;
      if (passed >= rank) return minutes / 60;
    }
    return null;
  };

type Moments = { lines: number; mean: number; deviation: number };

/** Mean and deviation (of all, not of a sample) from sums of lines, days and their squares; null of none. */
export function momentsOf(rows: readonly HistoryRow[]): Moments | null {
  const lines = sumOfColumn(rows, 'lines');
  if (lines <= 0) return null;
  const mean = sumOfColumn(rows, 'days') / lines;
  return { lines, mean, deviation: Math.sqrt(Math.max(0, sumOfColumn(rows, 'squares') / lines - mean * mean)) };
}
