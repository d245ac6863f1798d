/** Excess: stock beyond what will sell, stock that came long ago, and lots that will not be sold before their date. */
import type { PolicyBody } from '../events/policies.ts';

const DAY_MS = 86_400_000;

export type DatedUnits = { units: number; expiresAt: number };

/**
 * @param onHand units on hand everywhere
 * @param perDay units sold in a day; null when it is too early to say, and then nothing is excess
 * @param reserve safety stock of all nodes
 */
export function excessUnits(
  { horizonDays }: PolicyBody<'excess'>,
  { onHand, perDay, reserve }: { onHand: number; perDay: number | null; reserve: number },
): number {
  if (perDay === null) return 0;
  return Math.max(0, onHand - Math.ceil(perDay * horizonDays) - reserve);
}

/**
 * Units of these lots that will be left on their dates when what expires first is sold first.
 * @param lots those with a date, in any order
 */
export function expiringUnits(
  { nearExpiryDays }: PolicyBody<'excess'>,
  { lots, perDay, at }: { lots: readonly DatedUnits[]; perDay: number | null; at: number },
): number {
  let [sold, left] = [0, 0];
  const firstToExpireFirst = [...lots].sort((a, b) => a.expiresAt - b.expiresAt);
  for (const { units, expiresAt } of firstToExpireFirst) {
    if (expiresAt > at + nearExpiryDays * DAY_MS) break;
    const sellableUntilThen = Math.floor(((perDay ?? 0) * Math.max(0, expiresAt - at)) / DAY_MS);
    const inTime = Math.min(units, Math.max(0, sellableUntilThen - sold));
    sold += inTime;
    left += units - inTime;
  }
  return left;
}
