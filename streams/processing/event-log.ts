/** The log: every accepted event, in the order in which it will be applied. */
import type { Event } from '../events/index.ts';
import type { Keys } from './keys.ts';
import type { Redis } from './redis.ts';

export type LogEntry = { position: string; event: Event };

/** Where a log begins. */
export const LOG_START = '0-0';

/** Entries sent to Redis between two awaits, so that a large delivery does not fill the client's memory. */
const APPEND_CHUNK = 1_000;

/**
 * Appends events that are already JSON, in order.
 * @returns once Redis has stored them all (AOF `always`: on disk)
 */
export async function appendToLog(redis: Redis, keys: Keys, lines: string[]): Promise<void> {
  for (let from = 0; from < lines.length; from += APPEND_CHUNK) {
    await Promise.all(lines.slice(from, from + APPEND_CHUNK).map((line) => redis.xAdd(keys.log, '*', { e: line })));
  }
}

/** @param blockMs how long to wait for the first entry */
export async function readLog(
  redis: Redis,
  keys: Keys,
  after: string,
  count: number,
  blockMs: number,
): Promise<LogEntry[]> {
  const reply = await redis.xRead({ key: keys.log, id: after }, { COUNT: count, BLOCK: blockMs });
  const messages =
    (reply as { messages: { id: string; message: Record<string, string> }[] }[] | null)?.[0]?.messages ?? [];
  return messages.map(({ id, message }) => ({ position: id, event: JSON.parse(message['e']!) as Event }));
}
