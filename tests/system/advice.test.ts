/** Advice and decisions as history tells them, over the real engine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertLines } from '../../analytics/clickhouse/client.ts';
import { advicePage, adviceSummary, orderDecisions } from '../../analytics/clickhouse/queries/advice.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { createWorld, eventOf, HOUR, openShop, orderOf, T0 } from '../support/fold.ts';
import { type HistoryBench, openHistoryBench } from '../support/history.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const ORDERS = 9;
const period = { from: T0 - HOUR, to: T0 + 24 * HOUR };
let engine: TestEngine;
let server: TestRedis;
let bench: HistoryBench;

beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
  bench = await openHistoryBench(engine, server);
  const world = createWorld();
  openShop(world, { north: 100, south: 100 });
  world.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', mode: 'advise' }),
    eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', costPerShipment: 300 }),
    eventOf('node.defined', { node: 'south', name: 'South', kind: 'warehouse', costPerShipment: 500 }),
  );
  for (let index = 0; index < ORDERS; index++) {
    // Every third order is shipped from elsewhere than we would have.
    const node = index % 3 === 0 ? 'south' : 'north';
    const report = { order: `O${index}`, node, shipment: `S${index}`, lines: [{ line: '1', quantity: 2 }] };
    world.apply(orderOf(`O${index}`, 2), eventOf('fulfilment.dispatched', report, { at: T0 + HOUR }));
  }
  await insertLines(bench.history, 'facts', world.facts.map(factRow).join('\n'), { token: 'advice' });
});
afterAll(async () => {
  await bench?.close();
  await Promise.all([engine?.stop(), server?.stop()]);
});

test('the difference between advice and deed is told order by order, in pages that miss none', async () => {
  const found: string[] = [];
  let before: number | undefined;
  do {
    const rows = await advicePage(bench.history, { ...period, before, limit: 4 });
    found.push(...rows.map(({ order, outcome }) => `${order} ${outcome}`));
    before = rows.length < 4 ? undefined : rows.at(-1)!.seq;
  } while (before !== undefined);
  const expected = Array.from({ length: ORDERS }, (_, at) => `O${at} ${at % 3 === 0 ? 'other-node' : 'followed'}`);
  expect(found).toEqual(expected.reverse());
  const [other] = await advicePage(bench.history, { ...period, outcome: 'other-node', limit: 1 });
  expect(other).toMatchObject({
    order: 'O6',
    advised: [{ node: 'north', units: 2 }],
    done: [{ node: 'south', units: 2 }],
    shipments: { advised: 1, done: 1 },
    shippingCost: { advised: 300, done: 500 },
  });
});

test('the sum of the differences counts every judged order once', async () => {
  expect(await adviceSummary(bench.history, period)).toEqual([
    { outcome: 'followed', orders: 6, moreShipments: 0, moreCost: 0 },
    { outcome: 'other-node', orders: 3, moreShipments: 0, moreCost: 600 },
  ]);
  expect(await adviceSummary(bench.history, { ...period, channel: 'nobody' })).toEqual([]);
});

test('an order tells what was decided about it, the newest first', async () => {
  const decisions = await orderDecisions(bench.history, 'O0', { limit: 10 });
  expect(decisions.map(({ policy, outcome }) => [policy, outcome])).toEqual([
    ['advice', 'other-node'],
    ['sourcing', 'advice: north 2'],
  ]);
  expect(decisions[1]!.inputs).toMatchObject({ units: 2, beaten: [['south', 0, 0, 1, 500, 0]] });
});
