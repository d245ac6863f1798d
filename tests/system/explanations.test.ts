/** Why an anomaly stands, asked of a real history: its parts, what else happened, and how it went before. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { kpiById, kpis } from '../../analytics/kpis/index.ts';
import { opsDatabaseOf } from '../../analytics/views/index.ts';
import {
  type ExceptionExplanation,
  exceptionExplanation,
  explainedChange,
} from '../../server/http/contract/explanations.ts';
import { type Mirror, openMirror } from '../../server/live/mirror.ts';
import { explainChange } from '../../server/signals/explain-change.ts';
import { explainException } from '../../server/signals/explain-exception.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, orderOf } from '../support/fold.ts';
import { isLong, partOf, partSaid } from '../support/how-much.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const WEEK_MS = 168 * HOUR_MS;
const WEEKS = 5;
const admin = { role: 'admin' } as const;
const analyst = { role: 'analyst' } as const;

let server: TestRedis;
let engine: TestEngine;
let bench: LiveBench;
let mirror: Mirror;
let runtime: LiveBench['runtime'];
/** The hour in which Germany stopped to order on the web. */
const from = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
const to = from + HOUR_MS;

/** 20 of Germany and 10 of Austria on the web, 8 of each in the app. */
const usual = [
  ['web', 'DE', 20],
  ['web', 'AT', 10],
  ['app', 'DE', 8],
  ['app', 'AT', 8],
] as const;
const ordersOf = (week: number) =>
  usual.flatMap(([channel, country, count]) =>
    Array.from({ length: week === 0 && channel === 'web' && country === 'DE' ? 0 : count }, (_, index) => {
      const at = from - week * WEEK_MS + (index + 1) * 2 * MINUTE_MS;
      return orderOf(`${week}-${channel}-${country}-${index}`, 1, { channel, country }, { at, receivedAt: at });
    }),
  );
const detected = (end: number, value: number) =>
  eventOf(
    'anomaly.detected',
    { kpi: 'orders', at: end, value, low: 30, expected: 46, high: 60, score: 0.7, what: 'drop', minutes: 60 },
    { at: end },
  );

beforeAll(async () => {
  [server, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  bench = await openLiveBench(server, engine);
  const at = from - 6 * WEEK_MS;
  const before = from - WEEK_MS + HOUR_MS;
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', timeZone: 'UTC' }, { at }),
    eventOf('channel.defined', { channel: 'web', name: 'Web shop', kind: 'web', nodes: ['north'] }, { at }),
    eventOf('channel.defined', { channel: 'app', name: 'App', kind: 'web', nodes: ['north'] }, { at }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900 }, { at }),
    ...Array.from({ length: WEEKS }, (_, week) => ordersOf(WEEKS - week)).flat(),
    detected(before, 20),
  );
  const past = { exception: 'kpi-anomaly:orders//', by: 'Kim' };
  await bench.apply(
    eventOf('exception.commented', { ...past, comment: 'the payment page was down' }, { at: before + 5 * MINUTE_MS }),
    eventOf('exception.resolved', { ...past, reason: 'payment provider restarted' }, { at: before + 20 * MINUTE_MS }),
    eventOf('anomaly.cleared', { kpi: 'orders', at: before + HOUR_MS, value: 45 }, { at: before + HOUR_MS }),
  );
  const plan = { channel: 'web', from: from - 10 * MINUTE_MS, to: from + 5 * MINUTE_MS };
  const apart = { channel: 'app', from: plan.from, to: plan.to };
  await bench.apply(
    eventOf(
      'calendar.planned',
      { entry: 'release', kind: 'deployment', name: 'Checkout 4.2', ...plan },
      { at: plan.from },
    ),
    eventOf('calendar.planned', { entry: 'other', kind: 'deployment', name: 'App 9', ...apart }, { at: plan.from }),
    ...ordersOf(0),
    detected(to, 26),
  );
  await bench.historyHasAll();
  const [{ name } = { name: '' }] = await queryRows<{ name: string }>(
    bench.runtime.history,
    'SELECT currentDatabase() AS name',
  );
  runtime = { ...bench.runtime, ops: engine.connect(opsDatabaseOf(name)) };
  mirror = await openMirror(
    bench.redis,
    bench.keys,
    () => to + 5 * MINUTE_MS,
    async () => [],
  );
}, 60_000);
afterAll(async () => {
  await bench?.close();
  await engine?.stop();
  await server?.stop();
});

const explain = async (name: string): Promise<ExceptionExplanation> =>
  exceptionExplanation.parse(await explainException({ runtime, mirror }, name, admin));

test('an anomaly names the part that made it, what began with it, and how it went before', async () => {
  const told = await explain('kpi-anomaly:orders//');
  const change = told.change!;
  expect(told.notExplained).toBeNull();
  expect(change.roots.map(({ values }) => values)).toEqual([{ channel: 'web', country: 'DE' }]);
  expect(change.roots[0]).toMatchObject({ words: 'Channel Web shop, Country DE', value: 0 });
  expect(change.roots[0]!.expected).toBeCloseTo(20, 6);
  expect(change.counted).toMatchObject({ value: 26, expected: 46 });
  const shares = change.roots.reduce((sum, { share }) => sum + share, change.rest.share);
  expect(shares).toBeCloseTo(1, 9);
  for (const { parts, rest } of change.dimensions) {
    expect(parts.reduce((sum, { share }) => sum + share, rest?.share ?? 0)).toBeCloseTo(1, 9);
  }
  expect(change.method).toMatchObject({ weeks: WEEKS, dimensions: ['channel', 'country'] });
  expect(told.related[0]).toMatchObject({ kind: 'calendar', title: 'Deployment: Checkout 4.2', entry: 'release' });
  expect(told.related[0]!.because).toEqual(['began 10 minutes before', 'the channel that changed']);
  expect(told.related.map(({ entry }) => entry)).not.toContain('other');
  expect(told.similar).toHaveLength(1);
  expect(told.similar[0]).toMatchObject({
    ended: 'resolved',
    by: 'Kim',
    words: 'payment provider restarted',
    comments: ['the payment page was down'],
    overAfter: 60,
  });
  expect(told.similar[0]!.because).toContain('the same hour of the week');
  expect(told.before).toMatchObject({ episodes: 1, resolved: 1, dismissed: 0, medianMinutes: 60 });
});

test('one that is over is still explained, by its number', async () => {
  const [earlier] = (await explain('kpi-anomaly:orders//')).similar;
  const told = await explain(earlier!.exception);
  expect(told.notExplained).toBeNull();
  expect(told.change!.to).toBe(from - WEEK_MS + HOUR_MS);
  // Its hour was as every hour: there is no change, and so no part that made it.
  expect(told.change!.roots).toEqual([]);
  expect(told.similar).toEqual([]);
});

test('there is no explanation of what never was, and a reason where there is none', async () => {
  expect(await explainException({ runtime, mirror }, 'EX-999', admin)).toBeNull();
  const situation = { now: to, timeZone: 'UTC', currency: 'EUR' };
  const ask = (kpi: string, asker: typeof admin | typeof analyst) =>
    explainChange(runtime, situation, { kpi, where: {}, from, to }, { asker });
  expect(await ask('cycle-time-p50', admin)).toHaveProperty('notExplained');
  expect(await ask('nothing', admin)).toEqual({ notExplained: 'There is no KPI nothing.' });
});

test('a series of one channel is explained by what else there is', async () => {
  const situation = { now: to, timeZone: 'UTC', currency: 'EUR' };
  const told = await explainChange(
    runtime,
    situation,
    { kpi: 'revenue', where: { channel: 'web' }, from, to },
    { asker: admin },
  );
  if ('notExplained' in told) throw new Error(told.notExplained);
  expect(told.roots.map(({ values }) => values)).toEqual([{ country: 'DE' }]);
  expect(told.roots[0]!.share).toBeCloseTo(1, 6);
  expect(told.change).toMatchObject({ value: 10 * 900, currency: 'EUR', where: { channel: 'web' } });
});

test(`every KPI is explained, with shares that add up, or it is said why not (${partSaid})`, {
  timeout: 180_000,
}, async () => {
  const situation = { now: to, timeZone: 'UTC', currency: 'EUR' };
  const explained: string[] = [];
  for (const { id } of [kpiById('open-orders')!, kpiById('average-order-value')!, ...partOf(kpis, 8)]) {
    const told = await explainChange(runtime, situation, { kpi: id, where: {}, from, to }, { asker: admin });
    if ('notExplained' in told) {
      expect(told.notExplained, id).toMatch(/\.$/);
      continue;
    }
    const { roots, mix, rest, counted, dimensions } = explainedChange.parse(told.change);
    explained.push(id);
    if (counted.change === 0) continue;
    const shares = roots.reduce((sum, { share }) => sum + share, rest.share + (mix?.share ?? 0));
    expect(shares, id).toBeCloseTo(1, 6);
    for (const { parts, rest: others, dimension } of dimensions) {
      const ofValues = parts.reduce((sum, { share }) => sum + share, others?.share ?? 0);
      expect(ofValues, `${id} by ${dimension}`).toBeCloseTo(1 - (mix?.share ?? 0), 6);
    }
  }
  expect(explained).toContain('open-orders');
  expect(explained).toContain('average-order-value');
  if (isLong) expect(explained.length, explained.join()).toBeGreaterThan(5);
});
