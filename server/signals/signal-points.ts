/** What was judged of every series, in history: bands of the past for charts, scores for looking back. */
import { createHash } from 'node:crypto';
import type { JudgedPoint } from '../../analytics/anomalies/watching/watched.ts';
import { type HistoryClient, insertLines, queryRows } from '../../analytics/clickhouse/client.ts';
import { loadQuery } from '../../analytics/sql/load.ts';

/** Of one series; what is asked for at once is bounded. */
export const POINTS_READ_MAX = 60_000;

export type KeptPoint = {
  /** Start of the bucket, ms, and its width. */
  start: number;
  seconds: number;
  value: number | null;
  low: number;
  mid: number;
  high: number;
  score: number;
  alert: number;
  what: string;
};

/** A bucket that is judged again takes the place of what was kept of it. */
export async function keepPoints(
  history: HistoryClient,
  points: readonly JudgedPoint[],
  judgedAt: number,
): Promise<void> {
  const lines = points.map(({ series, at, to, value, low, mid, high, score, alert, what }) =>
    JSON.stringify({
      series: series.name,
      at: Math.floor(at / 1_000),
      seconds: Math.round((to - at) / 1_000),
      value,
      low: six(low),
      mid: six(mid),
      high: six(high),
      score: six(score),
      alert: six(alert),
      what,
      judged_at: judgedAt,
    }),
  );
  const text = lines.join('\n');
  await insertLines(history, 'signal_points', text, { token: createHash('sha256').update(text).digest('hex') });
}

export async function readPoints(
  history: HistoryClient,
  series: string,
  { from, to }: { from: number; to: number },
): Promise<KeptPoint[]> {
  const seconds = { from: Math.max(0, Math.floor(from / 1_000)), to: Math.max(0, Math.ceil(to / 1_000)) };
  return queryRows<KeptPoint>(history, loadQuery('signals/points'), { series, ...seconds, limit: POINTS_READ_MAX });
}

const six = (value: number): number => Number(value.toPrecision(6));
