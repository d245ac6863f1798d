/** Growing delays after failed sign-ins, per address and per account. */

import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

/** Failures without a delay; from then on each one doubles the wait. */
const FAILURES_FREE = 5;
const REMEMBERED_SECONDS = 60 * 60;
/** Short enough that nobody can lock somebody else out for long. */
const DELAY_SECONDS_MAX = 60;

export type SignInDelays = ReturnType<typeof openSignInDelays>;

export function openSignInDelays(redis: Redis, keys: Keys) {
  const countKey = (subject: string) => `${keys.limits}:sign-in:${subject}`;
  const waitKey = (subject: string) => `${keys.limits}:sign-in-wait:${subject}`;

  async function waitSeconds(subject: string): Promise<number> {
    return Math.max(0, Math.ceil((await redis.pTTL(waitKey(subject))) / 1_000));
  }

  async function count(subject: string): Promise<void> {
    const [failures] = await redis
      .multi()
      .incr(countKey(subject))
      .expire(countKey(subject), REMEMBERED_SECONDS)
      .execTyped();
    const over = Number(failures) - FAILURES_FREE;
    if (over < 0) return;
    const seconds = Math.min(DELAY_SECONDS_MAX, 2 ** over);
    await redis.set(waitKey(subject), '1', { expiration: { type: 'EX', value: seconds } });
  }

  const forget = (subject: string) => redis.del([countKey(subject), waitKey(subject)]);
  return { waitSeconds, count, forget };
}
