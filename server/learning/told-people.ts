/** How many messages each recipient has got: from the log of what was delivered. Pure but for the reading. */
import type { Delivery } from '../http/contract/alerts.ts';
import type { LearningAnswer } from '../http/contract/learning.ts';
import type { Runtime } from '../runtime.ts';

const DAY_MS = 86_400_000;
const RECIPIENTS_MAX = 200;

type Delivered = Pick<Delivery, 'target' | 'endedAt' | 'state'>;
type People = NonNullable<LearningAnswer['people']>;

/** @returns null when nothing was ever sent */
export async function readDelivered({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>): Promise<Delivered[] | null> {
  const texts = await redis.hVals(keys.alerts('log'));
  return texts.length === 0 ? null : texts.map((text) => JSON.parse(text) as Delivered);
}

/** @returns those who got most first. Days are those of UTC. */
export function toldPeople(log: readonly Delivered[], { from, to }: { from: number; to: number }): People {
  const delivered = log.flatMap(({ target, endedAt, state }) =>
    state === 'delivered' && endedAt !== null && endedAt >= from && endedAt < to ? [{ target, at: endedAt }] : [],
  );
  const days = Math.max((to - from) / DAY_MS, 1);
  return [...Map.groupBy(delivered, ({ target }) => target)]
    .map(([recipient, own]) => {
      const byDay = Map.groupBy(own, ({ at }) => Math.floor(at / DAY_MS));
      return {
        recipient,
        name: recipient.slice(recipient.indexOf(':') + 1),
        messages: own.length,
        perDay: own.length / days,
        onWorstDay: Math.max(...[...byDay.values()].map((day) => day.length)),
      };
    })
    .sort((a, b) => b.messages - a.messages || (a.recipient < b.recipient ? -1 : 1))
    .slice(0, RECIPIENTS_MAX);
}
