import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { orderPlaced, startTestWeb, type TestWeb } from '../support/web-server.ts';

let server: TestRedis;
let web: TestWeb;
beforeAll(async () => {
  server = await startTestRedis();
});
afterEach(() => web.stop());
afterAll(() => server.stop());

const until = (condition: () => Promise<void>) => vi.waitFor(condition, { timeout: 15_000, interval: 20 });

describe('sending events', () => {
  test('one event, an array and lines reach the log in order, plain or gzipped', async () => {
    web = await startTestWeb(server);
    const key = await web.ingestKey('shop');
    const answers = [
      await web.send(key, JSON.stringify(orderPlaced({ id: 'one' })), {
        'content-type': 'application/cloudevents+json',
      }),
      await web.send(key, gzipSync(JSON.stringify([orderPlaced({ id: 'two' }), orderPlaced({ id: 'three' })])), {
        'content-encoding': 'gzip',
        'content-type': 'application/cloudevents-batch+json; charset=utf-8',
      }),
      await web.send(
        key,
        `${JSON.stringify(orderPlaced({ id: 'four' }))}\n${JSON.stringify(orderPlaced({ id: 'five' }))}\n`,
        {
          'content-type': 'application/x-ndjson',
        },
      ),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202]);
    expect(await answers[1]!.json()).toEqual({ delivery: expect.stringMatching(/^dlv_/), accepted: 2, rejected: [] });
    await until(async () => {
      expect((await web.readLog()).map((event) => event.id)).toEqual(['one', 'two', 'three', 'four', 'five']);
    });
  });

  test('wrong items are named with index, id and what is wrong; the right ones are kept', async () => {
    web = await startTestWeb(server);
    const key = await web.ingestKey('shop');
    const batch = [
      orderPlaced({ id: 'good' }),
      orderPlaced({ id: 'no-lines', data: { lines: [] } }),
      orderPlaced({ id: 'foreign', source: 'amazon' }),
      { ...orderPlaced({ id: 'forged' }), type: 'exception.acknowledged', data: { exception: 'x', by: 'me' } },
      { ...orderPlaced({ id: 'unheard' }), type: 'order.teleported' },
      orderPlaced({ id: 'future', time: new Date(Date.now() + 86_400_000).toISOString() }),
      'not an event',
    ];
    const answer = await web.send(key, JSON.stringify(batch));
    expect(answer.status).toBe(202);
    const { accepted, rejected } = await answer.json();
    expect(accepted).toBe(1);
    expect(rejected).toEqual([
      { index: 1, id: 'no-lines', problem: expect.stringContaining('data.lines') },
      { index: 2, id: 'foreign', problem: expect.stringContaining('source: this key may write events of "shop" only') },
      { index: 3, id: 'forged', problem: expect.stringContaining('only be stated by Tideline itself') },
      { index: 4, id: 'unheard', problem: expect.stringContaining('order.teleported') },
      { index: 5, id: 'future', problem: expect.stringContaining('in the future') },
      { index: 6, id: null, problem: expect.any(String) },
    ]);
    // What was wrong in an acknowledged delivery is kept for a person to look at.
    await until(async () => {
      const log = await web.readLog();
      expect(log.map((event) => event.type).sort()).toEqual(['delivery.rejected', 'order.placed']);
      expect(log.find((event) => event.type === 'delivery.rejected')?.data).toMatchObject({ source: 'shop', items: 6 });
    });
  });

  test('a batch in which nothing is right is refused as a whole, item by item', async () => {
    web = await startTestWeb(server);
    const key = await web.ingestKey('shop');
    const answer = await web.send(key, JSON.stringify([orderPlaced({ id: 'x', data: { currency: 'euro' } })]));
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({
      status: 422,
      rejected: [{ index: 0, id: 'x', problem: expect.stringContaining('data.currency') }],
    });
    expect((await web.send(key, '[]')).status).toBe(422);
    expect(await web.deliveries.depth()).toBe(0);
  });

  test('10,000 events are taken at once, 10,001 are refused', async () => {
    web = await startTestWeb(server);
    const key = await web.ingestKey('*');
    const many = Array.from({ length: 10_000 }, (_, index) =>
      orderPlaced({ id: `many-${index}`, source: `shop-${index % 3}` }),
    );
    const refused = await web.send(key, JSON.stringify([...many, orderPlaced()]));
    expect(refused.status).toBe(413);
    expect((await refused.json()).detail).toContain('10001');
    const taken = await web.send(key, JSON.stringify(many));
    expect(taken.status).toBe(202);
    await until(async () => expect(await web.redis.xLen(web.keys.log)).toBe(10_000));
    expect(new Set((await web.readLog()).map((event) => event.id)).size).toBe(10_000);
  });

  test('a gzip bomb is refused by its size after decompression', async () => {
    web = await startTestWeb(server);
    const key = await web.ingestKey('shop');
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '), { level: 9 });
    const before = process.memoryUsage().rss;
    const answer = await web.send(key, bomb, { 'content-encoding': 'gzip' });
    expect(bomb.length).toBeLessThan(300_000);
    expect(answer.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  test('ids above 2^53 survive from the body to the log', async () => {
    web = await startTestWeb(server);
    const key = await web.ingestKey('shop');
    const body = JSON.stringify(orderPlaced({ id: 'big', order: 'ORDER' })).replace(
      '"ORDER"',
      '"gid-820982911946154508"',
    );
    expect((await web.send(key, body)).status).toBe(202);
    // As a number it would have lost its last digits; it is a type error here, but it is quoted unharmed.
    const asNumber = JSON.stringify(orderPlaced({ id: 'ID' })).replace('"ID"', '820982911946154508');
    expect((await web.send(key, asNumber)).status).toBe(202);
    await until(async () => {
      const log = await web.readLog();
      expect(log[0]?.data).toMatchObject({ order: 'gid-820982911946154508' });
      expect(log[1]?.id).toBe('820982911946154508');
    });
  });

  test.each([
    ['text/plain', '{}', 415],
    ['application/json', '{"a":', 400],
    ['application/json', '', 400],
    ['application/json', 'null', 422],
  ])('a body of type %s with %j is answered with %i', async (type, body, status) => {
    web = await startTestWeb(server);
    const answer = await web.send(await web.ingestKey('shop'), body, { 'content-type': type });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, title: expect.any(String) });
  });

  test('a broken gzip body and an unknown encoding are the sender’s errors', async () => {
    web = await startTestWeb(server);
    const key = await web.ingestKey('shop');
    expect((await web.send(key, 'this is not gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await web.send(key, '{}', { 'content-encoding': 'rot13' })).status).toBe(415);
  });
});

describe('backpressure', () => {
  test('a full queue is said before anything is acknowledged, with Retry-After', async () => {
    web = await startTestWeb(server, { ingestion: false, limits: { queueDepthMax: 2 } });
    const key = await web.ingestKey('shop');
    const statuses: number[] = [];
    await until(async () => {
      const answer = await web.send(key, JSON.stringify(orderPlaced()));
      statuses.push(answer.status);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });
    expect(await web.deliveries.depth()).toBe(statuses.filter((status) => status === 202).length);
  });

  test('a log that is not processed is said as well', async () => {
    web = await startTestWeb(server, { limits: { logLagMax: 0 } });
    const key = await web.ingestKey('shop');
    await until(async () => {
      const answer = await web.send(key, JSON.stringify(orderPlaced()));
      expect(answer.status).toBe(503);
      expect((await answer.json()).detail).toContain('wait to be processed');
    });
  });

  test('live state close to its memory limit takes no more, and takes again when there is room', async () => {
    web = await startTestWeb(server);
    const key = await web.ingestKey('shop');
    const used = Number(/^used_memory:(\d+)/m.exec(await web.redis.info('memory'))![1]);
    const status = async () => (await web.send(key, JSON.stringify(orderPlaced()))).status;
    await web.redis.configSet('maxmemory', String(Math.round(used * 1.05)));
    await until(async () => expect(await status()).toBe(503));
    await web.redis.configSet('maxmemory', '0');
    await until(async () => expect(await status()).toBe(202));
  });

  test('a key over its rate gets 429 with Retry-After, another key does not', async () => {
    web = await startTestWeb(server, { limits: { eventsPerWindowMax: 10, rateWindowSeconds: 60 } });
    const [loud, quiet] = [await web.ingestKey('shop'), await web.ingestKey('shop')];
    const batch = JSON.stringify(Array.from({ length: 8 }, () => orderPlaced()));
    expect((await web.send(loud, batch)).status).toBe(202);
    const refused = await web.send(loud, batch);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await web.send(quiet, batch)).status).toBe(202);
    await until(async () => expect(await web.redis.xLen(web.keys.log)).toBe(16));
  });

  test('what cannot be stored is not acknowledged', async () => {
    web = await startTestWeb(server, {
      wrapDeliveries: (deliveries) => ({ ...deliveries, store: () => Promise.reject(new Error('the disk is full')) }),
    });
    const answer = await web.send(await web.ingestKey('shop'), JSON.stringify(orderPlaced()));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    expect(JSON.stringify(await answer.json())).not.toContain('disk');
  });
});
