/** Reports and their runs in Redis. */
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Report, ReportRun } from '../http/contract/reports.ts';
import { isOver } from './run.ts';

/** Of each report; older ones go. */
const RUNS_KEPT = 30;

export type KeptReport = Omit<Report, 'runs' | 'questionName'> & { nextAt: number | null };
export type KeptReports = ReturnType<typeof openKeptReports>;

export function openKeptReports(redis: Redis, keys: Keys) {
  const reports = keys.reports('all');
  const runs = keys.reports('runs');
  const parsed = <T>(all: Record<string, string>) => Object.values(all).map((text) => JSON.parse(text) as T);

  return {
    all: async () => parsed<KeptReport>(await redis.hGetAll(reports)),
    find: async (id: string): Promise<KeptReport | null> => {
      const text = await redis.hGet(reports, id);
      return text === null ? null : (JSON.parse(text) as KeptReport);
    },
    keep: (report: KeptReport) => redis.hSet(reports, report.id, JSON.stringify(report)),
    async remove(id: string): Promise<void> {
      const own = parsed<ReportRun>(await redis.hGetAll(runs)).filter((run) => run.report === id);
      await redis.hDel(reports, id);
      if (own.length > 0)
        await redis.hDel(
          runs,
          own.map((run) => run.id),
        );
    },
    /** Newest first. */
    runs: async () => parsed<ReportRun>(await redis.hGetAll(runs)).sort((a, b) => b.slot - a.slot),
    /** @returns false when this slot has its run already */
    begin: async (run: ReportRun) => (await redis.hSetNX(runs, run.id, JSON.stringify(run))) === 1,
    keepRun: (run: ReportRun) => redis.hSet(runs, run.id, JSON.stringify(run)),
    async forgetOld(): Promise<void> {
      const seen = new Map<string, number>();
      for (const run of parsed<ReportRun>(await redis.hGetAll(runs)).sort((a, b) => b.slot - a.slot)) {
        const count = (seen.get(run.report) ?? 0) + 1;
        seen.set(run.report, count);
        if (count > RUNS_KEPT && isOver(run)) await redis.hDel(runs, run.id);
      }
    },
  };
}
