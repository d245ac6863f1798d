/** What is known of the first steps: live where it is live, looked at now and then where it is not. */
import { type ComputedRef, computed } from 'vue';
import type { FeedState } from '../../server/live/contract.ts';
import { useLoad } from '../http/load.ts';
import { request } from '../http/request.ts';
import type { Topic } from '../live/topics.ts';
import { useSession } from '../session/session.ts';
import type { Facts } from './first-steps.ts';

const LOOK_EVERY_MS = 5_000;
const STOCK_ROWS = 20;
type Items<T> = { items: T[] };

export function useFacts(sources: Topic<FeedState>): { facts: ComputedRef<Facts>; reload: () => Promise<void> } {
  const session = useSession();
  const asked = useLoad(
    async () => {
      const mayAccess = session.may('manage-access');
      const [nodes, channels, items, stock, people, screens] = await Promise.all([
        defined('nodes'),
        defined('channels'),
        defined('items'),
        session.may('see-operations') ? stockIsKnown() : null,
        mayAccess ? count('/v1/access/people') : null,
        mayAccess ? count('/v1/access/devices') : null,
      ]);
      return { nodes, channels, items, stock, people, screens };
    },
    () => 0,
    LOOK_EVERY_MS,
  );

  async function defined(part: string): Promise<boolean | null> {
    const found = session.may('see-settings') ? await count(`/v1/settings/${part}?limit=1`) : null;
    return found === null ? null : found > 0;
  }
  const facts = computed((): Facts => {
    const sent = [...sources.entries.values()].filter(({ source, events }) => source !== 'tideline' && events > 0);
    const none = { nodes: null, channels: null, items: null, stock: null, people: null, screens: null };
    return { sources: sources.status.value === 'empty' ? null : sent.length, ...(asked.data.value ?? none) };
  });
  return { facts, reload: asked.load };
}

/** Null when it cannot be said: one that is away must not hide the others. */
const count = (path: string): Promise<number | null> =>
  request<Items<unknown>>('GET', path).then(
    ({ items }) => items.length,
    () => null,
  );

function stockIsKnown(): Promise<boolean | null> {
  return request<Items<{ onHand: number }>>('GET', `/v1/stock?limit=${STOCK_ROWS}`).then(
    ({ items }) => items.some(({ onHand }) => onHand > 0),
    () => null,
  );
}
