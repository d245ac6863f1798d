/** What somebody knows of a cause without having been told of its alert. Pure. */
import { severities } from '../../../streams/events/exception-words.ts';
import type { OpenException } from '../../../streams/operations/states.ts';
import { personTarget, type Target } from '../routing/resolve-recipients.ts';
import type { Told } from './alert-record.ts';
import type { Cause } from './causes.ts';

/**
 * They work on it, or were told of its parts.
 * @param knowsOf whether a target knows of an exception by another alert
 * @returns null: it is news to them
 */
export function knownBefore(
  target: Target,
  { lead, isHeaded, members, severity, moneyAtRisk, attendedBy }: Cause,
  now: number,
  knowsOf: (target: Target, number: string) => boolean,
): Told | null {
  const silently = { at: now, kind: 'opened', delivery: '', attended: attendedBy !== '' } as const;
  const did = [lead.acknowledgedBy, lead.lastWork?.by].some((by) => by && personTarget(by) === target);
  if (did) return { ...silently, severity, moneyAtRisk };
  const covered = members.filter(({ id }) => knowsOf(target, id));
  // A cause that has just been found is news, even to those who know all that follows from it.
  if (covered.length === 0 || (isHeaded && !covered.includes(lead))) return null;
  const ranks = covered.map((one) => severities.indexOf(one.severity));
  return {
    ...silently,
    severity: severities[ranks.reduce((worst, rank) => Math.min(worst, rank))]!,
    moneyAtRisk: covered.reduce((sum, one) => sum + one.moneyAtRisk, 0),
  };
}

/** Empty, unless it was given to them. */
export function assignedNote(target: Target, { assignee, lastWork }: OpenException): string {
  if (assignee === undefined || target !== personTarget(assignee)) return '';
  return lastWork?.what === 'assigned' ? `assigned to you by ${lastWork.by}` : 'assigned to you';
}

/**
 * Who is called back when a snooze is over: who put it to sleep, and those who are at it, else those who would be told.
 * @param woken those whose snooze is over
 */
export function calledBack(
  wanted: Iterable<Target>,
  { lead, attendedBy }: Cause,
  woken: readonly OpenException[],
  people: ReadonlyMap<string, unknown>,
): Target[] {
  const snoozers = woken.flatMap(({ lastWork }) => (lastWork?.what === 'snoozed' ? lastWork.by : []));
  const at = attendedBy === '' ? undefined : (lead.assignee ?? lead.acknowledgedBy);
  const asked = [...snoozers, ...(at === undefined ? [] : [at])].filter((name) => people.has(name.toLowerCase()));
  return [...new Set([...(at === undefined ? wanted : []), ...asked.map(personTarget)])];
}
