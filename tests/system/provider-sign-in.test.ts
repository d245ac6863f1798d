/** Signing in with an identity provider, and everything it or somebody between could do wrong. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAccess } from '../../server/access/index.ts';
import { readRoleMapping } from '../../server/access/provider-account.ts';
import type { ProviderSettings } from '../../server/access/provider-sign-in.ts';
import type { PasswordSignIn } from '../../server/access/sign-in.ts';
import { type Cheat, startIdentityProvider } from '../support/identity-provider.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';

const client = { clientId: 'tideline', clientSecret: 'what only the two of us know' };
const password = 'correct horse battery';
const eve = {
  sub: 'eve-1',
  email: 'Eve@Example.com',
  email_verified: true,
  name: 'Eve Adams',
  groups: ['planning', 'all'],
};
let server: TestRedis;
let provider: Awaited<ReturnType<typeof startIdentityProvider>>;
let web: TestWeb;

beforeAll(async () => {
  server = await startTestRedis();
  provider = await startIdentityProvider(client);
});
afterEach(async () => {
  Object.assign(provider.told, { person: null, cheat: null, isAway: false });
  await web.stop();
});
afterAll(async () => {
  await provider.stop();
  await server.stop();
});

async function start(differ: Partial<ProviderSettings> = {}, passwords: PasswordSignIn = 'all') {
  const settings: ProviderSettings = {
    issuer: provider.issuer,
    ...client,
    name: 'Example',
    scope: 'openid email profile',
    allowedDomains: ['example.com'],
    roleClaim: 'groups',
    roles: readRoleMapping('ops-admins=admin,planning=planner'),
    defaultRole: null,
    ...differ,
  };
  web = await startTestWeb(server, {
    ingestion: false,
    access: (deps) => createAccess({ ...deps, provider: settings, passwords }),
  });
}

type Browser = Map<string, string>;
/** Follows one redirect the way a browser does, with its cookies. */
async function visit(browser: Browser, address: string): Promise<string> {
  const cookie = [...browser].map((pair) => pair.join('=')).join('; ');
  const answer = await fetch(new URL(address, web.url), { redirect: 'manual', headers: { cookie } });
  for (const line of answer.headers.getSetCookie()) {
    const [name = '', value = ''] = line.split(';')[0]!.split('=', 2);
    if (value === '') browser.delete(name);
    else browser.set(name, value);
  }
  expect(answer.status).toBe(302);
  return answer.headers.get('location')!;
}

/** The whole way there and back. @returns where it ends */
async function signIn(browser: Browser = new Map(), next = '/exceptions'): Promise<string> {
  const away = await visit(browser, `/v1/sign-in/provider?next=${encodeURIComponent(next)}`);
  const back = await visit(new Map(), away);
  return visit(browser, back);
}
const whoIs = async (browser: Browser) => {
  const cookie = [...browser].map((pair) => pair.join('=')).join('; ');
  return (await (await fetch(`${web.url}/v1/session`, { headers: { cookie } })).json()).session;
};
const audited = async () => {
  const lines: string[] = [];
  for await (const { who, what, detail } of web.access.audit.entries()) lines.push(`${who} ${what} ${detail}`);
  return lines;
};

describe('somebody the provider knows', () => {
  test('gets an account with the role that is meant for the group, and comes back to the same one', async () => {
    await start();
    provider.told.person = eve;
    const browser: Browser = new Map();
    expect(await signIn(browser)).toBe('/exceptions');
    expect(await whoIs(browser)).toMatchObject({
      user: { email: 'eve@example.com', name: 'Eve Adams', role: 'planner' },
    });
    expect([...browser.keys()]).toEqual(['tideline']);
    provider.told.person = { ...eve, email: 'eve.adams@example.com', groups: 'ops-admins' };
    const other: Browser = new Map();
    await signIn(other);
    expect(await whoIs(other)).toMatchObject({ user: { email: 'eve@example.com', role: 'admin' } });
    expect(await whoIs(browser)).toBeNull();
    expect((await web.access.people.list()).map(({ methods }) => methods)).toEqual([['provider']]);
    expect((await audited()).join('\n')).toMatch(/account\.created.*account\.linked.*session\.opened.*role-changed/s);
  });

  test('is linked to the account with the same address, if the provider has verified it', async () => {
    await start();
    const known = await web.access.createAccount('test', {
      email: 'eve@example.com',
      name: 'Eve',
      role: 'planner',
      password,
    });
    provider.told.person = { ...eve, email_verified: false };
    expect(await signIn()).toBe('/sign-in?problem=email');
    provider.told.person = eve;
    const browser: Browser = new Map();
    await signIn(browser);
    expect((await whoIs(browser)).user.id).toBe(known.id);
    provider.told.person = { ...eve, sub: 'eve-2' };
    expect(await signIn()).toBe('/sign-in?problem=other-subject');
  });

  test.each([
    ['domain', { ...eve, email: 'eve@evil.example' }],
    ['role', { ...eve, groups: ['all'] }],
    ['email', { sub: 'eve-1', groups: ['planning'] }],
  ])('is refused for the %s, in the audit too', async (problem, person) => {
    await start();
    provider.told.person = person;
    const browser: Browser = new Map();
    expect(await signIn(browser)).toBe(`/sign-in?problem=${problem}`);
    expect([...browser.keys()]).toEqual([]);
    expect(await web.access.people.list()).toEqual([]);
    expect((await audited()).at(-1)).toContain(`"problem":"${problem}"`);
  });

  test('is refused when disabled here, and the last admin stays one whatever the provider says', async () => {
    await start();
    provider.told.person = { ...eve, groups: ['ops-admins'] };
    await signIn();
    provider.told.person = eve;
    const browser: Browser = new Map();
    await signIn(browser);
    expect((await whoIs(browser)).user.role).toBe('admin');
    const ann = await web.access.createAccount('test', {
      email: 'ann@example.com',
      name: 'Ann',
      role: 'admin',
      password,
    });
    const [person] = (await web.access.people.list()).filter(({ email }) => email === 'eve@example.com');
    await web.access.people.setDisabled({ id: ann.id, name: 'ann' }, person!.id, true);
    expect(await signIn()).toBe('/sign-in?problem=disabled');
  });

  test('goes back to addresses of our own only', async () => {
    await start();
    provider.told.person = eve;
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])
      expect(await signIn(new Map(), next)).toBe('/wall');
  });
});

describe('a sign-in that was tampered with comes to nothing', () => {
  test.each<Cheat>(['nonce', 'issuer', 'audience', 'expired', 'alg-none', 'other-key', 'no-id-token'])(
    'by the provider: %s',
    async (cheat) => {
      await start();
      Object.assign(provider.told, { person: eve, cheat });
      const browser: Browser = new Map();
      expect(await signIn(browser)).toBe('/sign-in?problem=answer');
      expect(await whoIs(browser)).toBeNull();
      expect(await web.access.people.list()).toEqual([]);
      provider.told.cheat = null;
      expect(await signIn(browser)).toBe('/exceptions');
    },
  );

  test('by somebody between: another state, another browser, a second time', async () => {
    await start();
    provider.told.person = eve;
    const browser: Browser = new Map();
    const back = async () => visit(new Map(), await visit(browser, '/v1/sign-in/provider'));
    const forged = new URL(await back());
    forged.searchParams.set('state', 'forged');
    expect(await visit(browser, forged.href)).toBe('/sign-in?problem=answer');
    expect(await visit(new Map(), await back())).toBe('/sign-in?problem=expired');
    const good = await back();
    const copy = new Map(browser);
    expect(await visit(browser, good)).toBe('/wall');
    expect(await visit(copy, good)).toBe('/sign-in?problem=expired');
  });

  test('a refusal there and a provider that is away are told apart', async () => {
    await start();
    Object.assign(provider.told, { person: eve, cheat: 'denied' });
    expect(await signIn()).toBe('/sign-in?problem=denied');
    await web.stop();
    await start();
    provider.told.isAway = true;
    expect(await visit(new Map(), '/v1/sign-in/provider')).toBe('/sign-in?problem=away');
    provider.told.isAway = false;
    provider.told.cheat = null;
    expect(await signIn()).toBe('/exceptions');
  });
});

test('passwords can be left to admins, for the day on which the provider is away', async () => {
  await start({}, 'admins');
  for (const role of ['admin', 'planner'] as const) {
    await web.access.createAccount('test', { email: `${role}@example.com`, name: role, role, password });
  }
  const status = async (role: string) =>
    (
      await fetch(`${web.url}/v1/session`, {
        method: 'POST',
        body: JSON.stringify({ email: `${role}@example.com`, password }),
        headers: { 'content-type': 'application/json' },
      })
    ).status;
  expect([await status('admin'), await status('planner')]).toEqual([200, 401]);
  const { signIn: offers } = await (await fetch(`${web.url}/v1/session`)).json();
  expect(offers).toEqual({ passwords: 'admins', provider: { name: 'Example' } });
});
