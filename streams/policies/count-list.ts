/** The count list: which records are worth counting first, by the value of the differences that a count is expected to find. */
import type { RecordFacts } from '../operations/record-facts.ts';
import { logistic } from './confidence.ts';

/**
 * A record that is wrong is off by so many units, and by this share of what it says: the straight line through what was
 * found in the simulated company. See docs/accuracy.md.
 */
export const WRONG_UNITS = 4.6;
export const WRONG_SHARE = 0.02;
/** Where a picker found less than the record said, nearly nothing is left of it. */
export const FAILED_SHARE = 0.9;

export type CountValue = {
  /** The probability that a count finds a difference beyond the tolerance. */
  chance: number;
  /** Units of difference if it does. */
  units: number;
  /** Minor units that one unit of difference is worth. */
  worthPerUnit: number;
  /** What is expected to be found, in minor units: the product. */
  value: number;
};

/**
 * @param logOdds of the record being right
 * @param unitCost minor units; what a unit too many or too few in the books is worth
 * @param unitPrice minor units; units of what sells are missed by customers too
 */
export function countValue(
  facts: RecordFacts,
  logOdds: number,
  unitCost: number,
  unitPrice: number | undefined,
): CountValue {
  const chance = logistic(-logOdds);
  const onHand = Math.max(0, facts.onHand);
  const usual = WRONG_UNITS + WRONG_SHARE * onHand;
  const units = facts.pickFailures > 0 ? Math.max(usual, FAILED_SHARE * onHand) : usual;
  const sells = facts.units > 0;
  const worthPerUnit = sells ? Math.max(unitCost, unitPrice ?? 0) : unitCost;
  return { chance, units, worthPerUnit, value: chance * units * worthPerUnit };
}
