/** Who may open a socket, watch what, and how soon it ends: for every role, every topic and every message there is. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'redis';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayWatch, type Principal } from '../../server/access/abilities.ts';
import { type Access, createAccess } from '../../server/access/index.ts';
import { type Role, roles, userRoles } from '../../server/http/contract/access.ts';
import { type ClientToServer, topicName } from '../../server/live/contract.ts';
import { type Gateway, startGateway } from '../../server/live/gateway.ts';
import { openMirror } from '../../server/live/mirror.ts';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { startTestRedis, type TestRedis, uniqueWorkspace } from '../support/redis.ts';

const OUT_WITHIN_MS = 5_000;
const password = 'correct horse battery';
const topics = [
  'wall',
  'exceptions',
  'exceptions-aside',
  'exception-groups',
  'sources',
  'orders',
  'workspace',
  'board:operations',
  'board:other',
  'board-cost:operations',
  'stock:MUG-1',
  'order:o-1',
  'nothing',
  '__proto__',
  'stock:',
];
/** One wrong thing of each kind for every message; the type makes sure that no message is forgotten. */
const messages: Record<keyof ClientToServer, true> = {
  subscribe: true,
  unsubscribe: true,
  displayed: true,
  clock: true,
};
const malformed = [
  null,
  5,
  '',
  'wall',
  [],
  {},
  { topic: 5 },
  { topic: 'x'.repeat(1_000) },
  { topic: '__proto__' },
  [[['wall']]],
];

let server: TestRedis;
let redis: Redis;
let access: Access;
let gateway: Gateway;
let url = '';
const http = createServer();
const cookies = new Map<string, string>();
const principals = new Map<string, Principal>();
const complaints: object[] = [];

beforeAll(async () => {
  server = await startTestRedis();
  redis = createClient({ url: server.url }) as Redis;
  redis.on('error', () => undefined);
  await redis.connect();
  const keys = keysOf(uniqueWorkspace());
  access = createAccess({ redis, workspace: keys.workspace });
  const note = (fields: object) => void complaints.push(fields);
  gateway = startGateway({
    http,
    mirror: await openMirror(redis, keys, Date.now, async () => []),
    viewOf: () => ({ concerns: () => false, everyMs: null, entries: () => ({ any: { thing: 1 } }) }),
    logger: { info() {}, debug() {}, warn: note, error: note } as never,
    build: () => 'build',
    whoIs: (headers) => access.authenticateSocket(headers),
    mayWatch: async (principal, topic) => mayWatch(principal, topic),
    onDisplayed() {},
    onPushed() {},
    onTurn() {},
    epoch: 'epoch',
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  for (const role of userRoles) {
    await access.createAccount('test', { email: `${role}@example.com`, name: role, role, password });
    cookies.set(role, await signIn(role));
  }
  const { cookie } = await pair(['operations']);
  cookies.set('wall', cookie);
  for (const [role, cookie] of cookies) {
    principals.set(role, (await access.principalOfToken(cookie.replace('tideline=', '')))!);
  }
});
afterAll(async () => {
  await gateway.stop();
  http.closeAllConnections();
  http.close();
  redis.destroy();
  await server.stop();
});

async function signIn(role: string): Promise<string> {
  const result = await access.signIn({ email: `${role}@example.com`, password }, '127.0.0.1');
  if (!('token' in result)) throw new Error(result.refused);
  return `tideline=${result.token}`;
}

async function pair(boards: string[]): Promise<{ id: string; cookie: string }> {
  const from = { address: '127.0.0.1', browser: 'a screen' };
  const asked = await access.devices.beginPairing(from);
  if (asked === null || typeof asked === 'number') throw new Error('the screen may not ask');
  const code = asked.code.replace('-', '');
  await access.devices.approve({ id: 'test', name: 'test' }, { code, name: 'Hall', boards });
  const claimed = await access.devices.claim(code, asked.secret, from.address);
  if (typeof claimed !== 'object' || claimed.state !== 'paired') throw new Error('the screen was not paired');
  return { id: claimed.device.id, cookie: `tideline=${claimed.token}` };
}

/** @returns the socket once it is connected, or why it was refused */
async function open(headers: Record<string, string>): Promise<Socket | string> {
  const extraHeaders = { origin: url, ...headers };
  const socket = io(url, {
    path: '/live',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders,
  });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error) => resolve(error.message));
  });
}

async function opened(cookie: string): Promise<Socket> {
  const socket = await open({ cookie });
  if (typeof socket === 'string') throw new Error(`refused: ${socket}`);
  return socket;
}

const ask = (socket: Socket, topic: unknown): Promise<{ problem?: string; entries?: object }> =>
  socket.timeout(5_000).emitWithAck('subscribe', topic);

describe('a socket', () => {
  test.each(roles)('as %s watches what the matrix says, and nothing else', async (role: Role) => {
    if (role === 'ingest' || role === 'read') {
      const { text } = await access.createKey('test', { source: 'shop', scope: role });
      expect(await open({ authorization: `Bearer ${text}` })).toBe('signed-out');
      return;
    }
    const socket = await opened(cookies.get(role)!);
    for (const topic of topics) {
      const isTopic = topicName.safeParse(topic).success;
      const answer = await ask(socket, { topic });
      const expected = isTopic && mayWatch(principals.get(role)!, topic);
      expect('entries' in answer, `${role} ${topic}: ${JSON.stringify(answer)}`).toBe(expected);
      if (!isTopic) expect(answer.problem).toBe('this is not a topic');
    }
    socket.disconnect();
  });

  test('of nobody is refused: signed out, forged, from another site, with a token in the address', async () => {
    const cookie = cookies.get('admin')!;
    const strangers: Record<string, string>[] = [
      {},
      { cookie: 'tideline=forged' },
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
    ];
    for (const headers of strangers) expect(await open(headers)).toBe('signed-out');
    const token = cookie.replace('tideline=', '');
    const socket = io(`${url}/?token=${token}`, {
      path: '/live',
      transports: ['websocket'],
      reconnection: false,
      query: { token },
      auth: { token },
      forceNew: true,
    });
    expect(await new Promise((resolve) => socket.once('connect_error', (error) => resolve(error.message)))).toBe(
      'signed-out',
    );
  });

  test('the list of topics above has every kind there is', () => {
    const kinds = /\^\((.*)\)\$/.exec(JSON.stringify(topicName.toJSONSchema()))?.[1]?.replace(/\(|\):\.\+/g, '') ?? '';
    expect(kinds.split('|').length).toBeGreaterThan(8);
    for (const kind of kinds.split('|')) {
      expect(
        topics.some((topic) => topic === kind || topic.startsWith(`${kind}:`)),
        kind,
      ).toBe(true);
    }
  });

  test.each([...userRoles, 'wall'])('as %s survives every malformed message, and still answers', async (role) => {
    const socket = await opened(cookies.get(role)!);
    for (const name of Object.keys(messages)) {
      for (const content of malformed) {
        socket.emit(name, content);
        socket.emit(name, content, content);
        socket.emit(name);
        if (name === 'subscribe') expect(await ask(socket, content)).toEqual({ problem: 'this is not a topic' });
      }
    }
    socket.emit('no-such-message', { topic: 'workspace' });
    expect(await ask(socket, { topic: 'workspace' })).toHaveProperty('entries');
    expect(complaints).toEqual([]);
    socket.disconnect();
  });

  test('that sends a message too large is cut, and the next one is let in', async () => {
    const socket = await opened(cookies.get('planner')!);
    const cut = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('subscribe', { topic: `stock:${'x'.repeat(64 * 1024)}` }, () => undefined);
    expect(await cut).toBe('transport close');
    (await opened(cookies.get('planner')!)).disconnect();
  });

  test('a person gets no more topics than there may be', async () => {
    const socket = await opened(cookies.get('admin')!);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => ask(socket, { topic: `stock:s-${index}` })),
    );
    expect(answers.filter((answer) => answer.problem === 'too many topics').length).toBeGreaterThanOrEqual(20);
    socket.disconnect();
  });
});

describe('is out within five seconds', () => {
  const by = { id: 'somebody', name: 'admin@example.com' };
  type Ending = {
    name: string;
    enter(): Promise<{ id: string; cookie: string }>;
    end(id: string, cookie: string): Promise<unknown>;
  };

  async function person(name: string): Promise<{ id: string; cookie: string }> {
    const { id } = await access.createAccount('test', {
      email: `${name}@example.com`,
      name,
      role: 'planner',
      password,
    });
    return { id, cookie: await signIn(name) };
  }

  const endings: Ending[] = [
    {
      name: 'a session that an admin ended',
      enter: () => person('ended'),
      end: async (account) => {
        const session = (await access.liveSessions.all(undefined)).find((one) => one.account === account);
        expect(await access.liveSessions.end(by, session!.id)).toBe(true);
      },
    },
    {
      name: 'a person whose sessions were ended',
      enter: () => person('all'),
      end: (id) => access.people.endSessions(by, id),
    },
    {
      name: 'a person whose role changed',
      enter: () => person('raised'),
      end: (id) => access.people.changeRole(by, id, 'admin'),
    },
    {
      name: 'a person who was disabled',
      enter: () => person('gone'),
      end: (id) => access.people.setDisabled(by, id, true),
    },
    {
      name: 'a person who signed out in another window',
      enter: () => person('out'),
      end: (_id, cookie) => access.signOut(cookie.replace('tideline=', '')),
    },
    {
      name: 'a screen that was revoked',
      enter: () => pair(['operations']),
      end: (id) => access.devices.revoke(by, id),
    },
  ];

  test.concurrent.each(endings)('$name', async ({ enter, end }) => {
    const { id, cookie } = await enter();
    const socket = await opened(cookie);
    expect(await ask(socket, { topic: 'workspace' })).toHaveProperty('entries');
    const told = new Promise((resolve) => socket.once('signedOut', () => resolve(true)));
    const cut = new Promise((resolve) => socket.once('disconnect', resolve));
    await end(id, cookie);
    const endedAt = performance.now();
    expect(await told).toBe(true);
    expect(await cut).toBe('io server disconnect');
    expect(performance.now() - endedAt).toBeLessThan(OUT_WITHIN_MS);
    expect(await open({ cookie })).toBe('signed-out');
  });

  test.concurrent('a topic that is no longer among the boards of a screen is taken away', async () => {
    const { id, cookie } = await pair(['operations', 'other']);
    const socket = await opened(cookie);
    expect(await ask(socket, { topic: 'board:other' })).toHaveProperty('entries');
    const again = new Promise<{ topic: string }>((resolve) => socket.once('change', resolve));
    await access.devices.change(by, id, { name: 'Hall', boards: ['operations'] });
    expect((await again).topic).toBe('board:other');
    expect(await ask(socket, { topic: 'board:other' })).toEqual({ problem: 'your role may not watch this' });
    socket.disconnect();
  });
});
