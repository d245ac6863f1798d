/** The levels of the last hours, one per minute: a level has no bucket, so its past is what was seen of it. */

const MINUTE_MS = 60_000;
const MINUTES_KEPT = 180;

export type LevelsKept = ReturnType<typeof keepLevels>;

export function keepLevels() {
  const levels = new Map<string, Map<number, number | null>>();
  return {
    /** Notes the level of this minute; the last one noted in a minute stays. */
    note(name: string, at: number, level: number | null): void {
      const kept = levels.get(name) ?? new Map<number, number | null>();
      levels.set(name, kept);
      kept.set(Math.floor(at / MINUTE_MS), level);
      for (const minute of kept.keys()) {
        if (kept.size <= MINUTES_KEPT) break;
        kept.delete(minute);
      }
    },
    /** Oldest first, null where nothing was seen. */
    last(name: string, at: number, minutes: number): (number | null)[] {
      const kept = levels.get(name);
      const newest = Math.floor(at / MINUTE_MS);
      return Array.from({ length: minutes }, (_, index) => kept?.get(newest - minutes + 1 + index) ?? null);
    },
  };
}
