import type { Keys } from '../processing/keys.ts';
import type { Redis } from '../processing/redis.ts';

/** One delivery's job is one transaction; Redis is busy with it for a few milliseconds. */
const ENTRIES_PER_TRANSACTION_MAX = 1_000;

/**
 * Appends many events, already JSON, in order. In a transaction an append-only file that is flushed always is flushed
 * once instead of once per network read: 15 instead of 58 microseconds per event, and 5 instead of 14 of our own CPU.
 * A failure part-way leaves whole transactions behind, which the retry repeats and identity drops.
 */
export async function appendInBulk(redis: Redis, keys: Keys, lines: string[]): Promise<void> {
  for (let start = 0; start < lines.length; start += ENTRIES_PER_TRANSACTION_MAX) {
    const transaction = redis.multi();
    for (const line of lines.slice(start, start + ENTRIES_PER_TRANSACTION_MAX)) {
      transaction.addCommand(['XADD', keys.log, '*', 'e', line]);
    }
    await transaction.exec();
  }
}
