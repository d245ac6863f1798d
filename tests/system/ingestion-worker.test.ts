import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { orderPlaced, startTestWeb, type TestWeb } from '../support/web-server.ts';

let server: TestRedis;
let web: TestWeb;
const children: ChildProcess[] = [];
beforeAll(async () => {
  server = await startTestRedis({ aof: true });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await web.stop();
});
afterAll(() => server.stop());

const until = (condition: () => Promise<void>) => vi.waitFor(condition, { timeout: 40_000, interval: 30 });
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

const secret = 'shpss_canary_secret';
function deliver(topic: string, body: string, differ: { secret?: string; source?: string } = {}) {
  const signature = createHmac('sha256', differ.secret ?? secret)
    .update(body)
    .digest('base64');
  return fetch(`${web.url}/v1/webhooks/${differ.source ?? 'shopify-eu'}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-shopify-topic': topic, 'x-shopify-hmac-sha256': signature },
  });
}
const connectShop = () => web.access.addWebhookSecret('test', { source: 'shopify-eu', connector: 'shopify', secret });
const shopOrder = (id: string, currency = 'EUR') =>
  `{"id":${id},"created_at":"${new Date().toISOString()}","currency":"${currency}","line_items":[{"id":866550311766439020,"sku":"LAMP","quantity":1,"price":"5.00"}]}`;

describe('a webhook call', () => {
  test('is stored, answered within 200 ms, and understood by the worker with its ids whole', async () => {
    web = await startTestWeb(server);
    await connectShop();
    const tookMs: number[] = [];
    for (let call = 0; call < 9; call++) {
      const startedAt = performance.now();
      expect((await deliver('orders/create', shopOrder('820982911946154508'))).status).toBe(200);
      tookMs.push(performance.now() - startedAt);
    }
    expect(tookMs.sort((one, other) => one - other)[4]).toBeLessThan(200);
    await until(async () => {
      const placed = (await web.readLog()).find((event) => event.id === 'order:820982911946154508:placed');
      expect(placed).toMatchObject({
        source: 'shopify-eu',
        data: { order: '820982911946154508', lines: [{ line: '866550311766439020' }] },
      });
    });
  });

  test('with a forged signature, or to an unknown source, is refused alike', async () => {
    web = await startTestWeb(server);
    await connectShop();
    const forged = await deliver('orders/create', shopOrder('1'), { secret: 'guess' });
    const unknown = await deliver('orders/create', shopOrder('1'), { source: 'nobody' });
    expect([forged.status, unknown.status]).toEqual([401, 401]);
    expect(await forged.text()).toBe(await unknown.text());
    expect(await web.deliveries.depth()).toBe(0);
  });

  test('signed with the old secret is still accepted after a rotation', async () => {
    web = await startTestWeb(server);
    await connectShop();
    await web.access.addWebhookSecret('test', { source: 'shopify-eu', connector: 'shopify', secret: 'shpss_new' });
    expect((await deliver('orders/create', shopOrder('1'))).status).toBe(200);
    expect((await deliver('orders/create', shopOrder('1'), { secret: 'shpss_new' })).status).toBe(200);
  });
});

describe('a dead letter', () => {
  test('keeps the bytes as they came, is told to the log, and can be replayed after a fix', async () => {
    web = await startTestWeb(server);
    await connectShop();
    const session = await web.signIn();
    const body = shopOrder('7', 'euro');
    const { delivery } = await (await deliver('orders/create', body)).json();
    const get = async (path: string) => (await fetch(`${web.url}${path}`, { headers: session })).json();
    const post = (path: string) => fetch(`${web.url}${path}`, { method: 'POST', headers: session });
    await until(async () => {
      expect((await get('/v1/dead-letters')).items).toMatchObject([
        {
          id: delivery,
          source: 'shopify-eu',
          topic: 'orders/create',
          status: 'waiting',
          bytes: Buffer.byteLength(body),
          reason: expect.stringContaining('currency'),
        },
      ]);
    });
    expect(await get(`/v1/dead-letters/${delivery}`)).toMatchObject({ raw: body, encoding: 'utf8' });

    // Nothing was fixed: it comes back, and is not announced as a new one.
    expect((await post(`/v1/dead-letters/${delivery}/replay`)).status).toBe(202);
    await until(async () => {
      expect(await get(`/v1/dead-letters/${delivery}`)).toMatchObject({ status: 'waiting', attempts: 2 });
    });

    // The fix: what is stored is the delivery itself, so mending it stands for mending the connector.
    const stored = JSON.parse((await web.redis.hGet(web.keys.deadLetter(delivery), 'job'))!);
    await web.redis.hSet(web.keys.deadLetter(delivery), 'job', JSON.stringify({ ...stored, body: shopOrder('7') }));
    expect((await post(`/v1/dead-letters/${delivery}/replay`)).status).toBe(202);
    await until(async () => {
      expect((await get('/v1/dead-letters')).items).toEqual([]);
      expect((await web.readLog()).map((event) => event.id)).toEqual(
        expect.arrayContaining([`rejected:${delivery}`, 'order:7:placed', `settled:${delivery}`]),
      );
    });
    expect((await post(`/v1/dead-letters/${delivery}/replay`)).status).toBe(404);
  });

  test.each([
    ['an unknown topic', 'orders/teleported', shopOrder('1')],
    ['no JSON', 'orders/create', '{"id":'],
    ['a poisonous key', 'orders/create', '{"__proto__":{"admin":true}}'],
    ['absurd depth', 'orders/create', '['.repeat(100_000)],
    ['an infinite number', 'orders/create', '{"id":1e309}'],
    ['bytes that are no text', 'orders/create', 'latin1'],
  ])('is made of %s, and the deliveries behind it go on', async (_, topic, body) => {
    web = await startTestWeb(server);
    await connectShop();
    await deliver(topic, body === 'latin1' ? '"\u00ff"' : body);
    await deliver('orders/create', shopOrder('2'));
    await until(async () => {
      const log = await web.readLog();
      expect(log.map((event) => event.type).sort()).toEqual(['delivery.rejected', 'order.placed']);
    });
  });

  test('replayed does not let in what its sender may not say', async () => {
    web = await startTestWeb(server);
    const session = await web.signIn();
    const key = await web.ingestKey('*');
    const forged = {
      ...orderPlaced({ id: 'forged' }),
      type: 'exception.acknowledged',
      data: { exception: 'x', by: 'me' },
    };
    const { delivery } = await (await web.send(key, JSON.stringify([orderPlaced({ id: 'good' }), forged]))).json();
    const read = async () => (await fetch(`${web.url}/v1/dead-letters/${delivery}`, { headers: session })).json();
    await until(async () => expect(await read()).toMatchObject({ status: 'waiting', attempts: 1 }));
    await fetch(`${web.url}/v1/dead-letters/${delivery}/replay`, { method: 'POST', headers: session });
    await until(async () => expect(await read()).toMatchObject({ status: 'waiting', attempts: 2 }));
    expect((await web.readLog()).some((event) => event.type === 'exception.acknowledged')).toBe(false);
  });

  test('given up is gone, and the log says so', async () => {
    web = await startTestWeb(server);
    const session = await web.signIn();
    const key = await web.ingestKey('shop');
    const answer = await web.send(key, JSON.stringify([orderPlaced(), { id: 'wrong' }]));
    const { delivery } = await answer.json();
    await until(async () => {
      expect((await fetch(`${web.url}/v1/dead-letters/${delivery}`, { headers: session })).status).toBe(200);
    });
    const discarded = await fetch(`${web.url}/v1/dead-letters/${delivery}/discard`, {
      method: 'POST',
      headers: session,
    });
    expect(discarded.status).toBe(204);
    expect((await web.readLog()).at(-1)).toMatchObject({
      type: 'delivery.settled',
      data: { how: 'discarded', items: 1 },
    });
  });
});

describe('old arrivals', () => {
  test('that history knows are dropped and counted; the others reach the log', async () => {
    web = await startTestWeb(server, {
      ingestion: {
        alreadyInHistory: async (events) =>
          new Set(events.filter(({ id }) => id === 'known').map(({ source, id }) => `${source}|${id}`)),
      },
    });
    const key = await web.ingestKey('shop');
    const batch = [
      orderPlaced({ id: 'known', time: daysAgo(3) }),
      orderPlaced({ id: 'late', time: daysAgo(3) }),
      orderPlaced({ id: 'now' }),
    ];
    await web.send(key, JSON.stringify(batch));
    await until(async () => {
      expect((await web.readLog()).map((event) => event.id)).toEqual(['late', 'now']);
      expect(await web.redis.hGet(web.keys.feedStats('shop'), 'duplicates')).toBe('1');
    });
  });

  test('wait while history is away, without holding up or repeating what is recent', async () => {
    let isAway = true;
    const alreadyInHistory = async () => {
      if (isAway) throw new Error('history is away');
      return new Set<string>();
    };
    web = await startTestWeb(server, { ingestion: { alreadyInHistory } });
    const key = await web.ingestKey('shop');
    await web.send(key, JSON.stringify([orderPlaced({ id: 'late', time: daysAgo(3) }), orderPlaced({ id: 'recent' })]));
    await web.send(key, JSON.stringify(orderPlaced({ id: 'behind' })));
    await until(async () => expect((await web.readLog()).map((event) => event.id)).toEqual(['recent', 'behind']));
    await until(async () =>
      expect(web.logged.filter((line) => line.includes('history is away')).length).toBeGreaterThan(1),
    );
    isAway = false;
    await until(async () =>
      expect((await web.readLog()).map((event) => event.id)).toEqual(['recent', 'behind', 'late']),
    );
  });
});

describe('faults', () => {
  const lockMs = 400;
  function startWorker(poison = ''): ChildProcess {
    const program = fileURLToPath(new URL('../support/ingestion-process.ts', import.meta.url));
    const child = spawn(process.execPath, [program, server.url, web.workspace, String(lockMs), poison], {
      stdio: 'inherit',
    });
    children.push(child);
    return child;
  }

  test('every acknowledged event reaches the log through kills of the worker', async () => {
    web = await startTestWeb(server, { ingestion: false, limits: { queueDepthMax: 10_000 } });
    const key = await web.ingestKey('shop');
    const acknowledged: string[] = [];
    let isSending = true;
    const killing = (async () => {
      while (isSending) {
        const child = startWorker();
        const exited = new Promise((resolve) => child.once('exit', resolve));
        const before = await web.redis.xLen(web.keys.log);
        await until(async () => expect(await web.redis.xLen(web.keys.log)).toBeGreaterThan(before + 150));
        child.kill('SIGKILL');
        await exited;
      }
    })();
    for (let batch = 0; batch < 40; batch++) {
      const events = Array.from({ length: 25 }, (_, index) => orderPlaced({ id: `e-${batch}-${index}` }));
      const answer = await web.send(key, JSON.stringify(events));
      if (answer.status === 202) acknowledged.push(...events.map((event) => event.id));
      await until(async () => expect(await web.deliveries.depth()).toBeLessThan(4));
    }
    isSending = false;
    for (let more = 0; more < 10; more++)
      await web.send(key, JSON.stringify(Array.from({ length: 25 }, () => orderPlaced())));
    await killing;
    expect(children.length).toBeGreaterThan(2);
    startWorker();
    await until(async () => {
      const inLog = new Set((await web.readLog()).map((event) => event.id));
      expect(acknowledged.filter((id) => !inLog.has(id))).toEqual([]);
    });
  });

  test('a delivery that kills its worker again and again becomes a dead letter by itself', async () => {
    web = await startTestWeb(server, { ingestion: false });
    const key = await web.ingestKey('shop');
    await web.send(key, JSON.stringify(orderPlaced({ id: 'poison', time: daysAgo(3) })));
    await web.send(key, JSON.stringify(orderPlaced({ id: 'innocent' })));
    let deaths = 0;
    let isOver = false;
    const revive = () => {
      if (isOver) return;
      startWorker('poison').once('exit', () => {
        deaths++;
        revive();
      });
    };
    revive();
    try {
      await until(async () => {
        const log = await web.readLog();
        expect(log.some((event) => event.id === 'innocent')).toBe(true);
        expect(log.find((event) => event.type === 'delivery.rejected')?.data).toMatchObject({
          reason: expect.stringContaining('its worker died 3 times'),
        });
      });
    } finally {
      // Also when it fails: no worker may outlive its test.
      isOver = true;
    }
    expect(deaths).toBeGreaterThan(2);
  });

  test('deliveries are taken again after Redis was killed and came back', async () => {
    web = await startTestWeb(server, { ingestion: { lockMs } });
    const key = await web.ingestKey('shop');
    expect((await web.send(key, JSON.stringify([orderPlaced({ id: 'before' }), orderPlaced()]))).status).toBe(202);
    const pid = server.server.pid;
    process.kill(pid, 'SIGKILL');
    await until(async () => expect(server.server.pid).not.toBe(pid));
    await until(async () => {
      expect((await web.send(key, JSON.stringify(orderPlaced({ id: 'after' })))).status).toBe(202);
    });
    await until(async () => {
      expect((await web.readLog()).map((event) => event.id)).toEqual(expect.arrayContaining(['before', 'after']));
    });
  });
});
