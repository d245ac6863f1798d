/**
 * A rate as something that can be shared out: what is divided (the part), beside what it would have been at the usual rate of
 * each leaf. The weights of the leaves may have changed too: that is told apart, as the mix.
 */
import { total } from './leaves.ts';

/** A leaf with so few to divide by is half its own rate, half that of all. */
const OWN_FROM = 20;

export type Sides = { part: Float64Array; whole: Float64Array };
export type ExpectedRates = {
  actual: Float64Array;
  expected: Float64Array;
  /** What the part would have been at the expected rate of the whole. */
  expectedTotal: number;
  dispersion: number;
};

/**
 * @param now parts and wholes of the leaves in the window. @param weeks the same in earlier weeks
 * @param rate what was expected of all together, as part / whole; null: the rate of the weeks
 * @returns null when there is nothing to divide by
 */
export function expectRates(now: Sides, weeks: readonly Sides[], rate: number | null): ExpectedRates | null {
  const count = now.part.length;
  const [part, whole] = [new Float64Array(count), new Float64Array(count)];
  for (const week of weeks) {
    for (let i = 0; i < count; i++) {
      part[i] = part[i]! + week.part[i]!;
      whole[i] = whole[i]! + week.whole[i]!;
    }
  }
  const [parts, wholes, wholeNow] = [total(part), total(whole), total(now.whole)];
  if (wholes <= 0 || wholeNow <= 0) return null;
  const usual = parts / wholes;
  const scale = rate === null || usual === 0 ? 1 : rate / usual;
  const rates = part.map((one, i) => (one + OWN_FROM * usual) / (whole[i]! + OWN_FROM));
  return {
    actual: now.part,
    expected: rates.map((one, i) => one * scale * Math.max(0, now.whole[i]!)),
    expectedTotal: (rate ?? usual) * wholeNow,
    dispersion: dispersionOf(weeks, rates) * (1 + 1 / weeks.length),
  };
}

function dispersionOf(weeks: readonly Sides[], rates: Float64Array): number {
  let [squares, expected] = [0, 0];
  for (const { part, whole } of weeks) {
    for (let i = 0; i < rates.length; i++) {
      squares += (part[i]! - rates[i]! * whole[i]!) ** 2;
      expected += rates[i]! * whole[i]!;
    }
  }
  return expected > 0 ? Math.max(1, squares / expected) : 1;
}

/** What is missing from the whole: of a rate near 100 % the few failures tell more than the many successes. */
export const missing = ({ part, whole }: Sides): Sides => ({ part: whole.map((one, i) => one - part[i]!), whole });
