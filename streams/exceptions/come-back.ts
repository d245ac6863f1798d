/** What was settled, or sleeps until it is worse, comes back when it is. Pure. */
import type { OpenException } from '../operations/exception-state.ts';
import { isSettled, isWorse } from './work-machine.ts';

export type ComeBack = { exception: OpenException; change: 'woken' | 'reopened'; words: string };

/**
 * @param said how it stands now; `settled` in it is how it stood when it was put away
 * @param worsePercent by how much more money it counts as worse
 * @returns the exception as it comes back, or null when it stays where it is
 */
export function comeBack(said: OpenException, worsePercent: number): ComeBack | null {
  const { settled, snooze, ...rest } = said;
  const sleeps = said.work === 'snoozed' && snooze?.until.worse === true;
  if (settled === undefined || (!sleeps && !isSettled(said)) || !isWorse(settled, said, worsePercent)) return null;
  const words = `worse: ${said.severity}, ${said.moneyAtRisk} at risk after ${settled.severity}, ${settled.moneyAtRisk}`;
  const version = said.version + 1;
  if (sleeps) return { exception: { ...rest, work: snooze.from, version }, change: 'woken', words };
  const { acknowledgedBy: _, acknowledgedAt: __, ...anew } = rest;
  return { exception: { ...anew, work: 'new', version }, change: 'reopened', words };
}
