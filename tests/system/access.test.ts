import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../server/access/audit.ts';
import { createAccess } from '../../server/access/index.ts';
import { IDLE_MS_MAX, LIFE_MS_MAX } from '../../server/access/sessions.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { orderPlaced, startTestWeb, type TestWeb } from '../support/web-server.ts';

let server: TestRedis;
let web: TestWeb;
beforeAll(async () => {
  server = await startTestRedis();
});
afterEach(() => web.stop());
afterAll(() => server.stop());

const json = { 'content-type': 'application/json' };
const password = 'correct horse battery';
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${web.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers: { ...json, ...headers } });
const setUp = async () => web.access.createSetUpToken();
const tester = { id: 'test', name: 'test' };
const start = async () => {
  web = await startTestWeb(server, { ingestion: false });
};

describe('the first admin', () => {
  test('is made once, with the one-time token, and nobody else after', async () => {
    await start();
    const token = await setUp();
    const admin = { email: 'Ada@Example.com', name: 'Ada', password };
    expect(await (await fetch(`${web.url}/v1/session`)).json()).toMatchObject({ session: null, needsSetUp: true });
    expect((await post('/v1/setup', { ...admin, token: 'a-guess' })).status).toBe(401);
    expect((await post('/v1/setup', { ...admin, token, password: 'short' })).status).toBe(400);
    const made = await Promise.all([1, 2, 3].map(() => post('/v1/setup', { ...admin, token })));
    expect(made.map((answer) => answer.status).sort()).toEqual([201, 401, 401]);
    expect(await web.access.createSetUpToken()).toBeNull();
    expect(await (await fetch(`${web.url}/v1/session`)).json()).toMatchObject({ needsSetUp: false });
    expect((await post('/v1/session', { email: 'ada@example.com', password })).status).toBe(200);
  });

  test('an older token does not work once a newer one was printed', async () => {
    await start();
    const older = await setUp();
    const newer = await setUp();
    const admin = { email: 'ada@example.com', name: 'Ada', password };
    expect((await post('/v1/setup', { ...admin, token: older })).status).toBe(401);
    expect((await post('/v1/setup', { ...admin, token: newer })).status).toBe(201);
  });
});

describe('a session', () => {
  test('is a cookie scripts cannot read, is new at every sign-in, and ends with sign-out', async () => {
    await start();
    const first = await web.signIn();
    const answer = await post('/v1/session', { email: 'ada@example.com', password }, first);
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^tideline=[\w-]{43};/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    const second = { cookie: cookie.split(';')[0]! };
    const who = async (headers: Record<string, string>) =>
      (await (await fetch(`${web.url}/v1/session`, { headers })).json()).session;
    expect(second.cookie).not.toBe(first.cookie);
    expect(await who(first)).toBeNull();
    expect(await who(second)).toMatchObject({ user: { email: 'ada@example.com', role: 'admin' } });
    expect((await fetch(`${web.url}/v1/session`, { method: 'DELETE', headers: second })).status).toBe(204);
    expect(await who(second)).toBeNull();
  });

  test('over https comes as a __Host- cookie, and only that counts', async () => {
    web = await startTestWeb(server, { ingestion: false, app: { trustedProxies: 1 } });
    const plain = await web.signIn();
    const https = { 'x-forwarded-proto': 'https' };
    const answer = await post('/v1/session', { email: 'ada@example.com', password }, https);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-tideline=.*Secure/);
    const answered = await fetch(`${web.url}/v1/dead-letters`, { headers: { ...plain, ...https } });
    expect(answered.status).toBe(401);
  });

  test('ends after 8 idle hours, and after 7 days however busy', async () => {
    await start();
    let now = Date.now();
    const access = createAccess({ redis: web.redis, workspace: web.workspace, now: () => now });
    await access.createAccount('test', { email: 'eve@example.com', name: 'Eve', role: 'planner', password });
    const open = async () => {
      const result = await access.signIn({ email: 'eve@example.com', password }, '127.0.0.1');
      if ('refused' in result) throw new Error(result.refused);
      return result.token;
    };
    const idle = await open();
    now += IDLE_MS_MAX;
    expect(await access.sessionOf(idle)).toBeNull();
    const busy = await open();
    const openedAt = now;
    while (now < openedAt + LIFE_MS_MAX - 3_600_000) {
      now += 3_600_000;
      expect(await access.sessionOf(busy)).not.toBeNull();
    }
    now = openedAt + LIFE_MS_MAX;
    expect(await access.sessionOf(busy)).toBeNull();
  });

  test('ends at once when the account is disabled', async () => {
    await start();
    const account = await web.access.createAccount('test', {
      email: 'eve@example.com',
      name: 'Eve',
      role: 'planner',
      password,
    });
    const result = await web.access.signIn({ email: 'eve@example.com', password }, '127.0.0.1');
    const token = 'token' in result ? result.token : '';
    expect(await web.access.sessionOf(token)).not.toBeNull();
    expect(await web.access.people.setDisabled(tester, account.id, true)).toBeNull();
    expect(await web.access.sessionOf(token)).toBeNull();
    expect(await web.access.signIn({ email: 'eve@example.com', password }, '127.0.0.1')).toEqual({
      refused: 'credentials',
    });
  });

  test('is not stored in a form that could be used', async () => {
    await start();
    const { cookie } = await web.signIn();
    const token = cookie!.split('=')[1]!;
    for await (const names of web.redis.scanIterator({ MATCH: `{${web.workspace}}:access:*` })) {
      for (const name of names) {
        const dump = (await web.redis.type(name)) === 'hash' ? JSON.stringify(await web.redis.hGetAll(name)) : name;
        expect(`${name}${dump}`).not.toContain(token);
        expect(dump).not.toContain(password);
      }
    }
  });
});

describe('signing in', () => {
  test('says the same for an unknown address and a wrong password', async () => {
    await start();
    await web.signIn();
    const unknown = await post('/v1/session', { email: 'nobody@example.com', password });
    const wrong = await post('/v1/session', { email: 'ada@example.com', password: 'wrong' });
    expect([unknown.status, wrong.status]).toEqual([401, 401]);
    expect(await unknown.text()).toBe(await wrong.text());
  });

  test('has to wait after repeated failures, with Retry-After, even with the right password', async () => {
    await start();
    await web.signIn();
    const guesses = [];
    for (let guess = 0; guess < 8; guess++)
      guesses.push((await post('/v1/session', { email: 'ada@example.com', password: 'x' })).status);
    expect(guesses).toContain(429);
    const right = await post('/v1/session', { email: 'ada@example.com', password });
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('from a page of another site is refused, and so is every change with a cookie', async () => {
    await start();
    const session = await web.signIn();
    const foreign = { origin: 'https://evil.example' };
    expect((await post('/v1/session', { email: 'ada@example.com', password }, foreign)).status).toBe(403);
    for (const headers of [
      foreign,
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await post('/v1/dead-letters/x/discard', {}, { ...session, ...headers })).status).toBe(403);
    }
    expect((await post('/v1/dead-letters/x/discard', {}, { ...session, origin: web.url })).status).toBe(404);
    const form = await fetch(`${web.url}/v1/session`, {
      method: 'POST',
      body: 'email=a',
      headers: { 'content-type': 'text/plain' },
    });
    expect(form.status).toBe(415);
  });
});

describe('a socket', () => {
  test('is let in with a session from our own page only', async () => {
    await start();
    const { cookie } = await web.signIn();
    const host = new URL(web.url).host;
    const ask = (headers: Record<string, string>) => web.access.authenticateSocket({ host, ...headers });
    expect(await ask({ cookie: cookie!, origin: web.url })).toMatchObject({ role: 'admin', name: 'ada@example.com' });
    expect(await ask({ cookie: cookie!, origin: 'https://evil.example' })).toBeNull();
    expect(await ask({ cookie: 'tideline=forged', origin: web.url })).toBeNull();
    expect(await ask({ origin: web.url })).toBeNull();
  });
});

describe('a machine key', () => {
  test('to write cannot read, and a key to read cannot write', async () => {
    await start();
    const [ingest, read] = [await web.ingestKey('shop'), await web.readKey()];
    const get = (path: string, key: string) =>
      fetch(`${web.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect((await get('/v1/dead-letters', ingest)).status).toBe(403);
    expect((await get('/metrics', ingest)).status).toBe(403);
    expect((await get('/v1/dead-letters', read)).status).toBe(200);
    expect((await get('/metrics', read)).status).toBe(200);
    expect((await web.send(read, JSON.stringify(orderPlaced()))).status).toBe(403);
    expect((await web.send(ingest, JSON.stringify(orderPlaced()))).status).toBe(202);
  });

  test('that is wrong by one character, expired or revoked is nobody', async () => {
    await start();
    const key = await web.ingestKey('shop');
    const flipped = key.replace(/.(?=_[0-9a-f]{8}$)/, (digit) => (digit === '0' ? '1' : '0'));
    const send = async (text: string) => (await web.send(text, JSON.stringify(orderPlaced()))).status;
    expect(await send(flipped)).toBe(401);
    expect(await send('tl_')).toBe(401);
    const expired = await web.access.createKey('test', { source: 'shop', scope: 'ingest', expiresAt: Date.now() - 1 });
    expect(await send(expired.text)).toBe(401);
    expect(await send(key)).toBe(202);
    const { id } = (await web.access.listKeys()).find((one) => one.expiresAt === null)!;
    expect(await web.access.revokeKey('test', id)).toBe(true);
    expect(await send(key)).toBe(401);
  });

  test('is not taken from the address, and a cookie is not taken for events', async () => {
    await start();
    const session = await web.signIn();
    const key = await web.ingestKey('shop');
    const body = JSON.stringify(orderPlaced());
    const byAddress = await fetch(`${web.url}/v1/events?access_token=${key}`, { method: 'POST', body, headers: json });
    const byCookie = await fetch(`${web.url}/v1/events`, { method: 'POST', body, headers: { ...json, ...session } });
    expect([byAddress.status, byCookie.status]).toEqual([401, 401]);
  });
});

describe('the audit', () => {
  test('takes two hundred entries at once, in one chain', async () => {
    await start();
    const all = async () => {
      const found: AuditEntry[] = [];
      for await (const entry of web.access.audit.entries()) found.push(entry);
      return found;
    };
    const before = (await all()).length;
    await Promise.all(Array.from({ length: 200 }, (_, n) => web.access.audit.record('somebody', 'test.many', { n })));
    const entries = await all();
    expect(entries).toHaveLength(before + 200);
    expect(new Set(entries.map(({ seq }) => seq)).size).toBe(before + 200);
    for (const [index, { before: sealed }] of entries.slice(1).entries()) expect(sealed).toBe(entries[index]!.hash);
  });

  test('holds what was done in a chain that shows where it was changed', async () => {
    await start();
    await web.signIn();
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        web.access.createKey('ada', { source: `shop-${index}`, scope: 'ingest' }),
      ),
    );
    const sound = await web.access.audit.verify();
    expect(sound.brokenAt).toBeNull();
    const entries: AuditEntry[] = [];
    for await (const entry of web.access.audit.entries()) entries.push(entry);
    expect(sound.entries).toBe(entries.length);
    expect(entries.map((entry) => entry.what)).toEqual(['account.created', ...Array(8).fill('key.created')]);
    const stream = web.keys.access('audit');
    const third = (await web.redis.xRange(stream, '3-0', '3-0'))![0]!.message;
    const rest = (await web.redis.xRange(stream, '4-0', '+'))!;
    // Written again with another name in the third entry, as somebody with access to Redis would.
    await web.redis.del(stream);
    for (const [seq, message] of [
      ...entries.slice(0, 2).map((entry) => [entry.seq, toMessage(entry)] as const),
      [3, { ...third, who: 'nobody' }] as const,
    ]) {
      await web.redis.xAdd(stream, `${seq}-0`, message);
    }
    for (const { id, message } of rest) await web.redis.xAdd(stream, id, message);
    expect((await web.access.audit.verify()).brokenAt).toBe(3);
  });
});

function toMessage(entry: { at: number; who: string; what: string; detail: string; before: string; hash: string }) {
  const { at, who, what, detail, before, hash } = entry;
  return { at: String(at), who, what, detail, before, hash };
}
