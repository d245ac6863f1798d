import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../server/http/contract/explain.ts';
import { type Mirror, openMirror } from '../../server/live/mirror.ts';
import { explain } from '../../server/reading/explain/index.ts';
import { buckets } from '../../streams/events/fields.ts';
import { openUnits } from '../../streams/operations/orders/order-life.ts';
import type { OpenException, Order, Stock } from '../../streams/operations/states.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf } from '../support/fold.ts';
import { CHANNELS, commands, eventsOf } from '../support/kpi-history.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const SEED = 20_261_123;

let server: TestRedis;
let engine: TestEngine;
let bench: LiveBench;
let mirror: Mirror;
const known = new Map<string, Explanation | null>();

/** A random history in a real Redis and a real engine; nothing happens after it, so a number stays what it is. */
beforeAll(async () => {
  [server, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  bench = await openLiveBench(server, engine);
  const [list] = fc.sample(commands(140, 170), { seed: SEED, numRuns: 1 });
  const events = eventsOf(list!);
  const last = Math.max(...events.map((event) => event.receivedAt));
  const missing = {
    order: 'short',
    channel: 'web',
    currency: 'EUR',
    lines: [{ line: 'a/1', sku: 'chair', quantity: 500, unitPrice: 100 }],
  };
  await bench.apply(...events, eventOf('order.placed', missing, { at: last, source: 'web' }));
  await bench.historyHasAll();
  mirror = await openMirror(
    bench.redis,
    bench.keys,
    () => last,
    async () => [],
  );
});
afterAll(async () => {
  await bench.close();
  await engine.stop();
  await server.stop();
});

const why = async (number: string, more: { cursor?: string; limit?: number } = {}) => {
  const key = `${number} ${JSON.stringify(more)}`;
  if (!known.has(key)) {
    known.set(key, await explain({ runtime: bench.runtime, mirror }, { number, limit: 50, ...more }));
  }
  return known.get(key)!;
};
const all = async <S>(kind: 'stock' | 'order' | 'exception'): Promise<S[]> =>
  Object.values(await bench.redis.hGetAll(bench.keys.state(kind))).map((text) => JSON.parse(text) as S);
const total = (parts: Explanation['parts']) => parts.reduce((sum, { value }) => sum + value, 0);
const numbered = (parts: Explanation['parts']) =>
  parts.flatMap(({ number, value }) => (number === null ? [] : [{ number, value }]));

describe(`every number of a random history (seed ${SEED})`, () => {
  it('a bucket is exactly the sum of its parts, and of all the movements behind it', async () => {
    const stocks = await all<Stock>('stock');
    let moved = 0;
    for (const stock of stocks) {
      for (const bucket of buckets) {
        const told = (await why(`bucket:${stock.sku}|${stock.node}|${bucket}`))!;
        expect(told.value, told.name).toBe(stock[bucket]);
        expect(total(told.parts), told.name).toBe(stock[bucket]);
        expect(told.parts.map(({ words }) => words)).not.toContain('not in history yet');
        let [sum, cursor] = [0, undefined as string | undefined];
        do {
          const page = (await why(told.number, cursor === undefined ? { limit: 20 } : { limit: 20, cursor }))!;
          if (cursor === undefined && page.events.items.length > 0)
            expect(page.events.items[0]!.balance).toBe(stock[bucket]);
          sum += page.events.items.reduce((units, { change }) => units + change!, 0);
          moved += page.events.items.length;
          cursor = page.events.next ?? undefined;
        } while (cursor !== undefined);
        expect(sum, told.name).toBe(stock[bucket]);
        if (told.events.items.length > 0) expect(told.rules.length).toBeGreaterThan(0);
      }
    }
    expect(moved).toBeGreaterThan(100);
  });

  it('what is allocated is told order by order, and each order holds so much', async () => {
    const orders = new Map((await all<Order>('order')).map((order) => [order.order, order]));
    let holders = 0;
    for (const { sku, node } of await all<Stock>('stock')) {
      for (const { number, value } of numbered((await why(`bucket:${sku}|${node}|allocated`))!.parts)) {
        const order = orders.get(number.slice('promise:'.length))!;
        const held = order.lines.flatMap((line) => (line.sku === sku ? line.allocated : []));
        expect(held.reduce((sum, [at, units]) => (at === node ? sum + units : sum), 0)).toBe(value);
        holders += 1;
      }
    }
    expect(holders).toBeGreaterThan(0);
  });

  it('available to promise adds up at every node and for every channel, and its parts are what they are elsewhere', async () => {
    for (const { sku, node } of await all<Stock>('stock')) {
      for (const number of [`atp:${sku}|${node}`, ...CHANNELS.map((channel) => `atp:${sku}@${channel}`)]) {
        const told = (await why(number))!;
        expect(total(told.parts), number).toBe(told.value);
        for (const part of numbered(told.parts).filter((one) => one.number.startsWith('bucket:'))) {
          expect((await why(part.number))!.value, part.number).toBe(part.value);
        }
        const waits = told.parts.find((part) => part.number?.startsWith('waiting:'));
        if (waits !== undefined) expect((await why(waits.number!))!.value).toBe(-waits.value + 0);
      }
    }
  });

  it('the promise of every line is told by where its open units come from', async () => {
    for (const order of await all<Order>('order')) {
      const whole = (await why(`promise:${order.order}`))!;
      expect(total(whole.parts)).toBe(order.lines.reduce((sum, line) => sum + openUnits(line), 0));
      expect(whole.value).toBe(order.shipBy || null);
      expect(whole.events.items.map(({ type }) => type)).toContain('order.placed');
      for (const line of order.lines) {
        const told = (await why(`promise:${order.order}/${line.line}`))!;
        expect(total(told.parts), told.name).toBe(openUnits(line));
      }
    }
    expect((await why('promise:short/a/1'))!.name).toBe('Promise of chair in order short');
  });

  it('the amount of every exception stands with its formula, its rule and the events that made it', async () => {
    const open = (await all<OpenException>('exception')).filter(({ id }) => id !== '');
    expect(open.map(({ kind }) => kind)).toContain('oversold');
    for (const exception of open) {
      const told = (await why(`exception:${exception.id}`))!;
      expect(told).toMatchObject({ value: exception.moneyAtRisk, formula: exception.formula, unit: 'money' });
      expect(told.events.items.map(({ words }) => words.split(':')[0])).toContain('opened');
      expect(told.rules).toHaveLength(1);
    }
  });

  it('how far a record is trusted is told by what adds to the odds', async () => {
    for (const { sku, node } of await all<Stock>('stock')) {
      const told = (await why(`confidence:${sku}|${node}`))!;
      expect(total(told.parts)).toBeCloseTo(told.partsAddUpTo!.value, 9);
      expect(told.value).toBeCloseTo(1 / (1 + Math.exp(-told.partsAddUpTo!.value)), 9);
    }
  });

  it('no part leads nowhere', async () => {
    for (const told of [...known.values()]) {
      for (const { number } of numbered(told?.parts ?? [])) expect(await why(number), number).not.toBeNull();
    }
  });

  it('what does not exist is told so', async () => {
    for (const number of [
      'bucket:chair|north',
      'bucket:no|where|sellable',
      'atp:chair@nowhere',
      'promise:nobody/1',
      'magic:1',
      'atp:chair@web~soon',
    ]) {
      expect(await why(number), number).toBeNull();
    }
  });
});
