/** Who may watch which board, and that a thousand viewers cost one working out. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayWatch, type Principal } from '../../server/access/abilities.ts';
import { createAccess } from '../../server/access/index.ts';
import { type BoardBody, type BoardTile, boardBody } from '../../server/http/contract/boards.ts';
import { boardHead } from '../../server/live/contract/boards.ts';
import type { Change, Snapshot } from '../../server/live/contract.ts';
import { type Gateway, startGateway } from '../../server/live/gateway.ts';
import { openMirror } from '../../server/live/mirror.ts';
import { followNotices } from '../../server/live/notices.ts';
import { createViews } from '../../server/live/views/index.ts';
import { openLiveBoards } from '../../server/roles/live-boards.ts';
import { openSavedThings } from '../../server/saved/saved-things.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/running-tideline.ts';
import { eventOf, orderOf } from '../support/world.ts';

/** A session, and a right to a topic, are gone within this time. */
const GONE_WITHIN_MS = 5_000;
const person = (id: string, role: Principal['role']): Principal => ({ kind: 'user', id, name: id, role });
const principals: Record<string, Principal> = {
  ana: person('ana', 'executive'),
  mei: person('mei', 'planner'),
  jonas: person('jonas', 'planner'),
  leaver: person('leaver', 'analyst'),
  screen: { kind: 'device', id: 'd1', name: 'Hall', role: 'wall', boards: ['operations', 'node:north'] },
  reports: { kind: 'key', id: 'k1', name: 'reports', role: 'read' },
};

const boardSql = { metrics: null, sql: 'SELECT sum(cost) FROM orders' };

let server: TestRedis;
let bench: LiveBench;
let gateway: Gateway;
let boards: ReturnType<typeof openLiveBoards>;
let saved: ReturnType<typeof openSavedThings>;
let url = '';
let stop: () => Promise<void>;
let worked = 0;
const asked = new Map<string, number>();
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startTestRedis();
  bench = await openLiveBench(server);
  const { runtime, redis, keys } = bench;
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north'] }),
    eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse' }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900 }),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 900 }, { at: Date.now() }),
    orderOf('o-0', 1, {}, { at: Date.now() }),
  );
  const logger = { info() {}, warn() {}, error() {}, debug() {} } as never;
  const access = createAccess({ redis, workspace: keys.workspace });
  saved = openSavedThings({ redis, workspace: keys.workspace, audit: access.audit, now: Date.now });
  const mirror = await openMirror(redis, keys, Date.now, async () => []);
  const streamWhole = () => Promise.reject(new Error('no SQL is asked here'));
  boards = openLiveBoards({ runtime, mirror, access, band: () => null, logger, streamWhole });
  const countingViews: typeof boards.views = {
    ...boards.views,
    boards: {
      ...boards.views.boards,
      head: (id) => {
        worked += 1;
        return boards.views.boards.head(id);
      },
    },
  };
  const http = createServer();
  gateway = startGateway({
    http,
    mirror,
    logger,
    viewOf: createViews(countingViews),
    build: () => 'build',
    whoIs: async ({ cookie = '' }) => {
      asked.set(cookie, (asked.get(cookie) ?? 0) + 1);
      return principals[cookie] ?? null;
    },
    mayWatch: async (principal, topic) => mayWatch(principal, topic) && (await boards.model.mayWatch(principal, topic)),
    onDisplayed: () => undefined,
    onPushed: () => undefined,
    onTurn: () => undefined,
    epoch: 'e1',
  });
  const following = await redis.duplicate().connect();
  following.on('error', () => undefined);
  const notices = followNotices(following, keys, gateway.note);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  stop = async () => {
    for (const socket of sockets) socket.disconnect();
    await gateway.stop();
    await notices.stop();
    following.destroy();
  };
});
afterAll(async () => {
  await stop();
  await bench.close();
  await server.stop();
});

async function connect(who: string) {
  const socket = io(url, { path: '/live', transports: ['websocket'], extraHeaders: { cookie: who }, forceNew: true });
  sockets.push(socket);
  const changes: Change[] = [];
  const seen = { signedOut: false };
  socket.on('change', (change: Change) => changes.push(change));
  socket.on('signedOut', () => {
    seen.signedOut = true;
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  const subscribe = (topic: string): Promise<Snapshot & { problem?: string }> =>
    socket.emitWithAck('subscribe', { topic });
  return { socket, changes, seen, subscribe };
}

const tile = (id: string, kpi: string, x = 0): BoardTile => ({ id, kind: 'kpi', kpi, x, y: 0, w: 3, h: 3 });
const keep = async (owner: string, name: string, shared: boolean, tiles = [tile('a', 'orders')]) => {
  const keeper = { id: owner, name: owner, isAdmin: false };
  const result = await saved.save('board', { name, shared, version: 0, body: { tiles } }, keeper);
  return (result as { saved: { id: string } }).saved.id;
};
const change = (id: string, owner: string, version: number, shared: boolean, body: BoardBody) =>
  saved.save('board', { id, name: 'Changed', shared, version, body }, { id: owner, name: owner, isAdmin: false });

describe('who may watch a board', () => {
  test('a built-in one, one of their own, one that is shared; a screen only those it was given', async () => {
    const [own, shared] = [await keep('mei', 'Mine', false), await keep('mei', 'Ours', true)];
    const topics = ['operations', 'node:north', 'channel:web', own, shared].map((id) => `board:${id}`);
    const watched = async (who: string) => {
      const { subscribe } = await connect(who);
      const answers = await Promise.all(topics.map(subscribe));
      return answers.map((answer) => answer.problem === undefined);
    };
    expect(await watched('mei')).toEqual([true, true, true, true, true]);
    expect(await watched('jonas')).toEqual([true, true, true, false, true]);
    expect(await watched('reports')).toEqual([true, true, true, false, true]);
    expect(await watched('screen')).toEqual([true, true, false, false, false]);
  });

  test('cost and margin are sent to those who may see cost, and to nobody else', async () => {
    const [ana, mei, screen] = [await connect('ana'), await connect('mei'), await connect('screen')];
    const open = await mei.subscribe('board:executives');
    expect(open.entries['tile:margin']).toEqual({ problem: 'Cost and margin are not for every role.' });
    expect(JSON.stringify(open)).not.toContain('on-hand-value","name');
    expect((await ana.subscribe('board-cost:executives')).entries).toMatchObject({
      'tile:margin': { id: 'margin', value: 600 },
      'tile:on-hand-value': { id: 'on-hand-value' },
    });
    expect((await mei.subscribe('board-cost:executives')).problem).toBe('your role may not watch this');
    expect((await screen.subscribe('board-cost:operations')).problem).toBe('your role may not watch this');
  });

  test('the list holds what may be watched, and a screen finds what was chosen for it though it is not shared', async () => {
    const own = await keep('jonas', 'Not shared', false);
    const ids = async (who: Principal) => (await boards.model.list(who)).map(({ id }) => id);
    const builtIn = ['operations', 'executives', 'node:north', 'channel:web'];
    expect((await ids(principals.jonas!)).slice(0, 4)).toEqual(builtIn);
    expect(await ids(principals.jonas!)).toContain(own);
    expect(await ids(principals.mei!)).not.toContain(own);
    const given: Principal = { ...principals.screen!, boards: ['operations', own] };
    expect(await ids(given)).toEqual(['operations', own]);
    expect(await boards.model.mayWatch(given, `board:${own}`)).toBe(true);
    expect(await boards.model.find('executives', given)).toBe(null);
  });

  test('a node that is not there has no board', async () => {
    expect((await (await connect('mei')).subscribe('board:node:nowhere')).problem).toBe('there is no such topic');
  });

  test('an ended session and a board that is no longer shared are gone in time, asked once for all sockets', async () => {
    const shared = await keep('mei', 'For now', true);
    const leavers = await Promise.all(Array.from({ length: 5 }, () => connect('leaver')));
    const jonas = await connect('jonas');
    await jonas.subscribe(`board:${shared}`);
    asked.clear();
    await until('the session is asked about', GONE_WITHIN_MS, () => asked.has('leaver'));
    expect(asked.get('leaver')).toBe(1);
    expect(leavers.every(({ socket }) => socket.connected)).toBe(true);
    delete principals.leaver;
    await change(shared, 'mei', 1, false, { tiles: [tile('a', 'orders')] });
    await until('they are out', GONE_WITHIN_MS, () =>
      leavers.every(({ socket, seen }) => seen.signedOut && !socket.connected),
    );
    await until('it is taken away', GONE_WITHIN_MS, () => jonas.changes.some(({ epoch }) => epoch === ''));
    expect((await jonas.subscribe(`board:${shared}`)).problem).toBe('your role may not watch this');
  });
});

describe('a live board', () => {
  test('is worked out once however many come at once, and its change reaches each of them the same', async () => {
    const viewers = await Promise.all(Array.from({ length: 30 }, () => connect('mei')));
    worked = 0;
    const snapshots = await Promise.all(viewers.map(({ subscribe }) => subscribe('board:channel:web')));
    // Once for the first snapshot, and what a look or two of the gateway may have added meanwhile.
    expect(worked).toBeLessThan(6);
    expect(new Set(snapshots.map(({ epoch }) => epoch))).toEqual(new Set(['e1']));
    await bench.apply(orderOf('o-1', 1, {}, { at: Date.now() }));
    await until('all have the order', 10_000, () => viewers.every(({ changes }) => changes.length > 0));
    const versions = viewers.map(({ changes }) => changes.map(({ version, set }) => [version, Object.keys(set)]));
    for (const seen of versions) expect(seen).toEqual(versions[0]);
  });

  test('follows whoever arranges it, and ends when it is removed', async () => {
    const id = await keep('mei', 'Moving', false);
    const mei = await connect('mei');
    const first = await mei.subscribe(`board:${id}`);
    expect(boardHead.parse(first.entries.board)).toMatchObject({ id, name: 'Moving', builtIn: false, version: 1 });
    await change(id, 'mei', 1, false, { tiles: [tile('b', 'units')] });
    await until('the new arrangement is here', 10_000, () =>
      mei.changes.some(({ set, remove }) => 'tile:b' in set && remove.includes('tile:a')),
    );
    await saved.remove('board', id, { id: 'mei', name: 'mei', isAdmin: false });
    await until('it has ended', 10_000, () => mei.changes.at(-1)?.epoch === '');
    expect((await mei.subscribe(`board:${id}`)).problem).toBeDefined();
  });

  test('one that asks for a KPI nobody measures is not kept, and the tile is named', async () => {
    const body = { tiles: [tile('a', 'orders'), tile('b', 'sunshine', 3)] };
    const result = await saved.save(
      'board',
      { name: 'Sun', shared: false, version: 0, body },
      { id: 'mei', name: 'mei', isAdmin: false },
    );
    expect(result).toMatchObject({ refused: 'invalid', error: { issues: [{ path: ['tiles', 1, 'kpi'] }] } });
  });

  test('a preview says what its tiles would, cost only to those who may see it', () => {
    const body = { tiles: [tile('m', 'margin'), tile('o', 'orders', 3)] };
    expect(boards.model.preview(body, principals.ana!)).toMatchObject({ 'tile:m': { id: 'margin' } });
    expect(boards.model.preview(body, principals.mei!)).toMatchObject({
      'tile:m': { problem: 'Cost and margin are not for every role.' },
      'tile:o': { id: 'orders' },
    });
  });

  test('SQL is put on a board, and shown before it is kept, by those who may write SQL only', async () => {
    const question = { name: 'By hand', body: boardSql };
    const body = { tiles: [{ ...tile('q', 'orders'), kind: 'question' as const, kpi: undefined, question }] };
    const request = { name: 'By hand', shared: false, version: 0, body };
    const keep = (asksSql: boolean) =>
      saved.save('board', request, { id: 'mei', name: 'mei', isAdmin: false, asksSql });
    expect(await keep(false)).toMatchObject({
      refused: 'invalid',
      error: { issues: [{ path: ['tiles', 0, 'question'] }] },
    });
    expect(await keep(true)).toMatchObject({ saved: { name: 'By hand' } });
    const parsed = boardBody.parse(body);
    const problem = { 'tile:q': { problem: expect.stringContaining('not for every role') } };
    // An executive sees cost, and writes no SQL; whoever reads by a key does both.
    expect(boards.model.preview(parsed, principals.ana!)).toMatchObject(problem);
    expect(boards.model.preview(parsed, principals.mei!)).toMatchObject(problem);
    expect(boards.model.preview(parsed, principals.reports!)).toMatchObject({ 'tile:q': { asked: 'By hand' } });
  });
});
