/** Exceptions by HTTP, on the real processor, Redis and history. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exceptionCatalog, exceptionsPage, exceptionView } from '../../server/http/contract/exceptions.ts';
import { problem } from '../../server/http/contract.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { exceptionGroup, exceptionRow } from '../../server/live/contract.ts';
import { type Mirror, openMirror } from '../../server/live/mirror.ts';
import { createViews } from '../../server/live/views/index.ts';
import { createExceptionsModel } from '../../server/reading/exceptions-model.ts';
import { exceptionDefinitions } from '../../streams/exceptions/index.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, orderOf } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

/** The API knows people by their address. */
const ADA = 'ada@example.com';
let server: TestRedis;
let engine: TestEngine;
let bench: LiveBench;
let mirror: Mirror;
let web: TestWeb;
let headers: Record<string, string>;

beforeAll(async () => {
  [server, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  bench = await openLiveBench(server, engine);
  mirror = await openMirror(bench.redis, bench.keys, Date.now, async () => []);
  const readModel = { exceptions: createExceptionsModel(bench.runtime, mirror) } as unknown as ReadModel;
  web = await startTestWeb(server, { ingestion: false, app: { readModel } });
  headers = await web.signIn();
  const at = Date.now() - 60_000;
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }, { at }),
    ...['a', 'b', 'c', 'd', 'e'].flatMap((source, index) => [
      eventOf(
        'source.defined',
        { source, name: `Shop ${source}`, silentAfterMinutes: 600 },
        { at, source: 'tideline' },
      ),
      orderOf(`order-${source}`, index + 1, { channel: source }, { at, source }),
      ...rejected(source, at),
    ]),
  );
  await look();
}, 60_000);
afterAll(async () => {
  await web.stop();
  await bench.close();
  await engine.stop();
  await server.stop();
});

const rejected = (source: string, at = Date.now()) => [
  eventOf('delivery.rejected', { deliveryId: 'd', source, reason: 'x' }, { at, source: 'tideline' }),
];
const settled = (source: string) =>
  eventOf('delivery.settled', { deliveryId: 'd', source, how: 'replayed' }, { at: Date.now(), source: 'tideline' });

/** Brings the live figures up to date, as a notice would. */
async function look(): Promise<void> {
  mirror.note(null);
  await mirror.refresh();
}

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(`${web.url}${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}
const work = (id: string, action: string, body: object = {}) => ask('post', `/v1/exceptions/${id}/${action}`, body);
const of = (source: string) => mirror.states.exception.get(`dead-letters-waiting:${source}`)!;

describe('reading', () => {
  test('pages are most urgent first and lose nothing when a row is gone in between', async () => {
    const first = exceptionsPage.parse((await ask('get', '/v1/exceptions?kind=dead-letters-waiting&limit=2')).body);
    expect(first.items.map((row) => row.moneyAtRisk)).toEqual([4_500, 3_600]);
    const { status, body } = await ask('get', `/v1/exceptions?kind=dead-letters-waiting&limit=9&cursor=${first.next}`);
    expect([status, body.next]).toEqual([200, null]);
    expect(body.items.map((row: { moneyAtRisk: number }) => row.moneyAtRisk)).toEqual([2_700, 1_800, 900]);
    expect((await ask('get', '/v1/exceptions?cursor=bm9uc2Vuc2U')).status).toBe(400);
    for (const row of first.items) exceptionRow.parse(row);
  });

  test('filters are exact, also in groups', async () => {
    const count = async (query: string) => (await ask('get', `/v1/exceptions?${query}`)).body.items.length;
    expect(await count('kind=dead-letters-waiting')).toBe(5);
    expect(await count('source=a')).toBe(1);
    expect(await count('severity=critical')).toBe(0);
    expect(await count('area=procurement')).toBe(0);
    const { body } = await ask('get', '/v1/exceptions?group=area');
    const groups = body.items.map((row: unknown) => exceptionGroup.parse(row));
    expect(groups.filter(({ key }: { key: string }) => key === 'data')).toMatchObject([
      { key: 'data', count: 5, moneyAtRisk: 13_500, exceptions: { length: 5 } },
    ]);
  });

  test('one tells what it asks, what to do, what ends it, by number and by name', async () => {
    const { id } = of('a');
    const one = exceptionView.parse((await ask('get', `/v1/exceptions/${id}`)).body);
    expect(one).toMatchObject({ id, condition: 'open', work: 'new', owner: 'integration owner', area: 'data' });
    expect(one.playbook.length).toBeGreaterThan(1);
    expect((await ask('get', '/v1/exceptions/dead-letters-waiting:a')).body).toEqual(one);
    expect((await ask('get', '/v1/exceptions/EX-999')).status).toBe(404);
  });

  test('the catalog lists every kind, with the limits of the policy', async () => {
    const catalog = exceptionCatalog.parse((await ask('get', '/v1/exceptions/catalog')).body);
    expect(catalog.items.map(({ kind }) => kind)).toEqual(exceptionDefinitions.map(({ kind }) => kind));
    expect(catalog.items.find(({ kind }) => kind === 'dead-letters-waiting')).toMatchObject({ calling: 5, off: false });
    expect(catalog.items.find(({ kind }) => kind === 'unknown-values')).toMatchObject({ holdMinutes: 5 });
  });
});

describe('working', () => {
  test('a step is applied when it is answered, and shows up with who did it', async () => {
    const { id } = of('b');
    const { status, body } = await work(id, 'acknowledge', { version: 0 });
    expect(status).toBe(200);
    expect(exceptionRow.parse(body)).toMatchObject({ work: 'acknowledged', acknowledgedBy: ADA, version: 1 });
    await work(id, 'comment', { comment: 'called them' });
    await work(id, 'assign', { to: 'Ben' });
    await look();
    expect((await ask('get', `/v1/exceptions/${id}`)).body).toMatchObject({
      assignee: 'Ben',
      version: 2,
      comments: [{ by: ADA, comment: 'called them' }],
    });
  });

  test('who was overtaken hears 409 and by whom; of many at once exactly one wins', async () => {
    const { id } = of('c');
    const answers = await Promise.all(Array.from({ length: 8 }, () => work(id, 'resolve', { version: 0 })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const lost = answers.filter(({ status }) => status !== 200);
    expect(lost.map(({ status }) => status)).toEqual(Array(7).fill(409));
    for (const { body } of lost) {
      expect(problem.parse(body).detail).toBe(`${id} was resolved by ${ADA}: it is resolved, at version 1.`);
    }
    expect((await work(id, 'acknowledge')).body.detail).toBe(`${id} is resolved: it cannot be acknowledged.`);
  });

  test('what is put away leaves the open ones, their count and the live topics, and comes back when it is worse', async () => {
    const { id } = of('d');
    expect((await work(id, 'dismiss', { because: 'accepted-risk', reason: 'a test' })).status).toBe(200);
    await look();
    const views = createViews({} as Parameters<typeof createViews>[0]);
    const live = async (topic: string) => (await views(topic)!.entries(mirror, topic)) ?? {};
    const shown = async (show: string) => (await ask('get', `/v1/exceptions?show=${show}`)).body.items.map(idOf);
    expect(Object.keys(await live('exceptions'))).not.toContain(id);
    expect(Object.keys(await live('exception-groups'))).not.toContain('dead-letters-waiting:d');
    expect(await shown('calling')).not.toContain(id);
    expect(await shown('put-away')).toContain(id);
    await bench.apply(...rejected('d'));
    await look();
    expect(await shown('calling')).toContain(id);
    expect(Object.keys(await live('exceptions'))).toContain(id);
    expect((await live('exception-groups'))['dead-letters-waiting:d']).toMatchObject({ head: id, moneyAtRisk: 7_200 });
  });

  test('bad requests say what is wrong, and nothing is appended', async () => {
    const { id } = of('e');
    const before = await bench.seq();
    const statuses = await Promise.all([
      work(id, 'dismiss', { reason: 'no category' }),
      work(id, 'snooze', { until: {} }),
      work(id, 'snooze', { until: { time: '2020-01-01T00:00:00Z' } }),
      work(id, 'snooze', { until: { event: { type: 'no.event' } } }),
      work('EX-999', 'acknowledge'),
      work(id, 'wake'),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([400, 400, 400, 400, 404, 409]);
    expect(await bench.seq()).toBe(before);
  });

  test('a snooze until an event means an event about the same thing', async () => {
    const { id } = of('e');
    await bench.apply(
      eventOf('item.defined', { sku: 'mug', name: 'Mug', unitCost: 100, unitPrice: 400 }, { at: Date.now() }),
      eventOf('stock.received', { sku: 'mug', node: 'north', quantity: 2 }, { at: Date.now() }),
      eventOf('stock.counted', { sku: 'mug', node: 'north', quantity: 1 }, { at: Date.now() }),
    );
    await look();
    const variance = mirror.states.exception.get('count-variance:mug|north')!;
    const { body } = await work(variance.id, 'snooze', { until: { event: { type: 'stock.received' } } });
    expect(body.snoozedUntil).toMatchObject({ event: { type: 'stock.received', sku: 'mug', node: 'north' } });
    expect((await work(id, 'snooze', { until: { worse: true } })).body.work).toBe('snoozed');
  });

  test('many are worked on at once, and what one refuses does not hold up the others', async () => {
    const sources = ['m1', 'm2', 'm3'];
    await bench.apply(...sources.flatMap((source) => rejected(source)));
    await look();
    const [one, two, three] = sources.map((source) => of(source).id);
    await work(two!, 'resolve');
    const { status, body } = await ask('post', '/v1/exceptions/work', {
      action: 'acknowledge',
      exceptions: [{ id: one, version: 0 }, { id: two, version: 0 }, { id: 'EX-999' }, { id: three }],
    });
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { id: one, outcome: 'applied', exception: { work: 'acknowledged' } },
      { id: two, outcome: 'refused', reason: `${two} was resolved by ${ADA}: it is resolved, at version 1.` },
      { id: 'EX-999', outcome: 'refused', reason: 'There is no such open exception.' },
      { id: three, outcome: 'applied', exception: { work: 'acknowledged', acknowledgedBy: ADA } },
    ]);
    expect((await ask('post', '/v1/exceptions/work', { action: 'dismiss', exceptions: [{ id: one }] })).status).toBe(
      400,
    );
  });

  test('history tells every change with the event behind it, also when it is over', async () => {
    const { id } = of('b');
    const end = settled('b');
    await bench.apply(end);
    await look();
    expect((await work(id, 'comment', { comment: 'too late' })).status).toBe(404);
    await bench.historyHasAll();
    const { body } = await ask('get', `/v1/exceptions/${id}/changes`);
    expect(body.items.map(({ change, by, words }: never) => [change, by, words])).toEqual([
      ['closed', '', ''],
      ['assigned', ADA, 'Ben'],
      ['commented', ADA, 'called them'],
      ['acknowledged', ADA, ''],
      ['opened', '', ''],
    ]);
    expect(body.items[0].event).toEqual({ source: 'tideline', id: end.id, type: 'delivery.settled' });
    const { body: rest } = await ask('get', `/v1/exceptions/${id}/changes?limit=2&before=${body.items[2].seq}`);
    expect(rest.items.map(({ change }: never) => change)).toEqual(['acknowledged', 'opened']);
    expect((await ask('get', '/v1/exceptions/EX-999/changes')).status).toBe(404);
  });
});

const idOf = ({ id }: { id: string }): string => id;
