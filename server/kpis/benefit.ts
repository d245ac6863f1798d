/** What has become better since a baseline, in money. Pure; amounts in minor units. */
import type { Kpi } from '../../analytics/kpis/index.ts';

const DAYS_PER_MONTH = 365.25 / 12;

/**
 * Money that is not bound in stock any more, because it stays for fewer days.
 * @param baselineDays days inventory outstanding then; @param days the same now; @param cogsPerDay what goods cost that leave in a day
 */
export const workingCapitalFreed = (baselineDays: number, days: number, cogsPerDay: number): number =>
  (baselineDays - days) * cogsPerDay;

export type Improvement = {
  direction: Kpi['direction'];
  baseline: number;
  now: number;
  /** What one unit of the KPI on the good side is worth in a month. */
  perUnitPerMonth: number;
};

/** @returns what it has brought and what it has cost over so many days: the return is (brought - cost) / cost */
export function returnOf(improvements: readonly Improvement[], runCostPerMonth: number, days: number) {
  const months = days / DAYS_PER_MONTH;
  const perMonth = improvements.reduce(
    (sum, { direction, baseline, now, perUnitPerMonth }) =>
      sum + (direction === 'down' ? baseline - now : now - baseline) * perUnitPerMonth,
    0,
  );
  return { brought: perMonth * months, cost: runCostPerMonth * months };
}
