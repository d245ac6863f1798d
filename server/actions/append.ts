/** Appends an event of ours and waits until the processor has come to it. */
import type { Event } from '../../streams/events/index.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { appendEvent } from '../../streams/processing/event-log.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const LOOK_EVERY_MS = 15;
/** A processor that is busy or away makes nobody wait longer; what was appended is applied when it comes to it. */
export const APPLIED_WITHIN_MS = 4_000;

/** @returns whether it has been applied (or refused) by now */
export async function appendAndWait(redis: Redis, keys: Keys, event: Event): Promise<boolean> {
  const position = await appendEvent(redis, keys, event);
  for (let waited = 0; waited < APPLIED_WITHIN_MS; waited += LOOK_EVERY_MS) {
    if (isAtOrBehind(position, checkpointOf(await redis.get(keys.checkpoint)).position)) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return false;
}

/** Positions are `ms-n`: both parts count. */
function isAtOrBehind(position: string, checkpoint: string): boolean {
  const [ms = 0, n = 0] = position.split('-').map(Number);
  const [msThere = 0, nThere = 0] = checkpoint.split('-').map(Number);
  return ms < msThere || (ms === msThere && n <= nThere);
}
