import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createAccess } from '../../server/access/index.ts';
import type { DefinitionView, ImportAnswer, PolicyView, TrialView } from '../../server/http/contract/settings.ts';
import { untilSettled } from '../support/counted-once.ts';
import {
  describeServer,
  makeDataDir,
  openView,
  type ServerProcess,
  startStorage,
  until,
} from '../support/running-tideline.ts';

const WAIT_MS_MAX = 60_000;
const folder = makeDataDir();
let storage: Awaited<ReturnType<typeof startStorage>>;
let view: Awaited<ReturnType<typeof openView>>;
let server: ServerProcess;
let admin: Record<string, string>;
let planner: Record<string, string>;

beforeAll(async () => {
  storage = await startStorage(folder.path);
  view = await openView(storage.reached);
  const { redisUrl, clickhouseUrl } = storage;
  const roles = ['web', 'ingest', 'process', 'history'] as const;
  server = await describeServer({ dataDir: folder.path, name: 'settings', roles: [...roles], redisUrl, clickhouseUrl });
  await server.start();
  [admin, planner] = await Promise.all([signIn('admin'), signIn('planner')]);
}, WAIT_MS_MAX);
afterAll(async () => {
  await server.end('SIGTERM');
  await view.close();
  await storage.stop();
  folder.remove();
});

async function signIn(role: 'admin' | 'planner'): Promise<Record<string, string>> {
  const access = createAccess({ redis: view.redis, workspace: view.keys.workspace });
  const [email, password] = [`${role}@example.com`, 'correct horse battery'];
  await access.createAccount('test', { email, name: `the ${role}`, role, password });
  const signedIn = await access.signIn({ email, password }, '127.0.0.1');
  if (!('token' in signedIn)) throw new Error('could not sign in');
  return { cookie: `tideline=${signedIn.token}`, origin: server.url };
}

async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  who = admin,
): Promise<{ status: number; answer: T }> {
  const text = typeof body === 'string';
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...who, 'content-type': text ? 'application/yaml' : 'application/json' },
    ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
  });
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, answer: (type.includes('json') ? await answer.json() : await answer.text()) as T };
}

const document = `
workspace: { name: Harbor, currency: EUR, timeZone: Europe/Berlin }
policies:
  ownership:
    rules: [{ node: BER-1, owner: Berlin floor }]
nodes:
  - { node: BER-1, name: Berlin, kind: warehouse, timeZone: Europe/Berlin, cutOff: "16:00" }
channels:
  - { channel: web, name: Web shop, kind: web, nodes: [BER-1] }
items:
  - { sku: MUG-1, name: Mug, unitCost: 520, unitPrice: 1490 }
`;

describe('settings over HTTP', { timeout: WAIT_MS_MAX }, () => {
  it('come in as one YAML document, are told before they change, and go out as the same document', async () => {
    const dry = await ask<ImportAnswer>('POST', '/v1/settings/document?dryRun=true', document);
    expect(dry).toMatchObject({ status: 200, answer: { applied: false, unchanged: 0 } });
    expect(dry.answer.changes.map(({ part, id }) => `${part} ${id}`.trim())).toEqual([
      'workspace',
      'policies ownership',
      'nodes BER-1',
      'channels web',
      'items MUG-1',
    ]);
    const { answer } = await ask<ImportAnswer>('POST', '/v1/settings/document', document);
    expect(answer).toEqual({ ...dry.answer, applied: true });
    await untilSettled(view, WAIT_MS_MAX);
    const exported = await ask<string>('GET', '/v1/settings/document?items=true');
    expect(parse(exported.answer)).toMatchObject(parse(document) as object);
    const again = await ask<ImportAnswer>('POST', '/v1/settings/document', exported.answer);
    expect(again.answer.changes).toEqual([]);
  });

  it('refuse a document as a whole, naming what is wrong and where', async () => {
    const typo = await ask<{ detail: string }>('POST', '/v1/settings/document', document.replace('cutOff', 'cutoff'));
    expect(typo).toMatchObject({ status: 400, answer: { detail: expect.stringContaining('nodes.0.cutoff') } });
    expect(typo).toMatchObject({ answer: { errors: [{ path: 'nodes.0.cutoff', line: 7 }] } });
    const wrong = await ask<{ detail: string }>(
      'POST',
      '/v1/settings/document',
      document.replace('"16:00"', '"25:00"'),
    );
    expect(wrong).toMatchObject({ status: 400, answer: { detail: expect.stringContaining('nodes.0.cutOff') } });
    const broken = await ask<{ detail: string }>('POST', '/v1/settings/document', 'nodes: [');
    expect(broken).toMatchObject({ status: 400, answer: { title: 'Malformed document', errors: [{ line: 1 }] } });
    expect((await ask('POST', '/v1/settings/document', document, planner)).status).toBe(403);
  });

  it('are kept in versions that tell who made them, and two changes from one version do not overwrite each other', async () => {
    const owned = (owner: string) => ({ body: { rules: [{ owner }] }, note: 'rota', version: 1 });
    expect(await ask('POST', '/v1/policies/ownership', owned('Ada'))).toMatchObject({
      status: 202,
      answer: { version: 2 },
    });
    await until('it holds', WAIT_MS_MAX, async () => {
      return (await ask<PolicyView>('GET', '/v1/policies/ownership')).answer.version === 2;
    });
    expect(await ask('POST', '/v1/policies/ownership', owned('Bob'))).toMatchObject({ status: 409 });
    await untilSettled(view, WAIT_MS_MAX);
    const { answer } = await ask<{ items: object[] }>('GET', '/v1/settings/versions/policies:ownership');
    expect(answer.items).toMatchObject([
      { by: 'admin@example.com', definition: { body: { rules: [{ owner: 'Ada' }] }, note: 'rota' } },
      { by: 'admin@example.com', definition: { body: { rules: [{ owner: 'Berlin floor' }] } } },
    ]);
    expect((await ask('POST', '/v1/policies/nonsense', { body: {} })).status).toBe(404);
  });

  it('refuse a definition that began from a version that no longer holds', async () => {
    const before = (await ask<DefinitionView>('GET', '/v1/settings/workspace')).answer;
    const workspace = { ...(before.definition as object), name: 'Harbor & Pine' };
    const named = await ask('POST', `/v1/settings/workspace?version=${before.version}`, workspace);
    expect(named.status).toBe(202);
    await untilSettled(view, WAIT_MS_MAX);
    const after = (await ask<DefinitionView>('GET', '/v1/settings/workspace')).answer;
    expect(after).toMatchObject({ version: before.version + 1, by: 'admin@example.com', definition: workspace });
    const late = await ask('POST', `/v1/settings/workspace?version=${before.version}`, { ...workspace, name: 'Other' });
    expect(late).toMatchObject({ status: 409, answer: { detail: expect.stringContaining('admin@example.com') } });
    const node = { node: 'BER-1', name: 'Berlin Mitte', kind: 'warehouse', timeZone: 'Europe/Berlin' };
    expect((await ask('POST', '/v1/settings/nodes?version=0', node)).status).toBe(409);
  });

  it('define one thing at a time, and do nothing when it is so already', async () => {
    const node = { node: 'MUC-1', name: 'Munich', kind: 'warehouse', timeZone: 'Europe/Berlin' };
    const first = await ask<{ change: object }>('POST', '/v1/settings/nodes', node);
    expect(first).toMatchObject({ status: 202, answer: { change: { part: 'nodes', id: 'MUC-1', change: 'added' } } });
    await untilSettled(view, WAIT_MS_MAX);
    expect(await ask('POST', '/v1/settings/nodes', node)).toMatchObject({ status: 202, answer: { change: null } });
    expect((await ask('POST', '/v1/settings/nodes', { ...node, cutoff: '12:00' })).status).toBe(400);
    const page = await ask<{ items: { id: string }[]; next: string }>('GET', '/v1/settings/nodes?limit=1');
    expect(page.answer).toMatchObject({ items: [{ id: 'BER-1', version: 1 }], next: 'BER-1' });
    const rest = await ask<{ items: { id: string }[] }>('GET', `/v1/settings/nodes?limit=1&cursor=${page.answer.next}`);
    expect(rest.answer).toMatchObject({ items: [{ id: 'MUC-1' }], next: null });
  });

  it('can be tried on the last days before they hold', async () => {
    const body = { rules: [{ owner: 'Eve' }] };
    const started = await ask<TrialView>('POST', '/v1/trials', { policy: 'ownership', body, days: 7 }, planner);
    expect(started).toMatchObject({
      status: 202,
      answer: { state: 'running', policy: 'ownership', body, basedOn: 2, days: 7 },
    });
    let trial = started.answer;
    await until('it is done', WAIT_MS_MAX, async () => {
      trial = (await ask<TrialView>('GET', `/v1/trials/${started.answer.id}`, undefined, planner)).answer;
      return trial.state !== 'running';
    });
    expect(trial).toMatchObject({ state: 'done', progress: 1, by: 'planner@example.com', differentDecisions: 0 });
    expect(trial.events).toBeGreaterThan(0);
    const wrong = await ask('POST', '/v1/trials', { policy: 'ownership', body: { ruls: [] }, days: 7 }, planner);
    expect(wrong.status).toBe(400);
  });
});
