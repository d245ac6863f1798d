/** When exceptions come due: four buckets, and a runway of quarter hours that shows the coming wave. */
import type { ExceptionLine } from '../../server/live/contract.ts';

const HOUR_MS = 3_600_000;
export const RUNWAY_STEP_MS = HOUR_MS / 4;
export const RUNWAY_BEFORE_MS = 2 * HOUR_MS;
export const RUNWAY_AFTER_MS = 8 * HOUR_MS;

export const dueBuckets = ['breached', 'hour', 'four-hours', 'later'] as const;
export type DueBucket = (typeof dueBuckets)[number];
export const dueWords: Record<DueBucket, string> = {
  breached: 'Breached',
  hour: 'Due in 1h',
  'four-hours': 'Due in 4h',
  later: 'Later',
};
export type DueSummary = {
  counts: Record<DueBucket, number>;
  /** Minor units by currency. */
  atRisk: Map<string, number>;
  runway: number[];
};

export function dueBucket(deadline: number | null, now: number): DueBucket {
  if (deadline === null) return 'later';
  if (deadline < now) return 'breached';
  if (deadline < now + HOUR_MS) return 'hour';
  return deadline < now + 4 * HOUR_MS ? 'four-hours' : 'later';
}

export function summarizeDue(rows: Iterable<ExceptionLine>, now: number): DueSummary {
  const counts: Record<DueBucket, number> = { breached: 0, hour: 0, 'four-hours': 0, later: 0 };
  const atRisk = new Map<string, number>();
  const runway = new Array<number>((RUNWAY_BEFORE_MS + RUNWAY_AFTER_MS) / RUNWAY_STEP_MS).fill(0);
  for (const row of rows) {
    counts[dueBucket(row.deadline, now)] += 1;
    atRisk.set(row.currency, (atRisk.get(row.currency) ?? 0) + row.moneyAtRisk);
    if (row.deadline === null) continue;
    const step = Math.floor((row.deadline - now + RUNWAY_BEFORE_MS) / RUNWAY_STEP_MS);
    if (step >= 0 && step < runway.length) runway[step]! += 1;
  }
  return { counts, atRisk, runway };
}
