/** Follows the commits of the processor: which states changed, and the newest event behind them. */
import type { Notice } from '../../streams/processing/commit.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const READ_MAX = 500;
const BLOCK_MS = 1_000;
const RETRY_AFTER_MS = 500;

/** `null` instead of a notice: some may have been missed, so everything has to be read anew. */
export type OnNotice = (notice: Notice | null) => void;

/** @param redis a connection of its own, because it blocks */
export function followNotices(redis: Redis, keys: Keys, onNotice: OnNotice): { stop(): Promise<void> } {
  let running = true;
  const loop = async () => {
    let position = '';
    while (running) {
      try {
        if (position === '') {
          position = await newestId(redis, keys);
          // Commits between the last reading of the states and this position are told by no notice.
          onNotice(null);
        }
        const reply = await redis.xRead({ key: keys.changes, id: position }, { COUNT: READ_MAX, BLOCK: BLOCK_MS });
        const messages = (reply as Reply)?.[0]?.messages ?? [];
        for (const { id, message } of messages) {
          position = id;
          onNotice(JSON.parse(message['c']!) as Notice);
        }
        // A full read may mean that entries behind it were trimmed away before we got there.
        if (messages.length === READ_MAX) position = '';
      } catch {
        if (!running) return;
        position = '';
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
    }
  };
  const finished = loop();
  return {
    async stop() {
      running = false;
      await finished;
    },
  };
}

type Reply = { messages: { id: string; message: Record<string, string> }[] }[] | null;

async function newestId(redis: Redis, keys: Keys): Promise<string> {
  const newest = await redis.xRevRange(keys.changes, '+', '-', { COUNT: 1 });
  return newest?.[0]?.id ?? '0-0';
}
