/** Detectors on the real stores: what they read, what they leave behind, how they go on, and what the API tells of it. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joined } from '../../analytics/anomalies/watching/flow-figures.ts';
import { HOUR_MS, TEN_MINUTES_MS } from '../../analytics/anomalies/watching/series.ts';
import { insertLines, queryRows } from '../../analytics/clickhouse/client.ts';
import { migrate } from '../../analytics/clickhouse/migrate.ts';
import { kpiById, sumBuckets } from '../../analytics/kpis/index.ts';
import { kpiSeries } from '../../analytics/kpis/series.ts';
import { migrationsDir } from '../../analytics/sql/load.ts';
import { bandAnswer, calendarAnswer, calendarEntry, signalsAnswer } from '../../server/http/contract/signals.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { startAnomalyDetection } from '../../server/jobs/detect-anomalies.ts';
import { askHistory } from '../../server/reading/ask-history.ts';
import { createBandKeeper, followBands } from '../../server/roles/kept-bands.ts';
import { loadSignals, readStatus, saveSignals, tellStatus } from '../../server/signals/kept-signals.ts';
import { createFiguresReader, readFlows } from '../../server/signals/read-figures.ts';
import { keepPoints, readPoints } from '../../server/signals/signal-points.ts';
import { createSignalsModel } from '../../server/signals/signals-model.ts';
import { lookAround } from '../../server/signals/surroundings.ts';
import type { Bucket } from '../../streams/operations/states.ts';
import { appendEvent } from '../../streams/processing/event-log.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, orderOf } from '../support/fold.ts';
import { commands, eventsOf, HISTORY_STARTS_AT, oneOfEach, process } from '../support/kpi-history.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/running-tideline.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20261123);
const DAY_MS = 24 * HOUR_MS;
const DAYS = 8;
let server: TestRedis;
let engine: TestEngine;
let bench: LiveBench;
let web: TestWeb;
let now: number;
const cookies = new Map<string, string>();

/** More by day than by night, and the same every day. */
const ordersAt = (hour: number): number => (hour >= 8 && hour < 22 ? 6 : 2);

beforeAll(async () => {
  [server, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  bench = await openLiveBench(server, engine);
  const clock = { now: Date.now, businessNow: () => now };
  const readModel = { signals: createSignalsModel(bench.runtime, clock) } as unknown as ReadModel;
  web = await startTestWeb(server, { ingestion: false, app: { readModel } });
  const password = 'correct horse battery';
  for (const role of ['analyst', 'planner', 'executive'] as const) {
    const email = `${role}@example.com`;
    await web.access.createAccount('test', { email, name: role, role, password });
    const signedIn = await web.access.signIn({ email, password }, '127.0.0.1');
    if ('token' in signedIn) cookies.set(role, `tideline=${signedIn.token}`);
  }
  now = Date.now();
  const first = Math.floor(now / HOUR_MS) * HOUR_MS - DAYS * DAY_MS;
  const at = first - HOUR_MS;
  const orders = Array.from({ length: DAYS * 24 }, (_, hour) =>
    Array.from({ length: ordersAt(new Date(first + hour * HOUR_MS).getUTCHours()) }, (_, index) =>
      orderOf(`o-${hour}-${index}`, 1, {}, { at: first + hour * HOUR_MS + index * 500_000, receivedAt: now }),
    ),
  ).flat();
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', timeZone: 'UTC' }, { at }),
    eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse' }, { at }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north'] }, { at }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900 }, { at }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 10_000 }, { at }),
    ...orders,
    orderOf('now', 1, {}, { at: now - 1_000, receivedAt: now }),
  );
  await bench.historyHasAll();
}, 60_000);
afterAll(async () => {
  await web?.stop();
  await bench?.close();
  await engine?.stop();
  await server?.stop();
});

/** As the processor has counted them, by hour and place. */
function liveSums(shop: ReturnType<typeof process>): Map<string, Bucket> {
  const sums = new Map<string, Bucket>();
  for (const [id, bucket] of shop.all('bucket')) {
    const [grain, start = '', channel = '', node = ''] = id.split('|');
    if (grain !== 'hour') continue;
    const places = ['', ...(channel === '' ? [] : [`channel=${channel}`]), ...(node === '' ? [] : [`node=${node}`])];
    for (const place of places) {
      const key = `${start}|${place}`;
      sums.set(key, sumBuckets([sums.get(key), bucket])!);
    }
  }
  return sums;
}

test(`what detectors read is what was counted live, bucket by bucket (SEED=${seed})`, { timeout: 60_000 }, async () => {
  const [list] = fc.sample(commands(250, 350), { seed, numRuns: 1 });
  const shop = process(eventsOf([...oneOfEach(), ...list!]));
  const { client } = await engine.createDatabase();
  await migrate(client, migrationsDir);
  await insertLines(client, 'facts', shop.facts.map(factRow).join('\n'), { token: 'all' });
  const reader = createFiguresReader(askHistory({ history: client }), () => ({ timeZone: 'UTC', currency: 'EUR' }));
  const from = Math.floor(HISTORY_STARTS_AT / DAY_MS - 2) * DAY_MS;
  const time = { from, to: from + 40 * DAY_MS };
  const [hours, tens] = [await readFlows(reader, time, HOUR_MS), await readFlows(reader, time, TEN_MINUTES_MS)];
  const measured = new Set([...hours.values()].flatMap((places) => [...places.values()].flatMap(Object.keys)));
  let compared = 0;
  for (const [key, live] of liveSums(shop)) {
    const [start, place = ''] = [Number(key.split('|')[0]), key.split('|')[1]];
    if (start < time.from || start >= time.to) continue;
    const ofHour = hours.get(start)?.get(place) ?? {};
    const parts = Array.from({ length: 6 }, (_, at) => tens.get(start + at * TEN_MINUTES_MS));
    const ofParts = joined(parts).get(place) ?? {};
    for (const name of measured) {
      expect(ofHour[name] ?? 0, `${name} at ${key}`).toBe(live[name] ?? 0);
      expect(ofParts[name] ?? 0, `${name} by ten minutes at ${key}`).toBe(live[name] ?? 0);
      if ((live[name] ?? 0) !== 0) compared += 1;
    }
  }
  expect(measured.size).toBeGreaterThan(40);
  expect(compared).toBeGreaterThan(500);
});

function startJob() {
  const { runtime, redis, keys } = bench;
  const warnings: string[] = [];
  const detection = startAnomalyDetection({
    lookAround: (skus) => lookAround(runtime, now, skus),
    readerFor: (where) => createFiguresReader(askHistory(runtime), where),
    load: (timeZone) => loadSignals(runtime, timeZone),
    save: (watch, whole) => saveSignals(runtime, watch, whole),
    keep: (points) => keepPoints(runtime.history, points, Date.now()),
    leaveBands: createBandKeeper(runtime),
    explain: async () => [],
    tellStatus: (status, series, gone) => tellStatus(runtime, status, series, gone),
    appendEvent: async (event) => void (await appendEvent(redis, keys, event)),
    readOpen: async () => [],
    logger: { info() {}, warn: (words) => void warnings.push(words) },
    now: () => now,
    everyMs: 2 ** 30,
  });
  return { ...detection, warnings };
}

async function ask(who: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${web.url}/v1/${path}`, {
    method,
    headers: {
      cookie: cookies.get(who)!,
      origin: web.url,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
}

describe('after a week of business', () => {
  let job: ReturnType<typeof startJob>;
  beforeAll(async () => {
    job = startJob();
    await job.detect();
  }, 60_000);
  afterAll(() => job?.stop());

  test('every series that has something to say is watched, and the API says how warm it is', async () => {
    expect(job.warnings).toEqual([]);
    const answer = signalsAnswer.parse((await ask('analyst', 'GET', 'signals?kpi=orders')).body);
    expect(answer.items.map(({ series }) => series)).toEqual(['orders', 'orders/channel=web', 'orders/node=north']);
    expect(answer.items[0]).toMatchObject({ name: 'Orders', unit: 'count', grainMs: HOUR_MS, state: 'quiet' });
    expect(answer.items[0]!.points).toBeGreaterThan(180);
    expect(answer.items[0]!.warm).toBeGreaterThan(0.9);
    expect(answer.items[0]!.last!.at).toBe(Math.floor((now - 180_000) / HOUR_MS - 1) * HOUR_MS);
    expect(answer.job).toEqual({ state: 'running', why: '' });
    const [all, planner] = [
      await ask('analyst', 'GET', 'signals?limit=500'),
      await ask('planner', 'GET', 'signals?limit=500'),
    ];
    const named = (body: unknown) => signalsAnswer.parse(body).items.map(({ kpi }) => kpi);
    expect(named(all.body)).toContain('margin');
    expect(named(planner.body)).not.toContain('margin');
  });

  test('a chart is given the band of the past and of the hours to come, at its own steps', async () => {
    const query = (more: string) => `signals/band?kpi=orders&channel=web${more}`;
    const band = bandAnswer.parse((await ask('planner', 'GET', query(''))).body);
    const known = band.points.filter(({ value }) => value !== null);
    const ahead = band.points.filter(({ at }) => at >= band.knownUntil);
    expect(known.length).toBeGreaterThan(40);
    expect(ahead.length).toBeGreaterThanOrEqual(5);
    for (const { low, mid, high } of band.points) expect(low! <= mid! && mid! <= high!).toBe(true);
    for (const { at, value } of known) expect(value).toBe(ordersAt(new Date(at).getUTCHours()));
    const day = bandAnswer.parse((await ask('planner', 'GET', query(`&step=${DAY_MS}`))).body);
    const half = bandAnswer.parse((await ask('planner', 'GET', query(`&step=${HOUR_MS / 2}`))).body);
    const sum = (list: typeof known) => list.reduce((total, { mid }) => total + mid!, 0);
    const whole = day.points.find(({ at, value }) => value !== null && at >= known[0]!.at)!;
    const within = band.points.filter(({ at }) => at >= whole.at && at < whole.at + DAY_MS);
    expect(whole.mid!).toBeCloseTo(sum(within), 2);
    expect(whole.value).toBe(14 * 6 + 10 * 2);
    expect(half.points.find(({ at }) => at === known[3]!.at)!.mid!).toBeCloseTo(known[3]!.mid! / 2, 3);
  });

  test('says why there is no band, and refuses what cannot be asked', async () => {
    const none = bandAnswer.parse((await ask('planner', 'GET', 'signals/band?kpi=refunds')).body);
    expect([none.points, none.why]).toEqual([[], expect.stringContaining('too little happens')]);
    expect((await ask('planner', 'GET', 'signals/band?kpi=no-such')).status).toBe(404);
    expect((await ask('planner', 'GET', 'signals/band?kpi=margin')).status).toBe(403);
    expect((await ask('planner', 'GET', 'signals/band?kpi=orders&channel=web&node=north')).status).toBe(400);
    expect((await ask('planner', 'GET', 'signals/band?kpi=orders&from=0&step=60000')).status).toBe(400);
  });

  test('tiles find the band around now where the job left it', async () => {
    const bands = followBands(bench.runtime);
    const from = Math.floor(now / HOUR_MS - 24) * HOUR_MS;
    const hours = { from, stepMs: HOUR_MS, steps: 24 };
    await until('the bands are read', 5_000, async () => bands.at('orders', {}, hours) !== null);
    const [whole, part] = [bands.at('orders', {}, hours)!, bands.at('orders', { node: 'north' }, hours)!];
    expect(whole.low.every((low, hour) => low < whole.high[hour]!)).toBe(true);
    expect(part.high).toHaveLength(24);
    // An hour's band shared out over its minutes.
    const minutes = bands.at('orders', {}, { from, stepMs: 60_000, steps: 60 })!;
    expect(minutes.high[0]!).toBeCloseTo(whole.high[0]! / 60, 6);
    bands.stop();
  });

  test('another process goes on from what was saved and judges nothing twice', async () => {
    await job.stop();
    const before = await readStatus(bench.runtime);
    const keptBefore = await readPoints(bench.runtime.history, 'orders', { from: 0, to: now });
    const next = startJob();
    const done = await next.detect();
    expect([done?.judged, next.warnings]).toEqual([0, []]);
    await next.stop();
    expect((await readStatus(bench.runtime)).series).toEqual(before.series);
    expect(await readPoints(bench.runtime.history, 'orders', { from: 0, to: now })).toEqual(keptBefore);
  });
});

test('what a source has sent is counted by when it came', async () => {
  const time = { from: now - DAY_MS, to: now + HOUR_MS, now: now + HOUR_MS };
  const asked = { ...time, grain: 'hour', timeZone: 'UTC', currency: 'EUR' } as const;
  const answer = await kpiSeries(askHistory(bench.runtime), kpiById('source-events')!, { ...asked, by: 'source' });
  const [events] = await queryRows<{ n: number }>(
    bench.runtime.history,
    "SELECT count() AS n FROM events WHERE source = 'test' AND received_at >= now() - INTERVAL 1 DAY",
  );
  expect(answer.series.map(({ key, total }) => [key, total])).toEqual([['test', events!.n]]);
});

describe('the calendar', () => {
  const sale = { kind: 'promotion', name: 'Spring sale', channel: 'web', effectPercent: 40 };

  test('is planned by who may, concerns the band, and is withdrawn', async () => {
    const plan = { ...sale, from: now, to: now + DAY_MS };
    expect((await ask('executive', 'POST', 'calendar', plan)).status).toBe(403);
    const saved = calendarEntry.parse((await ask('planner', 'POST', 'calendar', plan)).body);
    expect(saved).toMatchObject({ ...plan, version: 1, by: 'planner@example.com' });
    const listed = calendarAnswer.parse((await ask('executive', 'GET', 'calendar')).body);
    expect(listed.items).toEqual([saved]);
    const band = bandAnswer.parse((await ask('planner', 'GET', 'signals/band?kpi=orders&channel=web')).body);
    expect(band.planned).toMatchObject([{ entry: saved.entry, name: 'Spring sale' }]);
    const changed = await ask('planner', 'POST', 'calendar', { ...plan, entry: saved.entry, version: 1, name: 'Sale' });
    expect(calendarEntry.parse(changed.body)).toMatchObject({ name: 'Sale', version: 2 });
    expect((await ask('planner', 'POST', 'calendar', { ...plan, entry: saved.entry, version: 1 })).status).toBe(409);
    expect((await ask('planner', 'DELETE', `calendar/${saved.entry}`)).status).toBe(204);
    expect((await ask('planner', 'DELETE', `calendar/${saved.entry}`)).status).toBe(404);
    expect(calendarAnswer.parse((await ask('executive', 'GET', 'calendar')).body).items).toEqual([]);
  });

  test('is refused when it ends before it begins', async () => {
    expect((await ask('planner', 'POST', 'calendar', { ...sale, from: now, to: now - 1 })).status).toBe(400);
  });
});
