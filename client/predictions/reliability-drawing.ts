/** A reliability diagram in numbers: where the points of bins lie, and how large they are. Pure. */
import type { Reliability } from '../../server/http/contract/predictions.ts';

export const SIDE = 200;
const RADIUS_MIN = 2.5;
const RADIUS_MAX = 9;

export type DrawnBin = { x: number; y: number; low: number; high: number; radius: number; words: string };

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Bins without predictions are not drawn. Areas are as the counts, so that a rare bin does not look like a common one. */
export function drawnBins(bins: Reliability['bins']): DrawnBin[] {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  return bins.flatMap(({ said, happened, low, high, count }) => {
    if (said === null || happened === null || low === null || high === null) return [];
    return {
      x: said * SIDE,
      y: (1 - happened) * SIDE,
      low: (1 - low) * SIDE,
      high: (1 - high) * SIDE,
      radius: Math.max(RADIUS_MIN, RADIUS_MAX * Math.sqrt(count / most)),
      words: `${percent(said)} was said ${count} times, ${percent(happened)} happened (${percent(low)} to ${percent(high)})`,
    };
  });
}

/** In a sentence, how far what was said can be believed. */
export function verdictOf({ figures, settled }: Pick<Reliability, 'figures' | 'settled'>, least = 50): string {
  if (figures === null) return 'Nothing is settled yet: what was said has still to come true, or not.';
  if (settled < least) return `Only ${settled} are settled: too few to say how far it can be believed.`;
  const off = figures.calibrationError === null ? '' : `off by ${percent(figures.calibrationError)} on the whole`;
  if (figures.skill <= 0) return `No better than habit so far, ${off}.`;
  return `${percent(figures.skill)} better than habit, ${off}.`;
}
