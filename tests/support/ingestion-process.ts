// An ingestion worker in a process of its own, for tests that kill it. With POISON set it dies on that delivery's body.
import { createClient } from 'redis';
import { startIngestion } from '../../streams/ingestion/run-ingestion.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const [url, workspace, lockMs, poison] = process.argv.slice(2);
const redis = createClient({ url }) as unknown as Redis;
redis.on('error', () => undefined);
await redis.connect();
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
startIngestion({
  redis,
  workspace: workspace!,
  logger,
  lockMs: Number(lockMs),
  alreadyInHistory: async (events) => {
    if (events.some((event) => event.id === poison)) process.kill(process.pid, 'SIGKILL');
    return new Set();
  },
});
