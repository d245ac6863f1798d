/** Screens follow commits by their notices, also when more changed at once than a notice names. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NEWEST_ORDERS, openMirror } from '../../server/live/mirror.ts';
import type { Notice } from '../../streams/processing/commit.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { orderOf } from '../support/world.ts';

const MANY = 700;
let server: TestRedis;
let bench: LiveBench;

beforeAll(async () => {
  server = await startTestRedis();
  bench = await openLiveBench(server);
});
afterAll(async () => {
  await bench.close();
  await server.stop();
});

test('orders that pour in are listed without asking history, the newest of them', async () => {
  let askedHistory = 0;
  const mirror = await openMirror(bench.redis, bench.keys, Date.now, async () => {
    askedHistory += 1;
    return [];
  });
  const atStart = askedHistory;
  const now = Date.now();
  const orders = Array.from({ length: MANY }, (_, index) => orderOf(`o-${index}`, 1, {}, { at: now + index }));
  await bench.apply(...orders);
  const messages = (await bench.redis.xRange(bench.keys.changes, '-', '+')) ?? [];
  const notices = messages.map(({ message }) => JSON.parse(message['c']!) as Notice);
  expect(notices.some(({ changed }) => changed['order'] === '*')).toBe(true);
  for (const notice of notices) mirror.note(notice);
  await mirror.refresh();
  expect(askedHistory).toBe(atStart);
  const newest = Array.from({ length: NEWEST_ORDERS }, (_, index) => `o-${MANY - NEWEST_ORDERS + index}`);
  expect([...mirror.orders.keys()].sort()).toEqual(newest.sort());

  // Whoever replaced all states names none: then history is the only one to know.
  mirror.note({ changed: { order: '*' } });
  await mirror.refresh();
  expect(askedHistory).toBe(atStart + 1);
});
