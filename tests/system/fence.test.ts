import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRuntime, type Runtime } from '../../server/runtime.ts';
import { startTestRedis, type TestRedis, uniqueWorkspace } from '../support/redis.ts';
import { killProcess, until } from '../support/running-tideline.ts';

let server: TestRedis;
let runtime: Runtime;
beforeAll(async () => {
  server = await startTestRedis({ aof: true });
  const history = { url: 'http://127.0.0.1:1', username: '', password: '', database: 'unused' };
  runtime = await openRuntime({ redisUrl: server.url, history }, uniqueWorkspace(), { warn: () => undefined });
});
afterAll(async () => {
  await runtime.close();
  await server.stop();
});

it('a commit whose connection broke after its WATCH is never carried out on the next connection', async () => {
  const client = await runtime.connectToWatch();
  const { checkpoint } = runtime.keys;
  await client.set(checkpoint, 'mine');
  await client.watch(checkpoint);
  expect(await killProcess(server.server.pid)).toBe(true);
  await until('the loss is noticed', 10_000, () => !client.isReady);
  const commit = client.multi().set(checkpoint, 'unfenced').exec();
  await expect(commit).rejects.toThrow();
  await until('Redis is back', 30_000, () => client.isReady);
  expect(await client.get(checkpoint)).toBe('mine');
});
