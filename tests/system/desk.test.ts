/** What the desk rests on, by HTTP: people by name, repeatable steps, exceptions that are over, stock ahead, handovers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandoverModel } from '../../server/handover/model.ts';
import { changesPage, exceptionView, workedOnMany } from '../../server/http/contract/exceptions.ts';
import { handoverRecord, handoverReport, handoversPage } from '../../server/http/contract/handover.ts';
import { peopleAnswer } from '../../server/http/contract/people.ts';
import { projectionView } from '../../server/http/contract/projection.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { type Mirror, openMirror } from '../../server/live/mirror.ts';
import { createExceptionsModel } from '../../server/reading/exceptions-model.ts';
import { readProjection } from '../../server/reading/projection.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, orderOf } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ADA = 'ada@example.com';
const BEN = 'ben@example.com';
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
  const readModel = {
    exceptions: createExceptionsModel(bench.runtime, mirror),
    handover: createHandoverModel(bench.runtime, mirror),
    projection: (sku: string, node: string | null) => readProjection(bench.runtime, mirror, sku, node),
  } as unknown as ReadModel;
  web = await startTestWeb(server, { ingestion: false, app: { readModel } });
  cookies.set(ADA, (await web.signIn())['cookie']!);
  for (const [email, name, role] of [
    [BEN, 'Ben Okafor', 'planner'],
    ['cy@example.com', 'Cy Young', 'analyst'],
  ] as const) {
    await web.access.createAccount('test', { email, name, role, password });
    const signedIn = await web.access.signIn({ email, password }, '127.0.0.1');
    if ('token' in signedIn) cookies.set(email, `tideline=${signedIn.token}`);
  }
  began = Date.now();
  const at = began - 2 * HOUR;
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }, { at }),
    eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', timeZone: 'Europe/Berlin' }, { at }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north'], penalty: 500 }, { at }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900, safetyStock: 2 }, { at }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 12 }, { at }),
    eventOf('item.defined', { sku: 'pot', name: 'Pot', unitCost: 300, unitPrice: 900 }, { at }),
    eventOf('item.defined', { sku: 'cup', name: 'Cup', unitCost: 300, unitPrice: 900 }, { at }),
  );
  await look();
}, 60_000);
afterAll(async () => {
  await web.stop();
  await bench.close();
  await engine.stop();
  await server.stop();
});

async function look(): Promise<void> {
  mirror.note(null);
  await mirror.refresh();
}

async function ask(method: string, path: string, body?: object, who = ADA) {
  const answer = await fetch(`${web.url}${path}`, {
    method,
    headers: { cookie: cookies.get(who)!, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Sells what is not there. @returns the number of the exception */
async function oversell(sku: string, order: string, quantity: number): Promise<string> {
  const line = { line: '1', sku, quantity, unitPrice: 900 };
  await bench.apply(orderOf(order, 1, { lines: [line] }, { at: Date.now() - HOUR }));
  await look();
  return mirror.states.exception.get(`oversold:${sku}`)!.id;
}
const step = (action: string, id: string, more: object = {}, who = ADA) =>
  ask('post', '/v1/exceptions/work', { action, exceptions: [{ id }], ...more }, who);

test('people are told by name and by what events call them, and who has left stays known', async () => {
  const { body } = await ask('get', '/v1/people');
  expect(peopleAnswer.parse(body).items.map(({ key, name, mayAct }) => [key, name, mayAct])).toEqual([
    [ADA, 'Ada', true],
    [BEN, 'Ben Okafor', true],
    ['cy@example.com', 'Cy Young', false],
  ]);
  const created = await web.access.createAccount('test', {
    email: 'eve@example.com',
    name: 'Eve Gone',
    role: 'planner',
    password,
  });
  await web.access.people.setDisabled({ id: 'test', name: 'test' }, created.id, true);
  const { items } = peopleAnswer.parse((await ask('get', '/v1/people')).body);
  expect(items.find(({ name }) => name === 'Eve Gone')).toMatchObject({ key: 'eve@example.com', mayAct: false });
});

describe('a step of work', () => {
  test('sent twice as one command is done once, also when it comes twice at the same time', async () => {
    const id = await oversell('pot', 'twice', 3);
    const command = 'command-0001';
    const answers = await Promise.all([1, 2, 3].map(() => step('comment', id, { comment: 'once', command })));
    for (const { body } of answers) expect(workedOnMany.parse(body).items[0]).toMatchObject({ id, outcome: 'applied' });
    await look();
    expect((await ask('get', `/v1/exceptions/${id}`)).body.comments).toHaveLength(1);
    // The same id of somebody else is another command.
    await step('comment', id, { comment: 'mine', command }, BEN);
    await look();
    expect((await ask('get', `/v1/exceptions/${id}`)).body.comments).toHaveLength(2);
  });

  test('that was overtaken says how it stands and who was faster', async () => {
    const id = await oversell('pot', 'faster', 1);
    await step('assign', id, { to: BEN }, BEN);
    const { body } = await ask('post', '/v1/exceptions/work', {
      action: 'assign',
      to: ADA,
      exceptions: [{ id, version: 0 }],
    });
    const [refused] = workedOnMany.parse(body).items;
    expect(refused).toMatchObject({
      outcome: 'refused',
      exception: { assignee: BEN, version: 1, lastWork: { what: 'assigned', by: BEN } },
    });
  });
});

test('stock ahead is sold at the rate of the last days, raised by receipts, and tells when none is left', async () => {
  const now = Date.now();
  await bench.apply(
    ...[1, 2].map((day) => orderOf(`tea-${day}`, 2, {}, { at: now - day * DAY })),
    eventOf(
      'purchase-order.confirmed',
      {
        purchaseOrder: 'PO-7',
        supplier: 'kiln',
        lines: [{ line: '1', sku: 'tea', node: 'north', quantity: 20, expectedAt: now + 10 * DAY }],
      },
      { at: now },
    ),
  );
  await look();
  const { status, body } = await ask('get', '/v1/stock/tea/projection?node=north');
  const view = projectionView.parse(body);
  expect([status, view.available, view.safetyStock]).toEqual([200, 12 - 4 - 2, 2]);
  expect(view.receipts).toMatchObject([{ ref: 'PO-7/1', quantity: 20, overdue: false }]);
  expect(view.perDay).toBeGreaterThan(1);
  expect(view.gap!.to).toBe(view.receipts[0]!.at);
  expect(view.gap!.from - view.asOf).toBeCloseTo((view.available / view.perDay) * DAY, -8);
  expect(view.ahead.find(([at, units]) => at === view.gap!.to && units === 20)).toBeDefined();
  expect((await ask('get', '/v1/stock/nothing/projection')).status).toBe(404);
});

test('an exception that is over opens by its number and by its name, and so does what happened to it', async () => {
  const id = await oversell('cup', 'over', 2);
  await bench.apply(eventOf('order.cancelled', { order: 'over', reason: 'customer' }, { at: Date.now() }));
  await look();
  expect(mirror.states.exception.get('oversold:cup')).toBeUndefined();
  await bench.historyHasAll();
  const { status, body } = await ask('get', `/v1/exceptions/${id}`);
  const view = exceptionView.parse(body);
  expect([status, view.id, view.title, view.sku]).toEqual([200, id, '2 units oversold', 'cup']);
  expect(view.overSince).toBeGreaterThanOrEqual(began);
  expect((await ask('get', '/v1/exceptions/oversold:cup')).body).toEqual(view);
  const changes = changesPage.parse((await ask('get', '/v1/exceptions/oversold:cup/changes')).body);
  expect(changes.items.map(({ change }) => change)).toEqual(['closed', 'opened']);
  expect((await ask('get', '/v1/exceptions/oversold:never')).status).toBe(404);
});

describe('a handover', () => {
  const report = async (query = '') => handoverReport.parse((await ask('get', `/v1/handover${query}`)).body);

  test('tells what is open and whose, what was promised, and what was closed by whom', async () => {
    const id = mirror.states.exception.get('oversold:pot')!.id;
    await step('comment', id, { comment: 'Promise: the customer hears by noon' }, BEN);
    await look();
    const told = await report();
    expect(told.open.byAssignee).toContainEqual(expect.objectContaining({ assignee: BEN, count: 1 }));
    expect(told.open.bySeverity.reduce((sum, { count }) => sum + count, 0)).toBe(told.open.count);
    expect(told.promised.promises).toMatchObject([{ id, by: BEN, words: 'the customer hears by noon' }]);
    await step('resolve', id, {}, BEN);
    await look();
    await bench.historyHasAll();
    const after = await report();
    expect(after.open.count).toBe(told.open.count - 1);
    expect(after.closed.byPerson).toEqual([{ by: BEN, count: 1 }]);
    expect(after.closed.items.map(({ how, by }) => [how, by])).toEqual([
      ['resolved', BEN],
      ['closed', ''],
    ]);
    expect(after.changed.closed.count).toBe(2);
    expect((await report('?node=elsewhere')).closed.items).toEqual([]);
  });

  test('is kept until somebody else takes it over, and the first who does has it', async () => {
    const { status, body } = await ask('post', '/v1/handovers', { to: BEN, notes: 'Call the kiln at nine.' });
    const { id } = handoverRecord.parse(body);
    expect([status, body.from, body.taken]).toEqual([201, ADA, null]);
    expect((await ask('post', `/v1/handovers/${id}/take`, {})).status).toBe(409);
    expect((await ask('post', `/v1/handovers/${id}/take`, {}, 'cy@example.com')).status).toBe(403);
    const answers = await Promise.all([1, 2].map(() => ask('post', `/v1/handovers/${id}/take`, { note: 'ok' }, BEN)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const { items } = handoversPage.parse((await ask('get', '/v1/handovers', undefined, 'cy@example.com')).body);
    expect(items).toMatchObject([{ id, notes: 'Call the kiln at nine.', taken: { by: BEN, note: 'ok' } }]);
    expect((await report()).last).toMatchObject({ id });
    const audited: string[] = [];
    for await (const { what } of web.access.audit.entries()) audited.push(what);
    expect(audited).toEqual(expect.arrayContaining(['handover.written', 'handover.taken']));
  });

  test('goes only to somebody who can act', async () => {
    for (const to of ['cy@example.com', 'eve@example.com', 'nobody@example.com']) {
      expect((await ask('post', '/v1/handovers', { to })).status).toBe(400);
    }
    expect((await ask('post', '/v1/handovers', { to: BEN }, 'cy@example.com')).status).toBe(403);
    expect((await ask('post', '/v1/handovers/no-such-one/take', {})).status).toBe(404);
  });
});
