import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { may } from '../../server/access/abilities.ts';
import { roles, userRoles } from '../../server/http/contract/access.ts';
import { health, problem } from '../../server/http/contract.ts';
import { type ReadModel, Unavailable } from '../../server/http/read-model.ts';
import { routes } from '../../server/http/routes/index.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const password = 'correct horse battery';
let server: TestRedis;
let web: TestWeb;
let clientDir: string;
let isRedisDown = false;
const cookies = new Map<string, string>();
const keys = new Map<string, string>();

/** Answers every question with "there is no such thing", so that what is tested is who gets to ask. */
const emptyModel = new Proxy({} as ReadModel, {
  get: (_, name) =>
    name === 'boards'
      ? { mayWatch: async () => true, list: async () => [], find: async () => null, preview: () => ({}) }
      : async () => {
          if (name === 'sources') throw new Unavailable('History is away.', 7);
          if (name === 'workspace') throw new Error('canary-internal-detail');
          return null;
        },
});

beforeAll(async () => {
  server = await startTestRedis();
  clientDir = mkdtempSync(join(tmpdir(), 'tideline-client-'));
  mkdirSync(join(clientDir, 'assets'));
  writeFileSync(join(clientDir, 'index.html'), '<!doctype html><title>Tideline</title>');
  writeFileSync(join(clientDir, 'assets', 'app-1a2b3c.js'), 'export {};');
  const probes = [
    {
      name: 'redis',
      required: true,
      check: async () =>
        isRedisDown ? Promise.reject(new Error('refused')) : { status: 'ok' as const, detail: 'answers' },
    },
    { name: 'history', required: false, check: () => new Promise<never>(() => undefined) },
  ];
  web = await startTestWeb(server, { ingestion: false, app: { readModel: emptyModel, clientDir, probes } });
  for (const role of userRoles) {
    await web.access.createAccount('test', { email: `${role}@example.com`, name: role, role, password });
  }
  await signInAll();
  cookies.set('wall', await web.pairScreen(['operations']));
  keys.set('ingest', await web.ingestKey('shop'));
  keys.set('read', await web.readKey());
});
afterAll(async () => {
  await web.stop();
  await server.stop();
  rmSync(clientDir, { recursive: true });
});

async function signInAll(): Promise<void> {
  for (const role of userRoles) {
    const result = await web.access.signIn({ email: `${role}@example.com`, password }, '127.0.0.1');
    if ('token' in result) cookies.set(role, `tideline=${result.token}`);
  }
}

const pathOf = (path: string) => path.replace(':topic', 'workspace').replaceAll(/:\w+/g, 'x');
function ask(method: string, path: string, who: string | null, headers: Record<string, string> = {}) {
  const cookie = cookies.get(who ?? '');
  const key = keys.get(who ?? '');
  const credentials: Record<string, string> = cookie ? { cookie } : key ? { authorization: `Bearer ${key}` } : {};
  return fetch(`${web.url}${path}`, { method: method.toUpperCase(), headers: { ...credentials, ...headers } });
}

describe('who may do what', () => {
  const guarded = routes.filter((route) => route.ability !== 'anyone');
  test.each(guarded.flatMap((route) => roles.map((role) => ({ route, role, name: `${route.method} ${route.path}` }))))(
    '$name as $role',
    async ({ route, role }) => {
      const answer = await ask(route.method, pathOf(route.path), role);
      const wantsKey = route.ability === 'write-events' || route.credentials === 'key-as-password';
      const isKeyOnly = wantsKey && role !== 'ingest' && role !== 'read';
      if (isKeyOnly) expect(answer.status).toBe(401);
      else if (may(role, route.ability as never)) expect([401, 403]).not.toContain(answer.status);
      else expect(answer.status).toBe(403);
      // The one route that leaves nobody signed in does what it says.
      if (answer.ok && `${route.method} ${route.path}` === 'delete /v1/access/sessions') await signInAll();
    },
  );

  test.each(guarded.map((route) => [route.method, route.path]))(
    '%s %s without credentials is 401',
    async (method, path) => {
      expect((await ask(method, pathOf(path), null)).status).toBe(401);
    },
  );

  test('a topic needs what its content needs', async () => {
    expect((await ask('get', '/v1/live/board:operations', 'executive')).status).toBe(404);
    expect((await ask('get', '/v1/live/orders', 'executive')).status).toBe(403);
    expect((await ask('get', '/v1/live/stock:LAMP', 'planner')).status).toBe(404);
    expect((await ask('get', '/v1/live/__proto__', 'admin')).status).toBe(403);
  });

  test('raw bytes are for those who handle them', async () => {
    await web.redis.hSet(web.keys.deadLetter('d1'), {
      job: JSON.stringify({
        kind: 'webhook',
        deliveryId: 'd1',
        source: 's',
        receivedAt: 1,
        headers: {},
        connector: 'shopify',
        topic: 't',
        body: 'bytes',
        base64: false,
      }),
      failedAt: '1',
      reason: 'r',
      attempts: '1',
      bytes: '5',
      items: '1',
      status: 'waiting',
    });
    const raw = async (who: string) => (await (await ask('get', '/v1/dead-letters/d1', who)).json()).raw;
    expect(await raw('planner')).toBe('bytes');
    expect(await raw('analyst')).toBe('');
    expect(await raw('read')).toBe('');
  });
});

describe('errors', () => {
  test.each([
    ['get', '/v1/nothing', 404],
    ['put', '/v1/events', 405],
    ['delete', '/v1/health', 405],
    ['get', '/v1/stock/%', 400],
    ['get', '/v1/stock?limit=9999', 400],
    ['get', '/v1/dead-letters?cursor=-1', 400],
    ['post', '/v1/session', 415],
    ['get', '/v1/orders/x', 404],
    ['get', '/v1/sources', 503],
    ['get', '/v1/workspace', 500],
    ['post', '/anything', 404],
  ])('%s %s is a problem with status %i', async (method, path, status) => {
    const answer = await ask(method, path, 'admin');
    const body = await answer.json();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(problem.parse(body)).toMatchObject({ status });
    expect(JSON.stringify(body)).not.toContain('canary-internal-detail');
    expect(answer.headers.get('x-request-id')).toBeTruthy();
    if (status === 405) expect(answer.headers.get('allow')).toBeTruthy();
    if (status === 503) expect(answer.headers.get('retry-after')).toBe('7');
  });

  test('an empty parameter is one that was not given', async () => {
    expect((await ask('get', '/v1/audit?cursor=', 'admin')).status).toBe(200);
    expect((await ask('get', '/v1/audit?cursor=nothing', 'admin')).status).toBe(400);
  });

  test('a body that is too large is 413, a malformed one 400, a wrong one names its fields', async () => {
    const post = (body: string) =>
      fetch(`${web.url}/v1/session`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect((await post(`"${'x'.repeat(200_000)}"`)).status).toBe(413);
    expect((await post('{"email":')).status).toBe(400);
    const wrong = await post('{"email":"no address","password":""}');
    expect(wrong.status).toBe(400);
    expect((await wrong.json()).errors.map((error: { path: string }) => error.path)).toEqual(['email', 'password']);
    expect((await post('{"__proto__":{"email":"a@b.c"}}')).status).toBe(400);
  });
});

describe('every answer', () => {
  const inCatalog = routes.map(({ method, path }) => [method, pathOf(path)] as const);
  const others = ['/', '/wall', '/v1/nothing', '/assets/app-1a2b3c.js', '/assets/gone.js', '/v1/stock/%'];
  const all = [...inCatalog, ...others.map((path) => ['get', path] as const), ['put', '/v1/events'] as const];

  test.each(all)('of %s %s carries the security headers, signed in or not', async (method, path) => {
    // Signing out and ending sessions would end what the others ask with.
    const ends = method === 'delete';
    for (const who of ends ? [null] : [null, 'executive', 'wall']) {
      const { headers } = await ask(method, path, who, { accept: 'text/html, application/json' });
      const policy = headers.get('content-security-policy')!;
      for (const part of [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
      ])
        expect(policy).toContain(part);
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('x-powered-by')).toBeNull();
      // Answers of the API are about somebody: no cache in between keeps them.
      if (path.startsWith('/v1/')) expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test('of the client: pages come from index.html, hashed files are kept for good, nothing outside is served', async () => {
    const page = await ask('get', '/stock/LAMP', null, { accept: 'text/html' });
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(await page.text()).toContain('<title>Tideline</title>');
    const asset = await ask('get', '/assets/app-1a2b3c.js', null);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await ask('get', '/assets/gone.js', null, { accept: 'text/html' })).status).toBe(404);
    expect(await (await ask('get', '/..%2f..%2f..%2fetc%2fpasswd', null)).text()).not.toContain('root:');
  });
});

describe('health', () => {
  test('names each dependency, and a silent one is not well', async () => {
    const answer = await ask('get', '/v1/health', null);
    expect(answer.status).toBe(200);
    expect(health.parse(await answer.json())).toMatchObject({
      status: 'degraded',
      dependencies: [
        { name: 'redis', status: 'ok' },
        { name: 'history', status: 'down', detail: expect.stringContaining('no answer') },
      ],
    });
    expect((await ask('get', '/v1/ready', null)).status).toBe(200);
  });

  test('is 503 when something required is down', async () => {
    isRedisDown = true;
    await expect.poll(async () => (await ask('get', '/v1/health', null)).status, { timeout: 10_000 }).toBe(503);
    expect((await ask('get', '/v1/ready', null)).status).toBe(503);
    isRedisDown = false;
    await expect.poll(async () => (await ask('get', '/v1/ready', null)).status, { timeout: 10_000 }).toBe(200);
  });
});

describe('the OpenAPI document', () => {
  test('describes every route with its parameters, bodies and answers', async () => {
    const document = await (await ask('get', '/v1/openapi.json', null)).json();
    expect(document.openapi).toBe('3.1.0');
    for (const route of routes) {
      const entry = document.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method];
      expect(entry, route.path).toMatchObject({ summary: route.summary });
      expect(entry.security.length === 0, route.path).toBe(route.ability === 'anyone');
    }
    const ids = Object.values(document.paths as object).flatMap((path) =>
      Object.values(path as object).map((entry) => entry.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(document.paths['/v1/kpis/{id}'].get.parameters.map((one: { name: string }) => one.name)).toEqual([
      'id',
      'from',
      'to',
      'grain',
      'by',
    ]);
    expect(document.paths['/v1/setup'].post.requestBody.content['application/json'].schema.properties).toHaveProperty(
      'token',
    );
  });
});

describe('secrets', () => {
  test('planted in every place a caller can reach appear in no log line, metric or stored delivery', async () => {
    const canary = 'canary5f3a9b';
    const key = keys.get('ingest')!;
    await fetch(`${web.url}/v1/session`, {
      method: 'POST',
      body: JSON.stringify({ email: 'admin@example.com', password: canary }),
      headers: { 'content-type': 'application/json', cookie: `tideline=${canary}`, authorization: `Bearer ${canary}` },
    });
    await fetch(`${web.url}/v1/stock/${canary}?q=${canary}&access_token=${canary}`, {
      headers: { authorization: `Bearer tl_${canary}` },
    });
    await web.send(key, `{"broken":"${canary}`, {
      'x-shopify-hmac-sha256': canary,
      cookie: canary,
      'x-api-key': canary,
    });
    await web.send(key, JSON.stringify([{ id: 'x', data: canary }]));
    const valid = {
      specversion: '1.0',
      id: 'c',
      source: 'shop',
      type: 'stock.counted',
      time: new Date().toISOString(),
      data: { sku: 'A', node: 'N', quantity: 1 },
    };
    expect(
      (await web.send(key, JSON.stringify(valid), { 'x-auth-token': canary, 'x-shopify-hmac-sha256': canary })).status,
    ).toBe(202);
    const link = await web.access.people.invite({ id: 't', name: 't' }, { email: 'eve@example.com', role: 'planner' });
    const token = 'token' in link ? link.token : '';
    const post = (path: string, body: object) =>
      fetch(`${web.url}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', cookie: cookies.get('admin')! },
      });
    await post('/v1/invitations/accept', { token, name: 'Eve', password: `${canary}-password` });
    await post('/v1/invitations/accept', { token: canary, name: 'Eve', password: `${canary}-password` });
    await post('/v1/devices/pairings/claim', { code: 'AAAA-AAAA', secret: canary });
    await ask('get', `/v1/sign-in/provider/callback?code=${canary}&state=${canary}`, null, { cookie: canary });
    await post('/v1/access/webhooks', { source: 'shop', connector: 'shopify', secret: canary });
    const planted = [canary, key, token, ...[...cookies.values()].map((cookie) => cookie.split('=')[1]!)];
    const entries: string[] = [];
    for await (const entry of web.access.audit.entries()) entries.push(JSON.stringify(entry));
    expect(token).toHaveLength(43);
    const metrics = await (await ask('get', '/metrics', 'read')).text();
    const jobs = await Promise.all(
      (await web.redis.keys(`${web.keys.queuePrefix}:*`)).map(async (name) =>
        (await web.redis.type(name)) === 'hash' ? JSON.stringify(await web.redis.hGetAll(name)) : name,
      ),
    );
    expect(web.logged.length).toBeGreaterThan(5);
    expect(jobs.join()).toContain('stock.counted');
    const found = [...web.logged, ...jobs, ...entries, ...metrics.split('\n')].filter((line) =>
      planted.some((secret) => line.includes(secret)),
    );
    expect(found).toEqual([]);
    expect(metrics).toContain('tideline_http_request_seconds');
  });
});
