/** The rows of the sums of steps that answer for a time, each part of it at its own level. */
import { type LevelSpan, levels, tableOfLevel } from '../kpis/roll-up-level.ts';

export type LevelRows = {
  /** Columns of `kpi_minutes` and its like that are used. */
  columns: readonly string[];
  /** Which rows, such as `step = 'order-accepted' AND clock = 'step'`; without a clock a step counts twice. */
  where: string;
};

/** What stands behind FROM; a time without spans has no rows. */
export function levelRows(spans: readonly LevelSpan[], { columns, where }: LevelRows): string {
  const parts = levels.flatMap((level) => {
    const own = spans.filter((span) => span.level === level);
    if (own.length === 0) return [];
    const times = own.map(({ from, to }) => `at >= ${moment(from)} AND at < ${moment(to)}`);
    return [`SELECT ${columns.join(', ')} FROM ${tableOfLevel[level]} WHERE ${where} AND (${times.join(' OR ')})`];
  });
  if (parts.length === 0) return `(SELECT ${columns.join(', ')} FROM kpi_days WHERE false)`;
  return `(\n    ${parts.join('\n    UNION ALL\n    ')}\n)`;
}

const moment = (ms: number): string => `toDateTime(${Math.max(0, Math.round(ms / 1000))}, 'UTC')`;
