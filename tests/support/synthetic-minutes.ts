/** Orders per minute as a shop has them: a week with days, evenings and weekends, days better than others, and chance. */

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export function poisson(random: () => number, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let product = random();
  let count = 0;
  for (const limit = Math.exp(-mean); product > limit; count++) product *= random();
  return count;
}

export type Shape = { perMinute: number; seed: number; from: number; days: number; unitsPerOrder?: number };

/** True mean of each minute, before chance. One day goes over into the next within the hours around midnight. */
export function meansOf({ perMinute, seed, from, days }: Shape): number[] {
  const random = randomFrom(seed);
  const better = Array.from({ length: days + 2 }, (_, day) => {
    const weekday = new Date(from + (day - 1) * DAY_MINUTES * MINUTE_MS).getUTCDay();
    return Math.exp(0.08 * normal(random)) * [0.8, 1.15, 1.05, 1, 1, 0.95, 0.7][weekday]!;
  });
  let drift = 0;
  return Array.from({ length: days * DAY_MINUTES }, (_, minute) => {
    if (minute % 15 === 0) drift = 0.9 * drift + 0.02 * normal(random);
    const hour = (minute / 60) % 24;
    const day = Math.floor(minute / DAY_MINUTES) + 1;
    const toNext = Math.max(0, hour - 21) / 6;
    const fromLast = Math.max(0, 3 - hour) / 6;
    const level = better[day]! * (1 - toNext - fromLast) + better[day + 1]! * toNext + better[day - 1]! * fromLast;
    const bump = (at: number, width: number) =>
      Math.exp(-((Math.min(Math.abs(hour - at), 24 - Math.abs(hour - at)) / width) ** 2));
    return perMinute * level * (0.12 + bump(12, 3.5) + 1.2 * bump(20, 2)) * Math.exp(drift);
  });
}

export function countsOf(means: number[], { seed, unitsPerOrder = 1 }: Shape): number[] {
  const random = randomFrom(seed ^ 0x5bd1e995);
  return means.map((mean) => {
    const orders = poisson(random, mean);
    if (unitsPerOrder === 1) return orders;
    let units = 0;
    for (let order = 0; order < orders; order++) units += 1 + poisson(random, unitsPerOrder - 1);
    return units;
  });
}
