/** What shops do without a detector: the usual of this hour of the week, exponentially weighted, and its z-score. */
const HOUR_MS = 3_600_000;
const HOURS = 168;
const RATE = 0.1;
/** No hour varies by less than this share of the mean: else a night without orders would alarm at the first. */
const LEAST = 0.1;

export function hourOfWeek(): (t: number, v: number) => number {
  const mean = new Float64Array(HOURS);
  const variance = new Float64Array(HOURS);
  const seen = new Float64Array(HOURS);
  let size = 0;
  let points = 0;
  return (t, v) => {
    const hour = Math.floor(t / HOUR_MS) % HOURS;
    const away = v - mean[hour]!;
    const z = seen[hour]! < 3 ? 0 : Math.abs(away) / Math.sqrt(variance[hour]! + (LEAST * size) ** 2 + 1e-9);
    points += 1;
    size += (Math.abs(v) - size) / points;
    const rate = Math.max(RATE, 1 / (seen[hour]! + 1));
    mean[hour]! += rate * away;
    variance[hour] = (1 - rate) * (variance[hour]! + rate * away * away);
    seen[hour]! += 1;
    return z / (z + 3);
  };
}
