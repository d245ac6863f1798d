/** When a node runs out of a SKU: its sales of the last days, carried on at the same rate. */

const DAY_MS = 86_400_000;

/**
 * What was sold in the last `learnDays` days, and over how many days, the day of `at` counting as far as it has gone.
 * @param demand units taken per day since 1970, oldest first
 */
export function salesOf(demand: readonly [number, number][], at: number, learnDays: number) {
  const today = Math.floor(at / DAY_MS);
  const first = today - learnDays;
  let units = 0;
  for (const [day, taken] of demand) if (day > first && day <= today) units += taken;
  // A record that began to sell later than that is judged by the days it has had, at least by one.
  const began = demand.find(([day]) => day > first)?.[0] ?? today;
  const days = Math.max(1, Math.min(learnDays - 1, today - began) + (at % DAY_MS) / DAY_MS);
  return { units: Math.max(0, units), days, perDay: Math.max(0, units) / days };
}

/** When what is available has been sold; null when nothing sells. */
export function runsOutAt(available: number, perDay: number, at: number): number | null {
  if (perDay <= 0) return null;
  return Math.round(at + (Math.max(0, available) / perDay) * DAY_MS);
}
