/**
 * Which roll-ups a question is read from. The days of the roll-ups are days of UTC, so a bucket of local time may begin
 * within one: such days are read by the hour, and such hours by the minute. Whatever is read, the figures are the same.
 */
export type Level = 'day' | 'hour' | 'minute';
export type Tier = {
  level: Level /** Starts of the coarser buckets that are read here instead; null: all there are. */;
  within: readonly number[] | null /** Starts of buckets that a finer tier reads. */;
  without: readonly number[];
};

const MINUTE_MS = 60_000;
const sizes: Record<Level, number> = { day: 24 * 60 * MINUTE_MS, hour: 60 * MINUTE_MS, minute: MINUTE_MS };
/** Of so few coarse buckets, reading all of them finer costs nothing, and one table is easier to read than two. */
const WORTH_IT_MIN = 40;
/** Beyond this many exceptions the text grows longer than it is worth. */
const WITHOUT_MAX = 60;

/** @param edges moments at which a bucket, or the period itself, begins or ends */
export function tiersOf({ from, to }: { from: number; to: number }, edges: readonly number[]): Tier[] {
  const tiers: Tier[] = [];
  let within: readonly number[] | null = null;
  for (const level of ['day', 'hour'] as const) {
    const size = sizes[level];
    const broken = [...new Set(edges.filter((edge) => edge % size !== 0).map((edge) => edge - (edge % size)))].sort(
      (a, b) => a - b,
    );
    const all = within === null ? Math.ceil((to - from) / size) : within.length * (sizes.day / size);
    if (broken.length > WITHOUT_MAX || broken.length * 2 > all || (broken.length > 0 && all < WORTH_IT_MIN)) continue;
    tiers.push({ level, within, without: broken });
    if (broken.length === 0) return tiers;
    within = broken;
  }
  tiers.push({ level: 'minute', within, without: [] });
  return tiers;
}
