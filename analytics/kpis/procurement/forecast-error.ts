/**
 * How far forecasts F are from what came (A). All are ratios of sums over whatever is summed: per item and week they say
 * something else than over the company, so the aggregation is always stated. Null where there is nothing to divide by.
 */

export type Forecasted = { actual: number; forecast: number };

const sum = <T>(list: readonly T[], of: (one: T) => number): number => list.reduce((total, one) => total + of(one), 0);

/** Weighted absolute percentage error: sum |A - F| / sum A, as a share. */
export function wape(pairs: readonly Forecasted[]): number | null {
  const actual = sum(pairs, (pair) => pair.actual);
  return actual > 0 ? sum(pairs, (pair) => Math.abs(pair.actual - pair.forecast)) / actual : null;
}

/** sum (F - A) / sum A, as a share: above zero we forecast too much. */
export function bias(pairs: readonly Forecasted[]): number | null {
  const actual = sum(pairs, (pair) => pair.actual);
  return actual > 0 ? sum(pairs, (pair) => pair.forecast - pair.actual) / actual : null;
}

/** Mean absolute error of saying "as last time", over a past in its order. */
export function naiveError(past: readonly number[]): number | null {
  if (past.length < 2) return null;
  return (
    sum(
      past.slice(1).map((value, index) => Math.abs(value - past[index]!)),
      (error) => error,
    ) /
    (past.length - 1)
  );
}

/** Mean absolute scaled error (Hyndman and Koehler): below 1 the forecast beats "as last time". */
export function mase(pairs: readonly Forecasted[], past: readonly number[]): number | null {
  const naive = naiveError(past);
  if (naive === null || naive === 0 || pairs.length === 0) return null;
  return sum(pairs, (pair) => Math.abs(pair.actual - pair.forecast)) / pairs.length / naive;
}

/** WAPE of "as last time" less ours, as a share: what forecasting is worth. @param last what came before the first of them */
export function valueAdded(pairs: readonly Forecasted[], last: number): number | null {
  const naive = pairs.map(({ actual }, index) => ({ actual, forecast: pairs[index - 1]?.actual ?? last }));
  const [theirs, ours] = [wape(naive), wape(pairs)];
  return theirs === null || ours === null ? null : theirs - ours;
}
