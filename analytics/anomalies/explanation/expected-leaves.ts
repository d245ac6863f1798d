/** What each leaf would have been: its share of the same hours in earlier weeks, of what was expected of the whole. */
import { type LeafDimension, total } from './leaves.ts';

/** Weeks that were made up otherwise than the others count no more: something had happened in them too. */
const ODD_FROM = 3;
/** However odd they are, so many of them stay. */
const WEEKS_MIN = 2;
/** So many events are taken to be in the smallest leaf at most. */
const EVENTS_SMALLEST = 100;
/** The median of a chi-square value of one degree of freedom. */
const CHI_SQUARE_MEDIAN = 0.455;
/** Below this, an oddity is the noise of small numbers. */
const ODD_SHARE_MIN = 0.05;

export type ExpectedLeaves = {
  expected: Float64Array;
  /** Variance over mean, of the leaves and of single values of dimensions; with what the mean of few weeks may be off by. */
  dispersion: number;
  weeks: number;
  weeksLeftOut: number;
};

/**
 * @param weeks one column per earlier week, over the same leaves
 * @param whole what was expected of all of them together; null: the median of the weeks
 * @param isCounted what is summed are counts, which vary as independent events at least
 */
export function expectLeaves(
  weeks: readonly Float64Array[],
  dimensions: readonly LeafDimension[],
  codes: readonly Int32Array[],
  whole: number | null,
  isCounted: boolean,
): ExpectedLeaves | null {
  const seen = weeks.filter((week) => total(week) > 0);
  const kept = usualWeeks(seen, dimensions, codes);
  if (kept.length === 0) return null;
  const sums = kept.map(total);
  const mean = sum(sums) / kept.length;
  const first = kept[0]!;
  const means = new Float64Array(first.length);
  for (const week of kept) for (let i = 0; i < week.length; i++) means[i] = means[i]! + week[i]! / kept.length;
  const scale = (whole ?? median(sums)) / mean;
  const levels = sums.map((one) => one / mean);
  const dispersion = dispersionOf(kept, means, levels, dimensions, codes);
  return {
    expected: means.map((one) => Math.max(0, one * scale)),
    dispersion: Math.max(isCounted ? 1 : smallestOf(kept) / EVENTS_SMALLEST, dispersion) * (1 + 1 / kept.length),
    weeks: kept.length,
    weeksLeftOut: weeks.length - kept.length,
  };
}

/** By the shares of single values: those of an odd week differ far more from the usual ones than most weeks do. */
function usualWeeks(
  weeks: readonly Float64Array[],
  dimensions: readonly LeafDimension[],
  codes: readonly Int32Array[],
): Float64Array[] {
  if (weeks.length <= WEEKS_MIN) return [...weeks];
  const distances = new Float64Array(weeks.length);
  for (const [at, { values }] of dimensions.entries()) {
    const shares = weeks.map((week) => byValue(week, codes[at]!, values.length).map((one) => one / total(week)));
    for (let code = 0; code < values.length; code++) {
      const usual = median(shares.map((share) => share[code]!));
      for (const [week, share] of shares.entries()) {
        distances[week] = distances[week]! + Math.abs(share[code]! - usual) / dimensions.length;
      }
    }
  }
  const least = Math.max(ODD_SHARE_MIN, ODD_FROM * median([...distances]));
  const usual = weeks.filter((_, week) => distances[week]! <= least);
  return usual.length >= WEEKS_MIN ? usual : [...weeks];
}

/** How much leaves, and values of dimensions, went up and down from week to week beside the level of the week. */
function dispersionOf(
  weeks: readonly Float64Array[],
  means: Float64Array,
  levels: readonly number[],
  dimensions: readonly LeafDimension[],
  codes: readonly Int32Array[],
): number {
  if (weeks.length < 2) return 1;
  const free = (weeks.length - 1) / weeks.length;
  let [squares, expected] = [0, 0];
  for (const [at, week] of weeks.entries()) {
    for (let i = 0; i < week.length; i++) {
      const usual = means[i]! * levels[at]!;
      squares += (week[i]! - usual) ** 2;
      expected += usual * free;
    }
  }
  const ofLeaves = expected > 0 ? squares / expected : 1;
  const ofValues = dimensions.flatMap(({ values }, at) => {
    const usual = byValue(means, codes[at]!, values.length);
    return weeks.flatMap((week, index) =>
      [...byValue(week, codes[at]!, values.length)].flatMap((value, code) => {
        const mean = usual[code]! * levels[index]!;
        return mean > 0 ? [(value - mean) ** 2 / (mean * free)] : [];
      }),
    );
  });
  return Math.max(ofLeaves, ofValues.length === 0 ? 0 : median(ofValues) / CHI_SQUARE_MEDIAN);
}

/** Of an amount nobody knows how large one event is: weeks that happen to be alike must not make it nothing. */
function smallestOf(weeks: readonly Float64Array[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const week of weeks) for (const value of week) if (value > 0 && value < smallest) smallest = value;
  return smallest;
}

function byValue(leaves: Float64Array, codes: Int32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 0; i < leaves.length; i++) sums[codes[i]!] = sums[codes[i]!]! + leaves[i]!;
  return sums;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
