/** What Redis alone takes: the same events, one XADD each, to a private Redis that is as durable as ours. */
import { createClient } from 'redis';
import { appendToLog } from '../../streams/processing/event-log.ts';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { startTestRedis } from '../support/redis.ts';
import { orders } from './business.ts';

const BATCH = 1_000;

/** @returns order events per second */
export async function measureRawAppend(count: number): Promise<number> {
  const server = await startTestRedis({ aof: true });
  const redis = createClient({ url: server.url }) as Redis;
  await redis.connect();
  try {
    const keys = keysOf('bench');
    const lines = orders(0, count, Date.now()).map((event) => JSON.stringify(event));
    const started = performance.now();
    for (let from = 0; from < lines.length; from += BATCH)
      await appendToLog(redis, keys, lines.slice(from, from + BATCH));
    return (count / (performance.now() - started)) * 1_000;
  } finally {
    await redis.close();
    await server.stop();
  }
}
