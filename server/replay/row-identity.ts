/** Names a row by its content: a hash of its cells, numbered where the same row stands in the file more than once. */
import { createHash } from 'node:crypto';

const HASH_HEX_DIGITS = 20;

/**
 * Line numbers would change when a file is sorted or cut differently; content does not. Equal rows carry equal times,
 * so their count is only kept while rows of that time can still come.
 */
export function createRowIdentity() {
  const seen = new Map<string, { count: number; time: number }>();
  return {
    of(cells: readonly string[], time: number): string {
      const hash = createHash('sha256').update(JSON.stringify(cells)).digest('hex').slice(0, HASH_HEX_DIGITS);
      const before = seen.get(hash);
      if (before === undefined) {
        seen.set(hash, { count: 1, time });
        return hash;
      }
      before.count++;
      return `${hash}-${before.count}`;
    },
    forget(olderThan: number): void {
      for (const [hash, { time }] of seen) {
        if (time >= olderThan) return;
        seen.delete(hash);
      }
    },
  };
}
