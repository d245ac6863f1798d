/**
 * What moved a figure: its change between two periods, shared out over groups so that the shares add up to it.
 *
 * Of a count the share of a group is its own change. Of a rate R = sum(part) / sum(whole), with r the rate of a group and s its
 * share of the whole, the change of r*s is parted symmetrically into
 *   rate  (s0 + s1) / 2 * (r1 - r0)           the group itself became better or worse
 *   mix   (r0 + r1) / 2 * (s1 - s0) - R' * (s1 - s0)   it became a greater or smaller part of all
 * where R' is the mean of both rates. The shares s add up to 1 in both periods, so R' * (s1 - s0) adds up to nothing: with it,
 * a group of less than average rate that shrinks is seen to lift the rate. After P. Das Gupta, "A general method of
 * decomposing a difference between two rates into several components", Demography 15 (1978), for two factors.
 */

export type Sides = { part: number; whole: number };
export type Moved<G> = {
  group: G;
  before: number | null;
  after: number | null;
  change: number;
  rate: number | null;
  mix: number | null;
};

export function movedCounts<G>(
  groups: readonly { group: G; before: number | null; after: number | null }[],
): Moved<G>[] {
  return groups.map(({ group, before, after }) => ({
    group,
    before,
    after,
    change: (after ?? 0) - (before ?? 0),
    rate: null,
    mix: null,
  }));
}

/** @param times 100 for percent. @returns null when either period has nothing to divide by: then there is no change to share */
export function movedRates<G>(
  groups: readonly { group: G; before: Sides; after: Sides }[],
  times: number,
): { before: number; after: number; parts: Moved<G>[] } | null {
  const before = sumOf(groups.map((one) => one.before));
  const after = sumOf(groups.map((one) => one.after));
  if (before.whole <= 0 || after.whole <= 0) return null;
  const mean = (rateOf(before)! + rateOf(after)!) / 2;
  const parts = groups.map(({ group, before: then, after: now }): Moved<G> => {
    const [s0, s1] = [then.whole / before.whole, now.whole / after.whole];
    const [r0, r1] = [rateOf(then), rateOf(now)];
    const whole = now.part / after.whole - then.part / before.whole;
    // A group that is there in one period only has no rate to change.
    const rate = r0 === null || r1 === null ? 0 : ((s0 + s1) / 2) * (r1 - r0);
    const mix = whole - rate - mean * (s1 - s0);
    return {
      group,
      before: r0 === null ? null : times * r0,
      after: r1 === null ? null : times * r1,
      change: times * (rate + mix),
      rate: times * rate,
      mix: times * mix,
    };
  });
  return { before: times * rateOf(before)!, after: times * rateOf(after)!, parts };
}

/** Largest share first; what does not fit is added up. */
export function largestFirst<G>(
  parts: readonly Moved<G>[],
  max: number,
): { parts: Moved<G>[]; rest: { groups: number; change: number } | null } {
  const sorted = [...parts].sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const left = sorted.slice(max);
  const rest =
    left.length === 0 ? null : { groups: left.length, change: left.reduce((sum, { change }) => sum + change, 0) };
  return { parts: sorted.slice(0, max), rest };
}

const rateOf = ({ part, whole }: Sides): number | null => (whole > 0 ? part / whole : null);
const sumOf = (sides: readonly Sides[]): Sides =>
  sides.reduce((sum, { part, whole }) => ({ part: sum.part + part, whole: sum.whole + whole }), { part: 0, whole: 0 });
