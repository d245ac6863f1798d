/** Publication: when a channel has to be told anew what it may sell. */
import type { PolicyBody } from '../events/policies.ts';

export type PublicationRule = PolicyBody<'publication'>['channels'][number];

/** What a channel may be shown: never below zero, never more than the rule allows. */
export const shownUnits = (atp: number, rule: PublicationRule): number =>
  Math.min(Math.max(0, atp), rule.unitsMax ?? Number.POSITIVE_INFINITY);

/**
 * Few units are told exactly, many only when they change by much, so that a busy item does not shout. Sold out is always
 * told; back on sale only from a number of units on, so that one unit that comes and goes does not flicker.
 * @param told what the channel was told last; null when it was told nothing
 * @returns the number to tell now; null when what it knows will do
 */
export function tellNow(told: number | null, atp: number, rule: PublicationRule): number | null {
  const shown = shownUnits(atp, rule);
  if (told === null) return shown;
  if (shown === told) return null;
  if (shown === 0) return 0;
  if (told === 0) return shown >= rule.backFrom ? shown : null;
  if (Math.min(shown, told) <= rule.exactUpTo) return shown;
  return Math.abs(shown - told) >= rule.changeShare * told ? shown : null;
}
