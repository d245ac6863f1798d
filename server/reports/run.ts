/** The life of one run: due, made, sent; tried again at growing distances, with an end; and never sent twice. */
import type { Report, ReportRun } from '../http/contract/reports.ts';

const MINUTE_MS = 60_000;
/** Between two tries. After the last one it has failed. */
export const RETRY_AFTER_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS];
/** Due for longer than this when it begins: the mail says so. */
const LATE_MS_MIN = 10 * MINUTE_MS;

/** A slot has one id, so that it has one run, whoever finds it due. */
export function dueRun(report: Pick<Report, 'id'>, slot: number, now: number, byHand = false): ReportRun {
  return {
    id: `${report.id}:${byHand ? 'by-hand-' : ''}${slot}`,
    report: report.id,
    slot,
    byHand,
    late: !byHand && now - slot > LATE_MS_MIN,
    state: 'waiting',
    attempts: 0,
    nextAttemptAt: now,
    endedAt: null,
    export: null,
    rows: null,
    rejected: [],
    problem: null,
  };
}

export const isOver = ({ state }: Pick<ReportRun, 'state'>) =>
  state === 'sent' || state === 'made' || state === 'failed' || state === 'uncertain';

/** @param final nothing would be different the next time */
export function afterFailure(run: ReportRun, problem: string, now: number, final: boolean): ReportRun {
  const attempts = run.attempts + 1;
  const wait = RETRY_AFTER_MS[attempts - 1];
  if (final || wait === undefined) return { ...run, state: 'failed', attempts, problem, endedAt: now };
  return { ...run, state: 'waiting', attempts, problem, nextAttemptAt: now + wait };
}

/** What whoever worked on it left behind when it ended in the middle. */
export function afterCrash(run: ReportRun, now: number): ReportRun {
  if (run.state === 'making') return afterFailure(run, 'The server ended while it was made.', now, false);
  if (run.state !== 'sending') return run;
  const problem = 'The server ended while the mail was handed over. It may have been sent, and is not sent again.';
  return { ...run, state: 'uncertain', problem, endedAt: now };
}
