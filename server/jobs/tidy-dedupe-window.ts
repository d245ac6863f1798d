/** Drops slices of the dedupe window whose time is over, as soon as history knows what they knew. */
import { DEDUPE_WINDOW_MS, sliceOf } from '../../streams/processing/dedupe.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const LOOK_EVERY_MS = 10 * 60_000;
/** Slices looked at behind the window; a stop of two weeks is tidied in one look. */
const SLICES_BEHIND = 28;
/** While the outbox is longer than this, history is not up to date and everything is kept. */
const FACTS_WAITING_MAX = 1_000;

export function startTidying(deps: {
  redis: Redis;
  keys: Keys;
  now: () => number;
  onProblem: (reason: string) => void;
}) {
  const { redis, keys, now } = deps;
  async function look(): Promise<void> {
    if ((await redis.xLen(keys.facts)) > FACTS_WAITING_MAX) return;
    const oldestNeeded = sliceOf(now() - DEDUPE_WINDOW_MS) - 1;
    for (let slice = oldestNeeded - SLICES_BEHIND; slice < oldestNeeded; slice++) await redis.unlink(keys.seen(slice));
  }
  const guarded = () =>
    void look().catch((error: unknown) => deps.onProblem(error instanceof Error ? error.message : String(error)));
  const timer = setInterval(guarded, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
    },
  };
}
