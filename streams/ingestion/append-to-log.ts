/** The only way into the log: one entry per event, field `e` its JSON. */
import type { Event } from '../events/index.ts';
import type { Redis } from './redis.ts';

const ENTRIES_PER_TRANSACTION_MAX = 1_000;

/** Appends in order; a failure part-way leaves whole transactions behind, which the retry repeats and identity drops. */
export async function appendToLog(redis: Redis, log: string, lines: string[]): Promise<void> {
  for (let start = 0; start < lines.length; start += ENTRIES_PER_TRANSACTION_MAX) {
    const transaction = redis.multi();
    for (const line of lines.slice(start, start + ENTRIES_PER_TRANSACTION_MAX)) {
      transaction.addCommand(['XADD', log, '*', 'e', line]);
    }
    await transaction.exec();
  }
}

/** An event of our own about the way in. `occurredAt` is now: nobody else saw it happen. */
export function ownEvent(
  type: 'delivery.rejected' | 'delivery.settled',
  id: string,
  at: number,
  data: { deliveryId: string; source: string; items: number } & (
    | { reason: string }
    | { how: 'replayed' | 'discarded' }
  ),
): Event {
  return { id, source: 'tideline', type, occurredAt: at, observedAt: at, receivedAt: at, data } as Event;
}
