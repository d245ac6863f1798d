/** When old arrivals may be judged: history must hold what the dedupe window forgets, and nothing more is waited for. */
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { knownArrivals } from '../../analytics/clickhouse/known-arrivals.ts';
import { appendArrivals, LATE_TO_LOG_MS } from '../../streams/processing/event-log.ts';
import { type Keys, keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { startTestRedis, type TestRedis, uniqueWorkspace } from '../support/redis.ts';

/** Never asked: no question names an event. */
const history = {} as HistoryClient;

let server: TestRedis;
let redis: Redis;
let keys: Keys;
let seq = 0;

beforeAll(async () => {
  server = await startTestRedis();
  redis = createClient({ url: server.url }) as unknown as Redis;
  await redis.connect();
});
afterAll(async () => {
  redis.destroy();
  await server.stop();
});
beforeEach(() => {
  keys = keysOf(uniqueWorkspace());
  seq = 0;
});

const append = (receivedAt = Date.now()) => appendArrivals(redis, keys, ['{}'], { receivedAt, now: Date.now() });
const ask = () => knownArrivals({ redis, keys, history }, []);

/** The processor comes to the end of the log; history follows when it is told to. */
async function process(): Promise<void> {
  const [last] = (await redis.xRevRange(keys.log, '+', '-', { COUNT: 1 })) ?? [];
  seq += 1;
  await redis.set(keys.checkpoint, JSON.stringify({ position: last?.id, seq }));
}
const write = () => redis.hSet(keys.historyPosition, { seq: String(seq) });

test('an old arrival waits until history holds what was appended before it', async () => {
  await append();
  let answered = false;
  const asked = ask().then(() => {
    answered = true;
  });
  await process();
  expect(answered).toBe(false);
  await write();
  await asked;
});

test('it does not wait for a pause in the stream: what came with it or after it the dedupe window knows', async () => {
  await append();
  await process();
  let answered = false;
  const asked = ask().finally(() => {
    answered = true;
  });
  // History is always behind by something newer.
  while (!answered) {
    await write();
    await append();
    await process();
  }
  await asked;
  await append();
  await ask();
});

test('what waited long before it was appended is waited for again', async () => {
  await append();
  await process();
  await write();
  await ask();
  await append(Date.now() - LATE_TO_LOG_MS - 60_000);
  await process();
  await expect(ask()).rejects.toThrow('history is behind');
  await write();
  await ask();
}, 20_000);
