import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecordedEvent, readEvents } from '../../analytics/clickhouse/history-reader.ts';
import { stateKinds } from '../../streams/processing/keys.ts';
import { stateShape } from '../../streams/processing/state-store.ts';
import { untilSettled } from '../support/counted-once.ts';
import { createShop } from '../support/order-ledger.ts';
import {
  describeServer,
  makeDataDir,
  openView,
  type ServerProcess,
  startStorage,
  until,
} from '../support/running-tideline.ts';

const seed = Number(process.env['TIDELINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const WAIT_MS_MAX = 60_000;
const TEST_MS_MAX = 120_000;

const folder = makeDataDir();
let storage: Awaited<ReturnType<typeof startStorage>>;
let view: Awaited<ReturnType<typeof openView>>;
let before: Record<string, unknown>;

beforeAll(async () => {
  console.log(`seed ${seed}`);
  storage = await startStorage(folder.path);
  view = await openView(storage.reached);
  const server = await tideline('first');
  await server.start();
  const shop = createShop({ url: server.url, key: await view.ingestKey(), seed, eventsPerSecond: 500 });
  await shop.trade(() => shop.ledger.acknowledged.size >= 400, new AbortController().signal);
  await send(server, sentTwice);
  await untilSettled(view, WAIT_MS_MAX);
  await server.end('SIGTERM');
  before = await allStates();
}, TEST_MS_MAX);
afterAll(async () => {
  await view.close();
  await storage.stop();
  folder.remove();
});

function tideline(name: string, ...more: string[]): Promise<ServerProcess> {
  const { redisUrl, clickhouseUrl } = storage;
  // Without the role `jobs`, whose deadlines would go on while we compare.
  return describeServer({
    dataDir: folder.path,
    name,
    roles: ['web', 'ingest', 'process', 'history'],
    redisUrl,
    clickhouseUrl,
    more,
  });
}

const sentTwice = {
  specversion: '1.0',
  id: 'sent-twice',
  source: 'till',
  type: 'stock.received',
  time: new Date().toISOString(),
  data: { sku: 'LAMP', node: 'N1', quantity: 5 },
};

async function send(server: ServerProcess, event: object): Promise<void> {
  const headers = { authorization: `Bearer ${await view.ingestKey()}`, 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/v1/events`, { method: 'POST', body: JSON.stringify([event]), headers });
  expect(answer.status).toBe(202);
  await answer.text();
}

/** Every state and every deadline, byte for byte. */
async function allStates(): Promise<Record<string, unknown>> {
  const { redis, keys } = view;
  const sources = (await redis.sMembers(keys.deadlineSources)).sort();
  const states = await Promise.all(
    stateKinds.map(async (kind) => [kind, { ...(await redis.hGetAll(keys.state(kind))) }]),
  );
  const deadlines = await Promise.all(
    sources.map(async (source) => [
      `deadlines of ${source}`,
      await redis.zRangeWithScores(keys.deadlines(source), 0, -1),
    ]),
  );
  return Object.fromEntries([...states, ...deadlines]);
}

async function events(): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const batch of readEvents(view.history)) all.push(...batch);
  return all;
}

async function startAndStop(name: string, ...more: string[]): Promise<ServerProcess> {
  const server = await tideline(name, ...more);
  await server.start();
  await until('it is ready', WAIT_MS_MAX, () => server.isUp);
  await server.end('SIGTERM');
  return server;
}

describe('live states', { timeout: TEST_MS_MAX }, () => {
  it('of another version are made anew from history at the start, and nothing is left over', async () => {
    const { redis, keys } = view;
    await redis.set(keys.stateShape, stateShape - 1);
    await redis.hSet(keys.state('stock'), 'LAMP|old', '{"shape":"of another version"}');
    await redis.unlink(keys.state('ledger'));
    const server = await startAndStop('upgraded');
    expect(server.output()).toContain('live state was made by another version');
    expect(await allStates()).toEqual(before);
    expect(await redis.get(keys.stateShape)).toBe(String(stateShape));
    expect(await redis.keys('*:next:*')).toEqual([]);
  });

  it('of this version are left alone', async () => {
    const server = await startAndStop('again');
    expect(server.output().match(/another version/g) ?? []).toHaveLength(0);
    expect(await allStates()).toEqual(before);
  });

  it('are made anew with --restore when Redis was lost, and trade goes on without counting twice', async () => {
    const { redis, keys } = view;
    await redis.flushAll();
    const server = await tideline('restored', '--restore');
    await server.start();
    expect(await allStates()).toEqual(before);
    await send(server, sentTwice);
    await until('the repeat is known for one', WAIT_MS_MAX, async () => {
      return (await redis.hGet(keys.feedStats('till'), 'duplicates')) === '1';
    });
    const standsAt = async () => JSON.parse((await redis.get(keys.checkpoint))!).seq as number;
    const { length } = await events();
    expect(await standsAt()).toBe(length);
    await send(server, { ...sentTwice, id: 'sent-once' });
    await until('what is new counts', WAIT_MS_MAX, async () => (await standsAt()) === length + 1);
    await untilSettled(view, WAIT_MS_MAX);
    expect(await events()).toHaveLength(length + 1);
    await server.end('SIGTERM');
  });
});
