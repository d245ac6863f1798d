/**
 * How much is asked of what is costly: everything with `TIDELINE_TESTS=long`, else a part that changes with the day, so
 * that all of it is asked within some days and a run stays under a quarter of an hour. `TESTS_OF_DAY` asks for another day's.
 */
export const isLong = process.env['TIDELINE_TESTS'] === 'long';
const day = Number(process.env['TESTS_OF_DAY'] ?? Math.floor(Date.now() / 86_400_000));

/** One of every `parts`, and everything in a long run. @param share which of them: all shares together are everything */
export function partOf<T>(all: readonly T[], parts: number, share = 0): T[] {
  return isLong ? [...all] : all.filter((_, index) => (index + share + day) % parts === 0);
}

/** Said once by whoever asks for a part. */
export const partSaid = isLong ? 'all of it' : `the part of TESTS_OF_DAY=${day}`;
