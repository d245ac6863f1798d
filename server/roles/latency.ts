/** How long events take to the screen, hop by hop: collected here, and told to the log as an event like any other. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { durationBucketOf } from '../../analytics/kpis/histogram.ts';
import type { EventOf } from '../../streams/events/index.ts';
import { LIVE_LAG_MAX_MS, OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import type { Newest } from '../../streams/processing/commit.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

type Hop = EventOf<'latency.measured'>['data']['hop'];

const TELL_EVERY_MS = 10_000;

export function measureLatency({ redis, keys, logger }: { redis: Redis; keys: Keys; logger: Logger }) {
  const hops = new Map<Hop, Map<number, number>>();

  function count(hop: Hop, ms: number): void {
    const bucket = durationBucketOf(Math.max(0, ms));
    const counts = hops.get(hop) ?? new Map<number, number>();
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    hops.set(hop, counts);
  }

  /** Events that arrived late in business time (replays, catch-ups) would only measure their own age. */
  const isLive = (occurredAt: number, now: number) => now - occurredAt < LIVE_LAG_MAX_MS;

  async function tell(): Promise<void> {
    const now = Date.now();
    const lines = [...hops].map(([hop, counts]) => {
      const event: EventOf<'latency.measured'> = {
        id: randomUUID(),
        source: OWN_SOURCE,
        type: 'latency.measured',
        occurredAt: now,
        observedAt: now,
        receivedAt: now,
        data: { hop, counts: [...counts] },
      };
      return JSON.stringify(event);
    });
    hops.clear();
    if (lines.length > 0) await appendToLog(redis, keys, lines);
  }

  const timer = setInterval(() => {
    tell().catch((error: unknown) => logger.debug({ reason: String(error) }, 'latencies were not told'));
  }, TELL_EVERY_MS);
  return {
    pushed(newest: Newest, sentAt: number): void {
      if (!isLive(newest.occurredAt, sentAt)) return;
      count('accept', newest.receivedAt - newest.occurredAt);
      count('commit', newest.committedAt - newest.receivedAt);
      count('push', sentAt - newest.committedAt);
    },
    displayed({ occurredAt, sentAt, displayedAt }: { occurredAt: number; sentAt: number; displayedAt: number }): void {
      if (!isLive(occurredAt, displayedAt) || displayedAt < sentAt) return;
      count('display', displayedAt - sentAt);
      count('event-to-screen', displayedAt - occurredAt);
    },
    async stop() {
      clearInterval(timer);
      await tell().catch(() => undefined);
    },
  };
}
