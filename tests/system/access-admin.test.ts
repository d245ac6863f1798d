/** What an admin does about people, screens and keys by HTTP, and what nobody can do with it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LiveSession, OneTimeLink, OwnAccount, Person } from '../../server/http/contract/accounts.ts';
import type { AuditVerification } from '../../server/http/contract/audit.ts';
import { csvLine } from '../../server/http/csv.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { orderPlaced, startTestWeb, type TestWeb } from '../support/web-server.ts';

const password = 'correct horse battery';
const json = { 'content-type': 'application/json' };
let server: TestRedis;
let web: TestWeb;
let admin: Record<string, string>;

beforeAll(async () => {
  server = await startTestRedis();
});
beforeEach(async () => {
  web = await startTestWeb(server, { ingestion: false });
  admin = await web.signIn();
});
afterEach(() => web.stop());
afterAll(() => server.stop());

type Headers = Record<string, string>;
const ask = (method: string, path: string, body?: object, headers: Headers = admin) =>
  fetch(`${web.url}${path}`, {
    method,
    headers: { ...json, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const read = async <T>(path: string, headers: Headers = admin): Promise<T> =>
  (await (await ask('GET', path, undefined, headers)).json()) as T;
const people = async () => (await read<{ items: Person[] }>('/v1/access/people')).items;
const invite = async (email: string, role: string): Promise<OneTimeLink> =>
  (await (await ask('POST', '/v1/access/people', { email, role })).json()) as OneTimeLink;
const accept = (token: string, name = 'Eve', chosen = password, headers: Headers = {}) =>
  ask('POST', '/v1/invitations/accept', { token, name, password: chosen }, headers);
const cookieOf = (answer: Response): Headers => ({ cookie: answer.headers.get('set-cookie')!.split(';')[0]! });
const whats = async () => {
  const found: string[] = [];
  for await (const { what } of web.access.audit.entries()) found.push(what);
  return found;
};

describe('an invitation', () => {
  test('works once, sets name and password, and signs in as the role it was made for', async () => {
    const link = await invite('Eve@Example.com', 'analyst');
    expect(link.person).toMatchObject({ email: 'eve@example.com', state: 'invited', methods: ['none'] });
    expect(link.expiresAt - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    const looked = await ask('POST', '/v1/invitations/look', { token: link.token }, {});
    expect(await looked.json()).toMatchObject({ kind: 'invitation', email: 'eve@example.com', role: 'analyst' });
    expect((await accept(link.token, 'Eve', 'short')).status).toBe(400);
    const both = await Promise.all([accept(link.token), accept(link.token)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await accept(link.token)).status).toBe(401);
    expect((await ask('POST', '/v1/invitations/look', { token: link.token }, {})).status).toBe(404);
    const eve = cookieOf(both.find(({ ok }) => ok)!);
    expect(await read('/v1/session', eve)).toMatchObject({ session: { user: { name: 'Eve', role: 'analyst' } } });
    expect(await whats()).toEqual(expect.arrayContaining(['account.invited', 'account.accepted']));
    for await (const entry of web.access.audit.entries()) expect(JSON.stringify(entry)).not.toContain(link.token);
  });

  test('ends when a newer one is made, when the account is disabled, and after some guesses from one address', async () => {
    const older = await invite('eve@example.com', 'planner');
    expect((await ask('POST', '/v1/access/people', { email: 'EVE@example.com', role: 'admin' })).status).toBe(409);
    const newer = (await (await ask('POST', `/v1/access/people/${older.person.id}/link`)).json()) as OneTimeLink;
    expect((await accept(older.token)).status).toBe(401);
    await ask('POST', `/v1/access/people/${older.person.id}/disable`);
    expect((await accept(newer.token)).status).toBe(401);
    const guesses: number[] = [];
    for (let guess = 0; guess < 8; guess++) guesses.push((await accept(`guess-${guess}`)).status);
    expect(guesses).toContain(429);
  });

  test('for a new password leaves the old one until it is used, and then ends every session', async () => {
    const eve = cookieOf(await accept((await invite('eve@example.com', 'planner')).token));
    const { id } = (await people()).find(({ email }) => email === 'eve@example.com')!;
    const { token } = (await (await ask('POST', `/v1/access/people/${id}/link`)).json()) as OneTimeLink;
    expect(await read('/v1/session', eve)).toMatchObject({ session: { user: { id } } });
    expect((await accept(token, 'Eve', 'another long password')).status).toBe(200);
    expect(await read('/v1/session', eve)).toMatchObject({ session: null });
    const old = await ask('POST', '/v1/session', { email: 'eve@example.com', password }, {});
    expect(old.status).toBe(401);
  });

  test('does not give a browser a session that somebody prepared for it', async () => {
    const { token } = await invite('eve@example.com', 'planner');
    const fixed = { cookie: `tideline=${'A'.repeat(43)}` };
    const eve = cookieOf(await accept(token, 'Eve', password, fixed));
    expect(eve['cookie']).not.toBe(fixed.cookie);
    expect(await read('/v1/session', fixed)).toMatchObject({ session: null });
  });
});

describe('an admin', () => {
  test('changes the role of others, whose sessions end, and never the own one', async () => {
    const eve = cookieOf(await accept((await invite('eve@example.com', 'planner')).token));
    const [ada, her] = [
      (await people()).find(({ role }) => role === 'admin')!,
      (await people()).find(({ role }) => role === 'planner')!,
    ];
    const own = await ask('POST', `/v1/access/people/${ada.id}/role`, { role: 'planner' });
    expect([own.status, (await own.json()).title]).toEqual([409, 'Your own account']);
    expect((await ask('POST', `/v1/access/people/${ada.id}/disable`)).status).toBe(409);
    expect((await ask('POST', `/v1/access/people/${her.id}/role`, { role: 'owner' })).status).toBe(400);
    expect((await ask('POST', `/v1/access/people/${her.id}/role`, { role: 'admin' }, eve)).status).toBe(403);
    const changed = await ask('POST', `/v1/access/people/${her.id}/role`, { role: 'admin' });
    expect(await changed.json()).toMatchObject({ role: 'admin', sessions: 0 });
    expect(await read('/v1/session', eve)).toMatchObject({ session: null });
  });

  test('is left when two admins demote each other at the same moment', async () => {
    for (let round = 0; round < 3; round++) {
      const [one, two] = await Promise.all(
        ['one', 'two'].map((name) =>
          web.access.createAccount('test', { email: `${name}${round}@example.com`, name, role: 'admin', password }),
        ),
      );
      for (const other of (await web.access.people.list()).filter(
        ({ role, id }) => role === 'admin' && id !== one!.id && id !== two!.id,
      )) {
        await web.access.people.changeRole({ id: one!.id, name: 'one' }, other.id, 'planner');
      }
      await Promise.all([
        web.access.people.changeRole({ id: one!.id, name: 'one' }, two!.id, 'planner'),
        web.access.people.setDisabled({ id: two!.id, name: 'two' }, one!.id, true),
      ]);
      const left = (await web.access.people.list()).filter(({ role, state }) => role === 'admin' && state === 'active');
      expect(left.length, `round ${round}`).toBe(1);
    }
  });

  test('does nothing that the audit could not record', async () => {
    const link = await invite('eve@example.com', 'planner');
    const before = JSON.stringify(await people());
    const keys = JSON.stringify(await web.access.listKeys());
    await web.redis.del(web.keys.access('audit'));
    await web.redis.set(web.keys.access('audit'), 'not a stream any more');
    const { id } = link.person;
    const steps: [string, string, object?][] = [
      ['POST', '/v1/access/people', { email: 'bob@example.com', role: 'admin' }],
      ['POST', `/v1/access/people/${id}/role`, { role: 'admin' }],
      ['POST', `/v1/access/people/${id}/disable`],
      ['POST', `/v1/access/people/${id}/link`],
      ['DELETE', '/v1/access/sessions'],
      ['POST', '/v1/access/keys', { source: 'shop', scope: 'ingest' }],
      ['POST', '/v1/access/webhooks', { source: 'shop', connector: 'shopify' }],
      ['POST', '/v1/account', { name: 'Somebody else' }],
      ['POST', '/v1/account/password', { old: password, password: 'another long password' }],
      ['GET', '/v1/audit/export'],
    ];
    for (const [method, path, body] of steps) expect((await ask(method, path, body)).status, path).toBe(500);
    expect((await accept(link.token)).status).toBe(500);
    await web.redis.del(web.keys.access('audit'));
    expect(JSON.stringify(await people())).toBe(before);
    expect(JSON.stringify(await web.access.listKeys())).toBe(keys);
    expect(await web.access.webhookSources()).toEqual([]);
    expect((await accept(link.token)).status).toBe(200);
  });
});

describe("one's own account", () => {
  test('takes a new password for the old one only, renews this session and ends the others', async () => {
    const answer = await ask('POST', '/v1/session', { email: 'ada@example.com', password }, {});
    const other = cookieOf(answer);
    const wrong = await ask(
      'POST',
      '/v1/account/password',
      { old: 'a guess', password: 'another long password' },
      other,
    );
    expect([wrong.status, (await wrong.json()).errors[0].path]).toEqual([400, 'old']);
    const right = await ask(
      'POST',
      '/v1/account/password',
      { old: password, password: 'another long password' },
      other,
    );
    expect(right.status).toBe(200);
    for (const before of [admin, other]) expect(await read('/v1/session', before)).toMatchObject({ session: null });
    const { sessions } = await read<OwnAccount>('/v1/account', cookieOf(right));
    expect(sessions.map(({ isThis }) => isThis)).toEqual([true]);
  });

  test("ends one's own sessions, and nobody else's", async () => {
    const eve = cookieOf(await accept((await invite('eve@example.com', 'planner')).token));
    const all = (await read<{ items: LiveSession[] }>('/v1/access/sessions')).items;
    const adas = all.find(({ email }) => email === 'ada@example.com')!;
    const hers = all.find(({ email }) => email === 'eve@example.com')!;
    expect((await ask('DELETE', `/v1/account/sessions/${adas.id}`, undefined, eve)).status).toBe(404);
    expect((await ask('DELETE', `/v1/account/sessions/${hers.id}`, undefined, eve)).status).toBe(204);
    expect(await read('/v1/session', eve)).toMatchObject({ session: null });
    expect(JSON.stringify(all)).not.toContain(admin['cookie']!.split('=')[1]);
  });
});

describe('a wall screen', () => {
  const begin = async () =>
    (await (await ask('POST', '/v1/devices/pairings', {}, {})).json()) as { code: string; secret: string };
  const claim = (code: string, secret: string) => ask('POST', '/v1/devices/pairings/claim', { code, secret }, {});

  test('is paired by its code and its secret, once; the admin sees where it is', async () => {
    const { code, secret } = await begin();
    expect(await (await claim(code, secret)).json()).toEqual({ state: 'waiting' });
    expect(await read(`/v1/access/pairings/${code.toLowerCase()}`)).toMatchObject({
      address: expect.stringContaining('127.0.0.1'),
    });
    const approved = await ask('POST', '/v1/access/devices', { code, name: 'Hall', boards: ['operations'] });
    expect(approved.status).toBe(201);
    expect((await ask('POST', '/v1/access/devices', { code, name: 'Again', boards: ['operations'] })).status).toBe(404);
    expect((await claim(code, 'a'.repeat(43))).status).toBe(404);
    const paired = await claim(code, secret);
    expect(await paired.json()).toMatchObject({ state: 'paired', device: { name: 'Hall', boards: ['operations'] } });
    expect((await claim(code, secret)).status).toBe(404);
    const screen = cookieOf(paired);
    expect(await read('/v1/session', screen)).toMatchObject({ session: null, device: { name: 'Hall' } });
    for (const path of ['/v1/exceptions', '/v1/account', '/v1/access/people'])
      expect((await ask('GET', path, undefined, screen)).status).toBe(403);
    const { id } = (await approved.json()) as { id: string };
    expect((await ask('DELETE', `/v1/access/devices/${id}`)).status).toBe(204);
    expect(await read('/v1/session', screen)).toMatchObject({ device: null });
    expect(await whats()).toEqual(expect.arrayContaining(['device.approved', 'device.paired', 'device.revoked']));
  });

  test('that asks for code after code, or guesses, has to wait', async () => {
    const codes: number[] = [];
    for (let round = 0; round < 12; round++) codes.push((await ask('POST', '/v1/devices/pairings', {}, {})).status);
    expect(codes.slice(-1)).toEqual([429]);
    const guesses = await Promise.all(Array.from({ length: 130 }, () => claim('AAAA-AAAA', 'guess')));
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([404, 429]));
    expect(Number(guesses.find(({ status }) => status === 429)!.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a machine key', () => {
  test('is shown once, rotated into two live ones, and says when it was used', async () => {
    const made = await (await ask('POST', '/v1/access/keys', { source: 'shop', expiresInDays: 30 })).json();
    const send = async (text: string) => (await web.send(text, JSON.stringify(orderPlaced()))).status;
    expect(await send(made.text)).toBe(202);
    const rotated = await (await ask('POST', `/v1/access/keys/${made.key.id}/rotate`, {})).json();
    expect([await send(made.text), await send(rotated.text)]).toEqual([202, 202]);
    expect((await ask('POST', `/v1/access/keys/${rotated.key.id}/rotate`, {})).status).toBe(409);
    const listed = await (await ask('GET', '/v1/access/keys')).text();
    expect(JSON.parse(listed).items).toMatchObject([
      { id: made.key.id, replaced: true, lastUsedAt: expect.any(Number) },
      { id: rotated.key.id, replaced: false, source: 'shop', scope: 'ingest' },
    ]);
    for (const { text } of [made, rotated]) expect(listed).not.toContain(text.split('_')[2]);
    expect((await ask('DELETE', `/v1/access/keys/${made.key.id}`)).status).toBe(204);
    expect([await send(made.text), await send(rotated.text)]).toEqual([401, 202]);
  });

  test('of a webhook is counted, never told; one made here is shown once', async () => {
    const given = await (
      await ask('POST', '/v1/access/webhooks', { source: 'shop', connector: 'shopify', secret: 'given by the shop' })
    ).json();
    expect(given).toEqual({ source: 'shop', connector: 'shopify', secrets: 1, secret: null });
    const made = await (await ask('POST', '/v1/access/webhooks', { source: 'shop', connector: 'shopify' })).json();
    expect(made.secret).toMatch(/^[\w-]{43}$/);
    const listed = await (await ask('GET', '/v1/access/webhooks')).text();
    expect(JSON.parse(listed).items).toEqual([{ source: 'shop', connector: 'shopify', secrets: 2 }]);
    expect(listed).not.toMatch(new RegExp(`given by the shop|${made.secret}`));
    expect((await ask('POST', '/v1/access/webhooks/shop/keep-newest')).status).toBe(204);
    expect((await web.access.webhookSource('shop'))!.secrets).toEqual([made.secret]);
  });
});

describe('the audit', () => {
  test('is read by page, person, kind and period, and checked as a whole', async () => {
    for (let n = 0; n < 7; n++)
      await web.access.audit.record(n % 2 ? 'mei@example.com' : 'jon@example.com', 'settings.imported', { n });
    const page = async (query: string) =>
      read<{ items: { seq: number; who: string; what: string }[]; next: string | null }>(`/v1/audit?${query}`);
    const first = await page('limit=3');
    expect(first.items.map(({ seq }) => seq)).toEqual([8, 7, 6]);
    expect((await page(`limit=3&cursor=${first.next}`)).items.map(({ seq }) => seq)).toEqual([5, 4, 3]);
    expect((await page('who=MEI')).items.map(({ who }) => who)).toEqual(Array(3).fill('mei@example.com'));
    expect((await page('kind=account')).items.map(({ what }) => what)).toEqual(['account.created']);
    expect((await page(`from=${Date.now() + 1}`)).items).toEqual([]);
    const verification = await read<AuditVerification>('/v1/audit/verification');
    expect(verification).toMatchObject({ entries: 8, brokenAt: null });
    await web.redis.xDel(web.keys.access('audit'), '4-0');
    expect(await read<AuditVerification>('/v1/audit/verification')).toMatchObject({ brokenAt: 4 });
  });

  test('is exported whole, as a file no spreadsheet computes with, and says so itself', async () => {
    await web.access.audit.record('=HYPERLINK("http://evil.example")', 'settings.imported', {
      note: 'a "word", and more',
    });
    const answer = await ask('GET', '/v1/audit/export');
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const lines = (await answer.text()).split('\r\n');
    expect(lines[2]).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(lines.length).toBe(1 + 3 + 1);
    expect(lines[3]).toContain('export.audit');
  });

  test.each(['=1', '+1', '-1', '@a', '\ta', '\ra', '\0a', '＝1'])('a cell that begins as %j is text', (cell) => {
    expect(csvLine([cell]).replaceAll('"', '')).toBe(`'${cell}\r\n`);
    expect(csvLine([-1, null, 'plain'])).toBe('-1,,plain\r\n');
  });
});
