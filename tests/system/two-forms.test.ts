import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/config.ts';
import type { Health } from '../../server/http/contract.ts';
import { LEASE_MS } from '../../streams/processing/lease.ts';
import { audit, faultless, untilSettled } from '../support/counted-once.ts';
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
/** The lease has to run out, and the next look of who stands by comes up to 3 s later. */
const TAKE_OVER_MS_MAX = LEASE_MS + 5_000;
const WAIT_MS_MAX = 60_000;
const TEST_MS_MAX = 120_000;

const folder = makeDataDir();
let storage: Awaited<ReturnType<typeof startStorage>>;
let view: Awaited<ReturnType<typeof openView>>;
let web: ServerProcess;
let ingestKey: string;
let readKey: string;
const others: ServerProcess[] = [];

beforeAll(async () => {
  storage = await startStorage(folder.path);
  web = await serverFor(['web'], 'web');
  await web.start();
  view = await openView(storage.reached);
  ingestKey = await view.ingestKey();
  readKey = await view.readKey();
}, WAIT_MS_MAX);
afterEach(async () => {
  await Promise.all(others.splice(0).map((server) => server.end('SIGTERM')));
});
afterAll(async () => {
  await web.end('SIGTERM');
  await view.close();
  await storage.stop();
  folder.remove();
});

function serverFor(roles: Role[], name: string): Promise<ServerProcess> {
  const { redisUrl, clickhouseUrl } = storage;
  return describeServer({
    dataDir: folder.path,
    roles,
    redisUrl,
    clickhouseUrl,
    name,
  });
}

/** One process for each role that is named; `process-2` is a second one of the role `process`. */
async function start(...names: string[]): Promise<ServerProcess[]> {
  const started = await Promise.all(names.map((name) => serverFor([name.split('-')[0] as Role], name)));
  others.push(...started);
  await Promise.all(started.map((server) => server.start()));
  return started;
}

const read = async <T>(path: string): Promise<T> => {
  const answer = await fetch(`${web.url}${path}`, { headers: { authorization: `Bearer ${readKey}` } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
};

async function healthOf(name: string): Promise<string> {
  const answer = await fetch(`${web.url}/v1/health`);
  const { dependencies } = (await answer.json()) as Health;
  return dependencies.find((dependency) => dependency.name === name)?.status ?? 'not asked';
}

async function sendOrder(order: string): Promise<number> {
  const lines = [{ line: '1', sku: 'LAMP', quantity: 2, unitPrice: 1_999 }];
  const data = { order, channel: 'web', currency: 'EUR', lines };
  const time = new Date().toISOString();
  const event = { specversion: '1.0', id: order, source: 'two-forms', type: 'order.placed', time, data };
  const headers = { authorization: `Bearer ${ingestKey}`, 'content-type': 'application/json' };
  const answer = await fetch(`${web.url}/v1/events`, { method: 'POST', body: JSON.stringify([event]), headers });
  await answer.text();
  return answer.status;
}

type OrderAnswer = { order: string; timeline: { type: string }[] };

/** Which of these processes holds the processor's lease, as each has logged. */
function holderOf(processors: ServerProcess[]): ServerProcess | undefined {
  return processors.find((server) => {
    const told = [...server.output().matchAll(/"held":(true|false),"msg":"processor lease"/g)].at(-1);
    return server.isUp && told?.[1] === 'true';
  });
}

describe('one process per role', () => {
  it('takes an order over HTTP that appears in live state and in history', { timeout: TEST_MS_MAX }, async () => {
    await start('ingest', 'process', 'history', 'jobs');
    expect(await sendOrder('split-1')).toBe(202);
    await until('the order is in live state, with its history', WAIT_MS_MAX, async () => {
      const { timeline } = await read<OrderAnswer>('/v1/orders/split-1');
      return timeline.some(({ type }) => type === 'order.placed');
    });
    const { items } = await read<{ items: { order: string }[] }>('/v1/orders');
    expect(items.map(({ order }) => order)).toContain('split-1');
    await until('health is green', WAIT_MS_MAX, async () => {
      const names = ['redis', 'clickhouse', 'processor', 'history writer'];
      const answers = await Promise.all(names.map(healthOf));
      return answers.every((status) => status === 'ok');
    });
  });

  it('says so in health when nobody processes or writes history, and catches up', {
    timeout: TEST_MS_MAX,
  }, async () => {
    await start('ingest');
    await until(
      'health sees that nobody processes',
      WAIT_MS_MAX,
      async () => (await healthOf('processor')) === 'degraded',
    );
    await until('nor writes', WAIT_MS_MAX, async () => (await healthOf('history writer')) === 'degraded');
    expect(await sendOrder('split-2')).toBe(202);
    await start('process', 'history');
    await until('the order arrives', WAIT_MS_MAX, async () => {
      const { timeline } = await read<OrderAnswer>('/v1/orders/split-2');
      return timeline.length > 0;
    });
    await until('health is green', WAIT_MS_MAX, async () => (await healthOf('processor')) === 'ok');
  });
});

describe('two processors', () => {
  it('share one lease: when its holder is killed or paused, the other goes on, and nothing counts twice', {
    timeout: TEST_MS_MAX,
  }, async () => {
    console.log(`seed ${seed}`);
    await start('ingest', 'history');
    const processors = await start('process-1', 'process-2');
    await until('one works', WAIT_MS_MAX, () => holderOf(processors) !== undefined);
    const shop = createShop({ url: web.url, key: ingestKey, seed, eventsPerSecond: 200 });
    let over = false;
    const giveUp = new AbortController();
    const trade = shop.trade(() => over, giveUp.signal);
    try {
      const killed = holderOf(processors)!;
      const standby = processors.find((server) => server !== killed)!;
      expect(holderOf([standby])).toBeUndefined();
      await killed.kill();
      const killedAt = performance.now();
      await until('the other one works', WAIT_MS_MAX, () => holderOf([standby]) !== undefined);
      expect(performance.now() - killedAt).toBeLessThan(TAKE_OVER_MS_MAX);

      await killed.start();
      process.kill(standby.pid, 'SIGSTOP');
      const pausedAt = performance.now();
      await until('the first one works again', WAIT_MS_MAX, () => holderOf([killed]) !== undefined);
      expect(performance.now() - pausedAt).toBeLessThan(TAKE_OVER_MS_MAX);
      const before = shop.ledger.acknowledged.size;
      // It wakes up in the middle of what it was doing, and believes that it still holds the lease.
      process.kill(standby.pid, 'SIGCONT');
      await until('trade goes on', WAIT_MS_MAX, () => shop.ledger.acknowledged.size > before + 500);
    } finally {
      over = true;
      await trade;
    }
    await untilSettled(view, WAIT_MS_MAX);
    const found = await audit(view, shop.ledger);
    // The orders of the tests before are in history too.
    const others = found.ordersInHistory - shop.ledger.orders.size;
    const expected = faultless(shop.ledger, found);
    expect(found).toEqual({
      ...expected,
      ordersUnlikeBooks: found.ordersUnlikeBooks.filter((order) => order.startsWith('split-')),
      ordersInHistory: expected.ordersInHistory + others,
      ordersAcceptedInKpis: expected.ordersAcceptedInKpis + others,
    });
    expect(others).toBeLessThanOrEqual(2);
  });
});
