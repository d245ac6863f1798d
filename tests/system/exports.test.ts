/** Exports over HTTP: whole or failed, only their owner's, named limits, and nothing left of what was cancelled. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { type Exports, openExports } from '../../server/exports/exports.ts';
import { fileName } from '../../server/exports/file-name.ts';
import type { ExportLimits } from '../../server/exports/limits.ts';
import { type ExportManifest, exportManifest } from '../../server/http/contract/exports.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';
import { wholeOfEngine } from '../support/whole-of-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'tideline-exports-'));
const DATA_AS_OF = Date.UTC(2026, 2, 1, 12);
let redisServer: TestRedis;
let engine: TestEngine;
let client: HistoryClient;
let web: TestWeb;
let exports: Exports;
let mine: Record<string, string>;
let others: Record<string, string>;

beforeAll(async () => {
  [redisServer, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  ({ client } = await engine.createDatabase());
  const readModel = {} as ReadModel;
  web = await startTestWeb(redisServer, { ingestion: false, app: { readModel } });
  exports = openOne();
  readModel.exports = exports;
  mine = { authorization: `Bearer ${await web.readKey()}` };
  others = { authorization: `Bearer ${await web.readKey()}` };
});
afterAll(async () => {
  await exports?.stop();
  await web?.stop();
  await Promise.all([engine?.stop(), redisServer?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

function openOne(changed: Partial<Parameters<typeof openExports>[0]> = {}): Exports {
  return openExports({
    redis: web.redis,
    keys: web.keys,
    audit: web.access.audit,
    folder,
    answer: wholeOfEngine(client, DATA_AS_OF),
    logger: { warn: () => undefined },
    now: Date.now,
    ...changed,
  });
}

const post = (path: string, body: object, headers = mine) =>
  fetch(`${web.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
const get = (path: string, headers = mine) => fetch(`${web.url}${path}`, { headers });
const sqlExport = (sql: string, format = 'csv', more: object = {}) => ({
  of: { kind: 'sql', question: { sql, ...more } },
  format,
  name: 'Units, by channel / März',
});

async function ask(body: object, headers = mine): Promise<ExportManifest> {
  const answer = await post('/v1/exports', body, headers);
  expect(answer.status).toBe(202);
  return exportManifest.parse(await answer.json());
}

async function ended(id: string, headers = mine): Promise<ExportManifest> {
  for (;;) {
    const manifest = exportManifest.parse(await (await get(`/v1/exports/${id}`, headers)).json());
    if (manifest.state !== 'waiting' && manifest.state !== 'running') return manifest;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const filesOf = (id: string) => readdirSync(folder).filter((name) => name.startsWith(id));
const endless = 'SELECT number, sleepEachRow(0.001) AS x FROM numbers(10000000) SETTINGS max_block_size = 100';

describe('an export', () => {
  test('is the whole answer with its parameters, its hash and a manifest beside it', async () => {
    const sql = 'SELECT number AS n, {channel:String} AS channel FROM numbers(25000)';
    const { id } = await ask(sqlExport(sql, 'csv', { parameters: { channel: '=web' } }));
    const manifest = await ended(id);
    expect(manifest).toMatchObject({
      state: 'done',
      file: 'Units-by-channel-Marz.csv',
      sql,
      parameters: { channel: '=web' },
      rows: 25_000,
      columns: [
        { name: 'n', type: 'UInt64' },
        { name: 'channel', type: 'String' },
      ],
      dataAsOf: DATA_AS_OF,
      eventsBehind: 0,
      problem: null,
    });
    const answer = await get(`/v1/exports/${id}/file`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="Units-by-channel-Marz.csv"');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.length).toBe(manifest.bytes);
    const hash = createHash('sha256').update(bytes);
    expect(hash.copy().digest('hex')).toBe(manifest.sha256);
    expect(answer.headers.get('repr-digest')).toBe(`sha-256=:${hash.digest('base64')}:`);
    const rows = parse(bytes) as string[][];
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([25_001, ['n', 'channel'], ['24999', "'=web"]]);
    const beside = readFileSync(join(folder, `${id}.manifest.json`), 'utf8');
    expect(exportManifest.parse(JSON.parse(beside))).toEqual(manifest);
  });

  test('is told to its owner only; an admin sees it too, and the audit says who asked and who fetched', async () => {
    const { id } = await ask(sqlExport('SELECT 1 AS secret'));
    await ended(id);
    expect((await get(`/v1/exports/${id}`, others)).status).toBe(404);
    expect((await get(`/v1/exports/${id}/file`, others)).status).toBe(404);
    expect((await post(`/v1/exports/${id}/cancel`, {}, others)).status).toBe(404);
    expect((await (await get('/v1/exports', others)).json()).items).toEqual([]);
    expect((await (await get('/v1/exports')).json()).items[0].id).toBe(id);
    const admin = await web.signIn();
    expect((await get(`/v1/exports/${id}/file`, admin)).status).toBe(200);
    const whats: string[] = [];
    for await (const { what, detail } of web.access.audit.entries()) if (detail.includes(id)) whats.push(what);
    expect(whats).toEqual(['export.asked', 'export.made', 'export.fetched']);
  });

  test('that fails after its first rows has no file, and says why', async () => {
    const { id } = await ask(sqlExport(`SELECT throwIf(number = 900000, 'a wrong number') FROM numbers(1000000)`));
    const manifest = await ended(id);
    expect(manifest).toMatchObject({ state: 'failed', rows: 0, sha256: null });
    expect(manifest.problem).toContain('a wrong number');
    expect(filesOf(id)).toEqual([]);
    expect((await get(`/v1/exports/${id}/file`)).status).toBe(404);
  });

  test('is stopped within two seconds of being cancelled, running or waiting, and leaves nothing', async () => {
    const all = await Promise.all([1, 2, 3].map(() => ask(sqlExport(endless))));
    await expect.poll(async () => (await get(`/v1/exports/${all[0]!.id}`)).json()).toMatchObject({ state: 'running' });
    const started = performance.now();
    for (const { id } of all)
      expect((await (await post(`/v1/exports/${id}/cancel`, {})).json()).state).toBe('cancelled');
    for (const { id } of all)
      expect(await ended(id)).toMatchObject({ state: 'cancelled', problem: 'It was cancelled.' });
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect.poll(() => all.flatMap(({ id }) => filesOf(id))).toEqual([]);
  });

  test('is one of few that are not finished', async () => {
    const begun = await Promise.all([1, 2, 3, 4, 5].map(() => ask(sqlExport(endless), others)));
    const answer = await post('/v1/exports', sqlExport('SELECT 1'), others);
    expect([answer.status, (await answer.json()).title]).toEqual([429, 'Too many exports']);
    for (const { id } of begun) await post(`/v1/exports/${id}/cancel`, {}, others);
    for (const { id } of begun) await ended(id, others);
  });

  test('that takes too long, or grows too large, says which limit it met', async () => {
    const by = { id: 'ada', name: 'ada@example.com', role: 'analyst' as const };
    const over = async (sql: string, limits: Partial<ExportLimits>) => {
      const short = openOne({ limits });
      const asked = await short.start(
        { of: { kind: 'sql', question: { sql, parameters: {} } }, format: 'csv', name: 'x' },
        by,
      );
      await expect.poll(async () => (await short.find(asked!.id, by))!.state, { timeout: 20_000 }).toBe('failed');
      const { problem } = (await short.find(asked!.id, by))!;
      await short.stop();
      return problem;
    };
    expect(await over(endless, { takesMsMax: 300 })).toMatch(/longer than 0.005 minutes, the limit of an export/);
    expect(await over('SELECT randomPrintableASCII(1000) FROM numbers(5000)', { fileBytesMax: 1024 ** 2 })).toMatch(
      /larger than 1 MiB/,
    );
  });
});

test('another process that shares the folder hands the file out and cancels; an abrupt end is told', async () => {
  const other = openOne();
  const by = { id: (mine.authorization ?? '').split('_')[1]!, name: 'key', role: 'read' as const };
  const { id } = await ask(sqlExport('SELECT 7 AS seven'));
  await ended(id);
  expect(await other.open(id, by)).toMatchObject({ manifest: { rows: 1 } });
  const long = await ask(sqlExport(endless));
  await other.cancel(long.id, by);
  expect((await ended(long.id)).state).toBe('cancelled');
  const lost = { manifest: { ...long, id: 'lost', state: 'running' }, owner: by.id, aliveAt: Date.now() - 31_000 };
  await web.redis.hSet(web.keys.exports('all'), 'lost', JSON.stringify(lost));
  expect(await other.find('lost', by)).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/process.*ended/),
  });
  await other.stop();
});

test('files go when they are too old', async () => {
  const { id } = await ask(sqlExport('SELECT 1'));
  await ended(id);
  const later = openOne({ now: () => Date.now() + 8 * 86_400_000 });
  await later.tidy();
  expect(filesOf(id)).toEqual([]);
  expect((await get(`/v1/exports/${id}`)).status).toBe(404);
  await later.stop();
});

test('a name of a file is harmless on every system', () => {
  const named = ['../../etc/passwd', 'a"; filename="x', 'CON', 'Ümläute', '...', 'x'.repeat(200), 'a\r\nb'].map(
    (name) => fileName(name, 'csv'),
  );
  expect(named).toEqual([
    'etc-passwd.csv',
    'a-filename-x.csv',
    'answer-CON.csv',
    'Umlaute.csv',
    'answer.csv',
    `${'x'.repeat(80)}.csv`,
    'a-b.csv',
  ]);
});
