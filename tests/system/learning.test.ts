/** Learning by HTTP, on the real processor, Redis and history: ratings, how rules do, and what could be set better. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { factsOf } from '../../analytics/clickhouse/queries/learning.ts';
import { opsDatabaseOf } from '../../analytics/views/index.ts';
import {
  type LearningAnswer,
  learningAnswer,
  ratedAnswer,
  ratingsAnswer,
  type Suggestion,
  suggestionsAnswer,
} from '../../server/http/contract/learning.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { createLearningModel } from '../../server/learning/model.ts';
import { type Mirror, openMirror } from '../../server/live/mirror.ts';
import type { Runtime } from '../../server/runtime.ts';
import { openTrials, type Trials } from '../../server/settings/trial/trials.ts';
import type { Event } from '../../streams/events/index.ts';
import type { OpenException, Policy } from '../../streams/operations/states.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, HOUR, MINUTE, orderOf } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/running-tideline.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;
const ADMIN = 'ada@example.com';
/** Nothing here depends on the clock of the wall. */
const BEGAN = NOW - 6 * HOUR;
let server: TestRedis;
let engine: TestEngine;
let bench: LiveBench;
let mirror: Mirror;
let trials: Trials;
let web: TestWeb;
let headers: Record<string, string>;
let database: string;

const own = (type: 'delivery.rejected' | 'delivery.settled', source: string, at: number) =>
  eventOf(type, { deliveryId: 'd', source, reason: 'x', how: 'replayed' } as never, { at, source: 'tideline' });
/** An exception about dead letters that stands for so many minutes. */
const letters = (source: string, minutes: number): Event[] => [
  own('delivery.rejected', source, BEGAN),
  own('delivery.settled', source, BEGAN + minutes * MINUTE),
];
/** A clock that runs ahead for one event; right again with the next one, more than ten minutes later. */
const skewed = (source: string, seconds: number): Event[] => [
  orderOf(`${source}-1`, 1, {}, { source, at: BEGAN + seconds * 1_000, receivedAt: BEGAN }),
  orderOf(`${source}-2`, 1, {}, { source, at: BEGAN + HOUR, receivedAt: BEGAN + HOUR }),
];
const names = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index}`);
const SHORT = names('short', 10);
const LONG = names('long', 10);
const BARELY = names('barely', 8);
const FAR = names('far', 2);

beforeAll(async () => {
  [server, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  bench = await openLiveBench(server, engine);
  const { url, username, password } = engine.engine;
  const [{ name }] = (await queryRows<{ name: string }>(bench.runtime.history, 'SELECT currentDatabase() AS name')) as [
    { name: string },
  ];
  database = name;
  const reached = { redisUrl: server.url, history: { url, username, password, database } };
  const runtime: Runtime = { ...bench.runtime, reached };
  mirror = await openMirror(
    bench.redis,
    bench.keys,
    () => NOW,
    async () => [],
  );
  trials = openTrials({ runtime });
  const learning = createLearningModel({ runtime, mirror, trials });
  web = await startTestWeb(server, { ingestion: false, app: { readModel: { learning } as unknown as ReadModel } });
  headers = await web.signIn();
  const shipBy = BEGAN + 3 * HOUR;
  const lines = [{ line: '1', quantity: 1 }];
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }, { at: BEGAN }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900 }, { at: BEGAN }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 99 }, { at: BEGAN, source: 'wms' }),
    ...[...SHORT].flatMap((source) => letters(source, 12)),
    ...[...LONG].flatMap((source) => letters(source, 90)),
    ...[...BARELY].flatMap((source) => skewed(source, 70)),
    ...[...FAR].flatMap((source) => skewed(source, 600)),
    orderOf('late', 1, { node: 'north', shipBy: new Date(shipBy).toISOString() }, { at: BEGAN, source: 'shop' }),
    eventOf(
      'deadline.passed',
      { kind: 'ship-by-risk', subject: `north|${shipBy}`, due: shipBy - 2 * HOUR, clock: 'shop' },
      { at: shipBy - 2 * HOUR, source: 'tideline' },
    ),
    eventOf(
      'fulfilment.dispatched',
      { order: 'late', node: 'north', shipment: 's', lines },
      { at: shipBy + HOUR, source: 'wms' },
    ),
    own('delivery.rejected', 'open', NOW - HOUR),
    orderOf('newest', 1, {}, { at: NOW - MINUTE, source: 'shop' }),
  );
  await look();
}, 60_000);
afterAll(async () => {
  await trials.stop();
  await web.stop();
  await bench.close();
  await engine.stop();
  await server.stop();
});

async function look(): Promise<void> {
  mirror.note(null);
  await mirror.refresh();
}
async function ask<T>(method: string, path: string, body?: object, as = headers): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${web.url}${path}`, {
    method,
    headers: { ...as, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}
const rate = (name: string, useful: boolean, reason?: string) =>
  ask('POST', `/v1/exceptions/${encodeURIComponent(name)}/rating`, {
    useful,
    ...(reason === undefined ? {} : { reason }),
  });
describe('rating', () => {
  test('is said while it stands, by whoever works with it, and is there when it is answered', async () => {
    const name = 'dead-letters-waiting:open';
    const answer = await rate(name, true, 'the shop had an outage');
    expect(answer.status).toBe(200);
    const rated = ratedAnswer.parse(answer.body);
    expect(rated).toMatchObject({ exception: name, applied: true, rating: { by: ADMIN, useful: true } });
    const state = await bench.read<OpenException>('exception', name);
    expect(state?.ratings).toMatchObject([{ by: ADMIN, useful: true, reason: 'the shop had an outage' }]);
    await look();
    const said = ratingsAnswer.parse((await ask('GET', `/v1/exceptions/${rated.number}/ratings`)).body);
    expect(said).toMatchObject({ number: rated.number, items: [{ by: ADMIN, useful: true }], outcome: 'unknown' });
  });

  test('is said after the end too, and the newest of a person holds', async () => {
    await bench.historyHasAll();
    const name = `dead-letters-waiting:${SHORT[0]}`;
    expect((await rate(name, true)).status).toBe(200);
    expect((await rate(name, false, 'it went by itself')).status).toBe(200);
    await bench.historyHasAll();
    const said = ratingsAnswer.parse((await ask('GET', `/v1/exceptions/${name}/ratings`)).body);
    expect(said.items).toMatchObject([{ by: ADMIN, useful: false, reason: 'it went by itself' }]);
    const ops = engine.connect(opsDatabaseOf(database));
    const rows = await queryRows<{ kind: string; subject: string; useful: boolean }>(
      ops,
      'SELECT kind, subject, useful FROM exception_ratings WHERE exception_id = {number:String} ORDER BY seq',
      { number: said.number },
    );
    expect(rows).toEqual([
      { kind: 'dead-letters-waiting', subject: SHORT[0], useful: true },
      { kind: 'dead-letters-waiting', subject: SHORT[0], useful: false },
    ]);
  });

  test('of what never was is not found', async () => {
    expect((await rate('EX-99999', true)).status).toBe(404);
    expect((await ask('GET', '/v1/exceptions/EX-99999/ratings')).status).toBe(404);
  });
});

describe('how rules do', () => {
  test('ratings and facts are told apart, and what came true is known', async () => {
    for (const source of SHORT.slice(1)) await rate(`dead-letters-waiting:${source}`, false);
    for (const source of LONG) await rate(`dead-letters-waiting:${source}`, true);
    for (const source of BARELY) await rate(`clock-skew:${source}`, false);
    for (const source of FAR) await rate(`clock-skew:${source}`, true);
    await bench.historyHasAll();
    const { status, body } = await ask<LearningAnswer>('GET', '/v1/learning?days=7');
    expect(status).toBe(200);
    const learned = learningAnswer.parse(body);
    const rule = (kind: string) => learned.rules.find((one) => one.kind === kind)!;
    expect(rule('dead-letters-waiting')).toMatchObject({
      told: 21,
      open: 1,
      rated: { useful: 11, notUseful: 10, dismissed: 0 },
      outcomes: { question: null, cameTrue: 0 },
      recall: null,
    });
    expect(rule('ship-by-at-risk')).toMatchObject({
      told: 1,
      outcomes: { cameTrue: 1, didNot: 0, precision: 1 },
      recall: { happened: 1, told: 1, share: 1, medianLeadMinutes: 120 },
    });
    expect(learned.total).toMatchObject({ falseAlarms: 18, outcomePrecision: 1 });
    expect(learned).toMatchObject({ complete: true, eventsBehind: 0, people: null, currency: 'EUR' });
  });

  test('who was told how much comes from the log of what was delivered', async () => {
    const delivered = (target: string, at: number, state = 'delivered') =>
      JSON.stringify({ target, endedAt: at, state });
    await bench.redis.hSet(bench.keys.alerts('log'), {
      1: delivered('person:ann@example.com', NOW - HOUR),
      2: delivered('person:ann@example.com', NOW - 2 * HOUR),
      3: delivered('channel:ops', NOW - HOUR),
      4: delivered('channel:ops', NOW - HOUR, 'failed'),
      5: delivered('channel:ops', NOW - 99 * 24 * HOUR),
    });
    const { body } = await ask<LearningAnswer>('GET', '/v1/learning?days=7');
    expect(body.people).toMatchObject([
      { recipient: 'person:ann@example.com', name: 'ann@example.com', messages: 2, perDay: 2 / 7 },
      { recipient: 'channel:ops', name: 'ops', messages: 1 },
    ]);
  });
});

describe('facts of history', () => {
  test('say which records ran out, what counts found, what was cancelled for lack of stock, and what came late', async () => {
    const at = (minutes: number) => BEGAN + minutes * MINUTE;
    const cups = (order: string, quantity: number, when: { at: number; receivedAt?: number }) =>
      orderOf(
        order,
        quantity,
        { lines: [{ line: '1', sku: 'cup', quantity, unitPrice: 900 }] },
        { ...when, source: 'shop' },
      );
    const cup = { sku: 'cup', node: 'north' };
    await bench.apply(
      eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north'] }, { at: at(0) }),
      eventOf(
        'item.defined',
        { sku: 'cup', name: 'Cup', unitCost: 300, unitPrice: 900, safetyStock: 1 },
        { at: at(0) },
      ),
      eventOf('stock.received', { ...cup, quantity: 4 }, { at: at(0), source: 'wms' }),
      cups('cups', 3, { at: at(70) }),
      cups('more-cups', 5, { at: at(90), receivedAt: at(120) }),
      eventOf('order.cancelled', { order: 'more-cups', reason: 'stock' }, { at: at(130), source: 'shop' }),
      eventOf('stock.received', { ...cup, quantity: 9 }, { at: at(190), source: 'wms' }),
      eventOf('stock.counted', { ...cup, bucket: 'sellable', quantity: 0 }, { at: at(250), source: 'wms' }),
    );
    await bench.historyHasAll();
    const time = { from: at(-600), to: NOW };
    const facts = await factsOf(bench.runtime.history, time, ['shop']);
    const hour = (minutes: number) => Math.floor(at(minutes) / HOUR) * HOUR;
    const ofCups = <T extends { sku: string }>(all: readonly T[]) => all.filter(({ sku }) => sku === 'cup');
    // With one cup kept back, the last one that can be promised goes with the first order.
    expect(ofCups(facts.empty)).toEqual([
      { ...cup, from: hour(250), to: Number.POSITIVE_INFINITY },
      { ...cup, from: hour(70), to: hour(190) },
    ]);
    expect(ofCups(facts.counts)).toMatchObject([{ ...cup, at: at(250) }]);
    expect(ofCups(facts.counts)[0]!.short).toBeGreaterThan(0);
    expect(ofCups(facts.cancelled)).toEqual([{ sku: 'cup', at: at(130), units: 5 }]);
    expect(facts.late).toContainEqual({ source: 'shop', at: Math.floor(at(90) / 300_000) * 300_000, events: 1 });
    expect(facts.waves).toContainEqual({ node: 'north', shipBy: at(180), lines: 1, late: 1 });
  });
});

describe('suggestions', () => {
  const list = async (): Promise<Suggestion[]> =>
    suggestionsAnswer.parse((await ask('GET', '/v1/learning/suggestions?days=7')).body).items;
  const about = async (kind: string) => (await list()).find((one) => one.about === kind)!;
  const decide = (id: string, what: string, body?: object) =>
    ask<Record<string, unknown>>('POST', `/v1/learning/suggestions/${id}/${what}?days=7`, body);

  test('say their effect on the last weeks, and become the policy when they are accepted', async () => {
    const hold = await about('dead-letters-waiting');
    expect(hold).toMatchObject({
      policy: 'exceptions',
      state: 'ready',
      basedOn: 0,
      change: { path: 'kinds.dead-letters-waiting.holdMinutes', before: null, after: 15 },
      effect: {
        how: 'rejudged',
        before: { told: 21, useful: 11, notUseful: 10 },
        after: { told: 11, useful: 11, notUseful: 0 },
        lost: [],
      },
    });
    expect((await decide(hold.id, 'accept', { note: 'agreed' })).body).toEqual({ version: 1 });
    await until('it holds', 10_000, async () => (await bench.read<Policy>('policy', 'exceptions'))?.version === 1);
    const policy = await bench.read<Policy>('policy', 'exceptions');
    expect(policy).toMatchObject({ by: ADMIN, body: { kinds: { 'dead-letters-waiting': { holdMinutes: 15 } } } });
    const items = await list();
    expect(items.filter((one) => one.about === 'dead-letters-waiting')).toMatchObject([
      { state: 'accepted', decided: { by: ADMIN, reason: 'agreed', version: 1 } },
    ]);
    expect((await decide(hold.id, 'accept', {})).status).toBe(404);
  });

  test('limits are not accepted before all was folded again under them', async () => {
    const limit = await about('clock-skew');
    expect(limit).toMatchObject({
      state: 'to-replay',
      basedOn: 1,
      change: { path: 'kinds.clock-skew.thresholds.aheadSeconds', before: null, after: 90 },
      effect: null,
    });
    expect((await decide(limit.id, 'accept', {})).status).toBe(409);
    expect(await decide(limit.id, 'replay')).toMatchObject({ status: 202, body: { state: 'replaying' } });
    await until('it was replayed', 30_000, async () => (await about('clock-skew')).state !== 'replaying');
    expect(await about('clock-skew')).toMatchObject({
      state: 'ready',
      effect: {
        how: 'replayed',
        before: { told: 10, useful: 2, notUseful: 8 },
        after: { told: 2, useful: 2, notUseful: 0, unknown: 0 },
        lost: [],
      },
    });
  });

  test('put away, it does not come back for weeks', async () => {
    const { id } = await about('clock-skew');
    expect((await decide(id, 'dismiss', {})).status).toBe(400);
    const dismissed = await decide(id, 'dismiss', { reason: 'the clocks are being repaired' });
    expect(dismissed).toMatchObject({ status: 200, body: { state: 'dismissed', decided: { by: ADMIN } } });
    expect((await list()).map(({ about: kind, state }) => `${kind} ${state}`).sort()).toEqual([
      'clock-skew dismissed',
      'dead-letters-waiting accepted',
    ]);
    expect((await decide('nonsense', 'dismiss', { reason: 'x' })).status).toBe(404);
  });
});
