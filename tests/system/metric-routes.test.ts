/** Who may ask which question over HTTP, what is refused in which words, and that nothing runs for whoever went away. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type UserRole, userRoles } from '../../server/http/contract/access.ts';
import type {
  Askable,
  ContributionAnswer,
  DimensionValues,
  MetricAnswer,
  RowsAnswer,
} from '../../server/http/contract/questions.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { ask, compile, type QuestionDeps } from '../../server/questions/ask.ts';
import { describeAskable } from '../../server/questions/askable.ts';
import { contribution } from '../../server/questions/contribution.ts';
import type { QuestionsModel } from '../../server/questions/model.ts';
import { recordStartOf } from '../../server/questions/record-start.ts';
import { rowsBehind } from '../../server/questions/rows.ts';
import { dimensionValues } from '../../server/questions/values.ts';
import { askHistory } from '../../server/reading/ask-history.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { fillHistory } from '../support/filled-history.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/running-tideline.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const password = 'correct horse battery';
let engine: TestEngine;
let server: TestRedis;
let web: TestWeb;
let questions: QuestionsModel;
/** Questions that were given up because the caller left. */
let givenUp = 0;
const credentials = new Map<string, Record<string, string>>();

beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
  const filled = await fillHistory(engine, 7, 700);
  const now = Math.max(...filled.shop.facts.map(({ event }) => event.receivedAt)) + 60_000;
  const deps: QuestionDeps = {
    runtime: filled,
    history: askHistory(filled),
    situation: () => ({ now, timeZone: 'Europe/Berlin', currency: 'EUR' }),
    targetOf: ({ target }) => target,
    age: async () => ({ dataAsOf: now, eventsBehind: 0 }),
    recordStart: recordStartOf(filled, Date.now),
  };
  questions = {
    askable: (principal) => describeAskable(principal, deps.targetOf),
    ask: (question, asker, signal) => ask(deps, question, asker, signal),
    compile: (question, asker) => compile(deps, question, asker),
    contribution: (question, asker, signal) => contribution(deps, question, asker, signal),
    rows: (question, asker, signal) => rowsBehind(deps, question, asker, signal),
    values: (dimension, search, asker, signal) => dimensionValues(deps, dimension, search, asker, signal),
  };
  web = await startTestWeb(server, { ingestion: false, app: { readModel: { questions } as ReadModel } });
  for (const role of userRoles) {
    const email = `${role}@example.com`;
    await web.access.createAccount('test', { email, name: role, role, password });
    const result = await web.access.signIn({ email, password }, '127.0.0.1');
    if ('token' in result) credentials.set(role, { cookie: `tideline=${result.token}`, origin: web.url });
  }
  credentials.set('read', { authorization: `Bearer ${await web.readKey()}` });
  credentials.set('ingest', { authorization: `Bearer ${await web.ingestKey('shop')}` });
  credentials.set('nobody', {});
}, 120_000);
afterAll(async () => {
  await web?.stop();
  await Promise.all([engine?.stop(), server?.stop()]);
});

const call = (who: UserRole | 'read' | 'ingest' | 'nobody', path: string, body?: object, signal?: AbortSignal) =>
  fetch(`${web.url}/v1/questions/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...credentials.get(who)!, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
const answered = async <T>(asked: Promise<Response>): Promise<T> => {
  const response = await asked;
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as T;
};
const orders = { measures: ['orders'], by: ['channel'], grain: 'day', over: { last: '7d' } };

describe('questions of measures', () => {
  test.each([
    ['executive', 200],
    ['planner', 200],
    ['analyst', 200],
    ['admin', 200],
    ['read', 200],
    ['ingest', 403],
    ['nobody', 401],
  ] as const)('asked by %s are answered with %i', async (who, status) => {
    expect((await call(who, 'metrics', orders)).status).toBe(status);
    expect((await call(who, 'askable')).status).toBe(status);
  });

  test('are answered with their figures, their SQL and their age', async () => {
    const answer = await answered<MetricAnswer>(call('analyst', 'metrics', { ...orders, compare: 'previous-period' }));
    expect(answer.series.length).toBeGreaterThan(1);
    expect(answer.series[0]!.points).toHaveLength(7);
    expect(answer.totals[0]!.total).toBe(answer.series.reduce((sum, { total }) => sum + total!, 0));
    expect(answer.sql).toContain('FROM kpi_hours');
    expect(answer).toMatchObject({ level: 'hour', eventsBehind: 0, groupsLeftOut: 0 });
    expect(answer.rowsRead).toBeGreaterThan(0);
  });

  test('that are wrong are refused with what, where and what to do', async () => {
    const refused = await call('analyst', 'metrics', { ...orders, measures: ['ordres'], by: ['sku'] });
    expect(refused.status).toBe(400);
    const problem = (await refused.json()) as { errors: { path: string; message: string }[] };
    expect(problem.errors).toContainEqual({
      path: 'measures.0',
      message: expect.stringContaining('Did you mean "orders"?'),
    });
    const many = await call('analyst', 'metrics', { ...orders, grain: 'minute', over: { last: '90d' } });
    expect(await many.json()).toMatchObject({ title: 'Too many points', remedy: expect.stringContaining('coarser') });
  });

  test('of cost are for those who may see cost, and told so', async () => {
    const margin = { ...orders, measures: ['margin'] };
    expect((await call('analyst', 'metrics', margin)).status).toBe(200);
    const refused = await call('planner', 'metrics', margin);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('not for every role');
    for (const path of ['contribution', 'rows']) {
      expect((await call('planner', path, { measure: 'margin', by: ['channel'], over: { last: '7d' } })).status).toBe(
        400,
      );
    }
    const ids = (await answered<Askable>(call('planner', 'askable'))).measures.map(({ id }) => id);
    expect(ids).toContain('revenue');
    expect(ids).not.toContain('margin');
  });

  test('are given up when the caller goes away', async () => {
    const { ask: answer } = questions;
    // Stands for a question that takes long: it ends when it is given up, and not before.
    questions.ask = (_question, _asker, signal) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new Error(`given up ${++givenUp}`))));
    const leaving = new AbortController();
    const asked = call('analyst', 'metrics', orders, leaving.signal).catch(() => 'left');
    await new Promise((resolve) => setTimeout(resolve, 200));
    leaving.abort();
    expect(await asked).toBe('left');
    await until('the question is given up', 5_000, async () => givenUp === 1);
    questions.ask = answer;
  });
});

describe('what moved it, rows and values', () => {
  test('shares of the change add up', async () => {
    const moved = await answered<ContributionAnswer>(
      call('analyst', 'contribution', { measure: 'units', by: ['channel'], over: { last: '1d' } }),
    );
    expect(moved.parts.reduce((sum, { change }) => sum + change, 0)).toBe(moved.change);
  });

  test('rows come in pages and link to what they are of', async () => {
    const asked = { measure: 'units', over: { last: '7d' }, limit: 5 };
    const first = await answered<RowsAnswer>(call('planner', 'rows', asked));
    expect(first.rows).toHaveLength(5);
    expect(first.adds).toBe('sum');
    expect(first.columns.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['counted_at', 'order_id', 'sku', 'adds']),
    );
    expect(first.columns.map(({ id }) => id)).not.toContain('cost');
    const second = await answered<RowsAnswer>(call('planner', 'rows', { ...asked, before: first.next }));
    expect(second.rows).not.toEqual(first.rows);
    expect((await call('planner', 'rows', { ...asked, before: 'x' })).status).toBe(400);
  });

  test('values are found by what one types', async () => {
    const { values } = await answered<DimensionValues>(call('planner', 'values/channel'));
    expect(values.length).toBeGreaterThan(1);
    const some = values[0]!.value;
    expect(
      (
        await answered<DimensionValues>(
          call('planner', `values/channel?search=${encodeURIComponent(some.slice(0, 3))}`),
        )
      ).values,
    ).toContainEqual(values[0]);
    expect(
      (await answered<DimensionValues>(call('planner', `values/channel?search=${encodeURIComponent("%' OR 1")}`)))
        .values,
    ).toEqual([]);
    expect((await answered<DimensionValues>(call('planner', 'values/weekday?search=mon'))).values).toEqual([
      { value: '1', name: 'Monday' },
    ]);
    expect((await call('planner', 'values/colour')).status).toBe(404);
    for (const dimension of ['sku', 'category', 'node', 'country', 'cause', 'order-source', 'kind']) {
      expect((await call('planner', `values/${dimension}`)).status, dimension).toBe(200);
    }
  });
});
