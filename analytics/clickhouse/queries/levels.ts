/** Levels over time from the changes that made them: a level holds until the next change, also over empty buckets. */

/** `start` in seconds since 1970; 0 is all that came before the first bucket. */
export type Change = { start: number | string; key: string; change: number | string };
export type LevelSeries = { key: string; points: [number, number][] };
export type LevelsQuery = {
  /** Epoch ms; the series covers [from, to). */
  from: number;
  to: number;
  stepMs: number;
  by?: 'node' | undefined;
};

export const POINTS_MAX = 5_000;

/** @throws RangeError when the query asks for too many points */
export function levelParams({ from, to, stepMs, by = undefined }: LevelsQuery) {
  if (stepMs < 60_000 || (to - from) / stepMs > POINTS_MAX)
    throw new RangeError(`a series has at most ${POINTS_MAX} points, a minute or more apart`);
  const seconds = Math.floor(stepMs / 1000);
  const first = Math.floor(from / 1000 / seconds) * seconds;
  return { from: first, to: Math.ceil(to / 1000), seconds, by: by ?? '' };
}

/** @returns per key one point per bucket: its start in epoch ms and the level at its end */
export function levelsOf(changes: readonly Change[], params: ReturnType<typeof levelParams>): LevelSeries[] {
  const byKey = Map.groupBy(changes, (change) => change.key);
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, list]) => {
      const byStart = new Map(list.map(({ start, change }) => [Number(start), Number(change)]));
      let level = byStart.get(0) ?? 0;
      const points: [number, number][] = [];
      for (let start = params.from; start < params.to; start += params.seconds) {
        level += byStart.get(start) ?? 0;
        points.push([start * 1000, level]);
      }
      return { key, points };
    });
}
