/** Who governs KPIs: terms with their versions and the audit, baselines that late events do not move, distributions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kpiTile } from '../../server/boards/kpi-tile.ts';
import { keepQuestionTiles } from '../../server/boards/question-tiles.ts';
import {
  baseline,
  distributionAnswer,
  kpiCatalogAnswer,
  kpiPage,
  termsSet,
} from '../../server/http/contract/kpi-catalog.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { keepHistoryFigures } from '../../server/kpis/history-figures.ts';
import { createKpiCatalogModel } from '../../server/kpis/kpi-catalog-model.ts';
import { type Mirror, openMirror } from '../../server/live/mirror.ts';
import { askHistory } from '../../server/reading/ask-history.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, orderOf } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/running-tideline.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const password = 'correct horse battery';
let server: TestRedis;
let engine: TestEngine;
let bench: LiveBench;
let mirror: Mirror;
let web: TestWeb;
let began: number;
const cookies = new Map<string, string>();

beforeAll(async () => {
  [server, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  bench = await openLiveBench(server, engine);
  mirror = await openMirror(bench.redis, bench.keys, Date.now, async () => []);
  const situation = () => ({ timeZone: 'UTC', currency: 'EUR', now: mirror.businessNow() });
  const history = keepHistoryFigures({ ask: askHistory(bench.runtime), situation, now: Date.now });
  const readModel = {
    kpiCatalog: createKpiCatalogModel({ runtime: bench.runtime, mirror, history }),
  } as unknown as ReadModel;
  web = await startTestWeb(server, { ingestion: false, app: { readModel } });
  for (const [name, role] of [
    ['Cy', 'analyst'],
    ['Eve', 'analyst'],
    ['Pat', 'planner'],
  ] as const) {
    const email = `${name.toLowerCase()}@example.com`;
    await web.access.createAccount('test', { email, name, role, password });
    const signedIn = await web.access.signIn({ email, password }, '127.0.0.1');
    if ('token' in signedIn) cookies.set(name, `tideline=${signedIn.token}`);
  }
  began = Date.now();
  const at = began - 5 * DAY;
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR', timeZone: 'UTC' }, { at }),
    eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse' }, { at }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north'] }, { at }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900 }, { at }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 100 }, { at }),
    ...[4, 3, 3, 2].map((days, index) => orderOf(`o${index}`, 1, {}, { at: began - days * DAY, receivedAt: began })),
    // Business is live: its newest event is of this minute.
    orderOf('now', 1, {}, { at: began - 1_000, receivedAt: began }),
  );
  await bench.historyHasAll();
  mirror.note(null);
  await mirror.refresh();
}, 60_000);
afterAll(async () => {
  await web?.stop();
  await bench?.close();
  await engine?.stop();
  await server?.stop();
});

async function ask(who: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${web.url}/v1/kpi-catalog${path}`, {
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

describe('terms', () => {
  const terms = { owner: 'Stores', target: 5, thresholds: { look: 4, act: 2 } };

  test('only who governs KPIs sets them', async () => {
    expect((await ask('Pat', 'POST', '/orders/terms', { ...terms, version: 0 })).status).toBe(403);
    expect((await ask('Pat', 'GET', '/orders')).status).toBe(200);
  });

  test('have a version, hold at once on every tile, and the audit says who made what of what', async () => {
    const set = await ask('Cy', 'POST', '/orders/terms', { ...terms, note: 'agreed', version: 0 });
    expect([set.status, termsSet.parse(set.body)]).toMatchObject([
      202,
      { version: 1, terms: { by: 'cy@example.com', inForce: true } },
    ]);
    const none = { of: () => null };
    const questions = keepQuestionTiles({
      ask: () => Promise.reject(new Error('no question is asked here')),
      askSql: () => Promise.reject(new Error('no question is asked here')),
      onFault: () => undefined,
      now: Date.now,
    });
    const sight = { mirror, band: () => null, past: none, history: { ...none, read: async () => null }, questions };
    // The mirror reads all of its window again at most every two seconds.
    await until('the order is in the window', 10_000, async () => {
      mirror.note(null);
      await mirror.refresh();
      return kpiTile(sight, 'orders', {}).value !== null;
    });
    // One order today is beyond both thresholds.
    expect(kpiTile(sight, 'orders', {})).toMatchObject({ target: 5, value: 1, status: 'critical' });
    const page = kpiPage.parse((await ask('Pat', 'GET', '/orders')).body);
    expect(page).toMatchObject({ owner: 'Stores', target: 5, thresholds: { look: 4, act: 2 }, terms: { version: 1 } });
    expect(page.termsHistory.map(({ version, owner }) => [version, owner])).toEqual([
      [1, 'Stores'],
      [0, 'Head of sales'],
    ]);
    const audit: string[] = [];
    for await (const { who, what, detail } of web.access.audit.entries()) audit.push(`${who} ${what} ${detail}`);
    const entry = audit.findLast((line) => line.startsWith('cy@example.com kpi.terms-set'))!;
    expect(entry).toContain('Head of sales');
    expect(entry).toContain('Stores');
  });

  test('who began from an older version is told so and changes nothing', async () => {
    const late = await ask('Eve', 'POST', '/orders/terms', { ...terms, owner: 'Eve herself', version: 0 });
    expect([late.status, late.body.detail]).toEqual([
      409,
      expect.stringContaining('cy@example.com has made version 1'),
    ]);
    expect(kpiPage.parse((await ask('Eve', 'GET', '/orders')).body).owner).toBe('Stores');
  });

  test('of two who set them at once one is told that the other was faster', async () => {
    const answers = await Promise.all(
      ['Cy', 'Eve'].map((who) => ask(who, 'POST', '/orders/terms', { ...terms, owner: who, version: 1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    const page = kpiPage.parse((await ask('Eve', 'GET', '/orders')).body);
    expect(page.termsHistory).toHaveLength(3);
  });

  test('may begin later, never earlier, and thresholds the wrong way round are refused by field', async () => {
    const later = { ...terms, owner: 'Later', from: Date.now() + DAY, version: 2 };
    expect((await ask('Cy', 'POST', '/orders/terms', later)).status).toBe(202);
    const page = kpiPage.parse((await ask('Cy', 'GET', '/orders')).body);
    expect([page.terms.version, page.termsHistory[0]]).toMatchObject([
      2,
      { version: 3, owner: 'Later', inForce: false },
    ]);
    expect((await ask('Cy', 'POST', '/orders/terms', { ...later, from: began - DAY, version: 3 })).status).toBe(400);
    const wrong = await ask('Cy', 'POST', '/orders/terms', { ...terms, thresholds: { look: 2, act: 4 }, version: 3 });
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'thresholds.act']);
  });
});

describe('baselines', () => {
  test('stay as they were frozen when late events restate their period, and both are shown', async () => {
    const span = { from: began - 4 * DAY, to: began - 2 * DAY };
    const made = await ask('Cy', 'POST', '/orders/baselines', { name: 'Before', ...span });
    const frozen = baseline.parse(made.body);
    expect([made.status, frozen.value, frozen.n]).toEqual([202, 4, 3]);
    expect(frozen.weeks.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(4);
    const again = await ask('Eve', 'POST', '/orders/baselines', { name: 'Before', ...span });
    expect([again.status, again.body.title]).toEqual([409, 'There is one of this name']);
    await bench.apply(orderOf('late', 1, {}, { at: began - 3 * DAY, receivedAt: Date.now() }));
    await bench.historyHasAll();
    const page = kpiPage.parse((await ask('Cy', 'GET', '/orders')).body);
    expect(page.baselines).toMatchObject([{ name: 'Before', value: 4, today: 5, by: 'cy@example.com' }]);
    expect((await ask('Pat', 'POST', `/orders/baselines/${frozen.id}/remove`, {})).status).toBe(403);
    expect((await ask('Cy', 'POST', `/orders/baselines/${frozen.id}/remove`, {})).status).toBe(204);
    expect((await ask('Cy', 'POST', `/orders/baselines/${frozen.id}/remove`, {})).status).toBe(404);
    expect(kpiPage.parse((await ask('Cy', 'GET', '/orders')).body).baselines).toEqual([]);
  });
});

describe('the catalog', () => {
  test('tells every KPI, and those of cost only to whoever may see cost', async () => {
    const ids = async (who: string) =>
      kpiCatalogAnswer.parse((await ask(who, 'GET', '')).body).items.map(({ id }) => id);
    expect(await ids('Cy')).toContain('margin');
    expect(await ids('Pat')).not.toContain('margin');
    expect((await ask('Pat', 'GET', '/margin')).status).toBe(403);
    expect((await ask('Pat', 'GET', '/margin/distribution')).status).toBe(403);
    expect((await ask('Pat', 'GET', '/no-such')).status).toBe(404);
  });

  test('a distribution is of the days of a figure, or of every duration behind it', async () => {
    const of = async (id: string) =>
      distributionAnswer.parse((await ask('Cy', 'GET', `/${id}/distribution?from=${began - 4 * DAY}`)).body);
    const orders = await of('orders');
    expect([orders.of, orders.n, orders.least, orders.most]).toEqual(['figures', 5, 0, 3]);
    expect(orders.bins.reduce((sum, { count }) => sum + count, 0)).toBe(5);
    expect(await of('cycle-time-p50')).toMatchObject({ of: 'durations', n: 0, bins: [] });
  });

  test('what waits for its events says for which, and has no figure', async () => {
    const page = kpiPage.parse((await ask('Cy', 'GET', '/procurement-cycle-time')).body);
    expect([page.value, page.waitsFor]).toEqual([null, expect.stringContaining('approvals')]);
    const refused = await ask('Cy', 'POST', '/procurement-cycle-time/baselines', { name: 'x', from: 1, to: 2 });
    expect(refused.status).toBe(409);
  });
});
