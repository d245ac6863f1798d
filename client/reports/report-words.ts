/** What is known of a report, in words. Pure. */
import type { Report, ReportRun, ReportSchedule } from '../../server/http/contract/reports.ts';
import type { State } from '../status/states.ts';

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

export function scheduleWords({ days, at, timeZone }: ReportSchedule): string {
  const sorted = [...days].sort((a, b) => a - b);
  const all = sorted.join(',');
  const named =
    all === '1,2,3,4,5,6,7'
      ? 'Every day'
      : all === '1,2,3,4,5'
        ? 'Monday to Friday'
        : sorted.map((day) => weekdays[day - 1]).join(', ');
  return `${named} at ${at}, ${timeZone}`;
}

const outcomes: Record<ReportRun['state'], { words: string; state: State }> = {
  waiting: { words: 'Waits', state: 'stale' },
  making: { words: 'Is being made', state: 'stale' },
  sending: { words: 'Is being sent', state: 'stale' },
  sent: { words: 'Sent', state: 'ok' },
  made: { words: 'Made, not sent', state: 'ok' },
  failed: { words: 'Failed', state: 'critical' },
  uncertain: { words: 'Not certain that it was sent', state: 'high' },
};

export function outcomeOf(run: ReportRun): { words: string; state: State } {
  const { words, state } = outcomes[run.state];
  if (run.state === 'waiting' && run.attempts > 0) return { words: `Waits for try ${run.attempts + 1}`, state: 'high' };
  if (run.state === 'sent' && run.rejected.length > 0) return { words: 'Sent, not to all', state: 'high' };
  return { words: run.late ? `${words}, late` : words, state };
}

export const lastRun = ({ runs }: Report): ReportRun | null => runs[0] ?? null;

/** As somebody types them: separated by commas, semicolons, spaces or lines. */
export const addressesIn = (text: string): string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((part) => part !== '')),
];
