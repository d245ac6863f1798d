/** The work on an exception: which step leads from where to where. Pure; the condition is another machine. */
import { type Severity, severities, type WorkState } from '../events/exception-words.ts';
import type { OpenException } from '../operations/exception-state.ts';

export const workSteps = {
  acknowledged: { from: ['new'], to: 'acknowledged' },
  started: { from: ['new', 'acknowledged', 'snoozed'], to: 'in-progress' },
  /** Snoozed again, it sleeps until something else. */
  snoozed: { from: ['new', 'acknowledged', 'in-progress', 'snoozed'], to: 'snoozed' },
  /** Goes on where it was before. */
  woken: { from: ['snoozed'], to: 'before' },
  resolved: { from: ['new', 'acknowledged', 'in-progress', 'snoozed'], to: 'resolved' },
  dismissed: { from: ['new', 'acknowledged', 'in-progress', 'snoozed'], to: 'dismissed' },
  reopened: { from: ['resolved', 'dismissed'], to: 'new' },
} as const satisfies Record<string, { from: readonly WorkState[]; to: WorkState | 'before' }>;

export type WorkStep = keyof typeof workSteps;

/** @returns where the step leads, or null where it does not exist */
export function workAfter(known: Pick<OpenException, 'work' | 'snooze'>, step: WorkStep): WorkState | null {
  const { from, to } = workSteps[step];
  if (!(from as readonly WorkState[]).includes(known.work)) return null;
  return to === 'before' ? (known.snooze?.from ?? 'new') : to;
}

export type Amount = { moneyAtRisk: number; severity: Severity };

/** More money by at least this share, or a higher severity. From nothing, any amount is worse. */
export function isWorse(before: Amount, now: Amount, worsePercent: number): boolean {
  if (severities.indexOf(now.severity) < severities.indexOf(before.severity)) return true;
  const limit = before.moneyAtRisk + Math.abs(before.moneyAtRisk) * (worsePercent / 100);
  return now.moneyAtRisk > before.moneyAtRisk && now.moneyAtRisk >= limit;
}

/** Nobody is to do anything more about these, unless they get worse. */
export const isSettled = ({ work }: Pick<OpenException, 'work'>): boolean =>
  work === 'resolved' || work === 'dismissed';

/** Whether it is counted as open: it holds (or did a moment ago), and nobody has put it away for now. */
export const needsAttention = (exception: Pick<OpenException, 'condition' | 'work'>): boolean =>
  exception.condition !== 'pending' && exception.work !== 'snoozed' && !isSettled(exception);

/** Whether its money is at risk. A snooze stops no clock; what people have settled counts no more. */
export const isAtRisk = (exception: Pick<OpenException, 'condition' | 'work'>): boolean =>
  exception.condition !== 'pending' && !isSettled(exception);
