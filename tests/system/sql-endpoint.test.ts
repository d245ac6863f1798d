/** Read-only SQL for BI tools: the official client, curl's forms, what drivers ask first, and what is refused. */
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { createGuard, guardEngineOf } from '../../analytics/guard/index.ts';
import { readDriverQuestion } from '../../analytics/sql/driver-questions.ts';
import { opsDatabaseOf, views } from '../../analytics/views/index.ts';
import { type AnswerWhole, CannotAnswer } from '../../server/exports/whole.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type FilledHistory, fillHistory } from '../support/filled-history.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';
import { wholeOfEngine } from '../support/whole-of-engine.ts';

let redisServer: TestRedis;
let engine: TestEngine;
let filled: FilledHistory;
let web: TestWeb;
let key: string;
let database: string;

beforeAll(async () => {
  [redisServer, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  filled = await fillHistory(engine, 7);
  database = opsDatabaseOf(filled.database);
  const guard = createGuard({ engine: guardEngineOf(filled.ops), schema: { database, views } });
  const engineAnswers = wholeOfEngine(filled.ops, Date.UTC(2026, 2, 1));
  // The guard stands in front here as it does in the server.
  const answerWhole: AnswerWhole = async (of, by, format, signal) => {
    if (of.kind !== 'sql') throw new CannotAnswer('There is no builder here.');
    const verdict = await guard.check(of.question.sql, of.question.parameters);
    if (verdict.canonical === null) throw new CannotAnswer(verdict.faults.map(({ what }) => what).join(' '));
    return engineAnswers({ kind: 'sql', question: { sql: verdict.canonical, parameters: {} } }, by, format, signal);
  };
  const readModel = { answerWhole, opsDatabase: database } as ReadModel;
  web = await startTestWeb(redisServer, { ingestion: false, app: { readModel } });
  key = await web.readKey();
});
afterAll(async () => {
  await web?.stop();
  await Promise.all([engine?.stop(), redisServer?.stop()]);
});

const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`metabase:${password}`).toString('base64')}`,
});
const bi = (query: string, init: RequestInit = {}) => fetch(`${web.url}/bi${query}`, { headers: basic(key), ...init });
const asked = (sql: string) => `?query=${encodeURIComponent(sql)}`;

describe('the official client', () => {
  test('pings, reads rows with parameters, and streams', async () => {
    const client = createClient({
      url: web.url,
      pathname: '/bi',
      username: 'any',
      password: key,
      log: { level: ClickHouseLogLevel.OFF },
    });
    expect(await client.ping()).toMatchObject({ success: true });
    const sql =
      'SELECT channel, count() AS orders FROM orders WHERE channel IN {channels:Array(String)} OR {all:UInt8} = 1 GROUP BY channel ORDER BY channel';
    const answer = await client.query({
      query: sql,
      query_params: { channels: ['web'], all: 1 },
      format: 'JSONEachRow',
    });
    const expected = await queryRows(
      filled.ops,
      'SELECT channel, count() AS orders FROM orders GROUP BY channel ORDER BY channel',
    );
    const numbered = (rows: unknown) =>
      (rows as { channel: string; orders: string }[]).map((row) => ({ ...row, orders: Number(row.orders) }));
    expect(numbered(await answer.json())).toEqual(numbered(expected));
    let streamed = 0;
    const events = await client.query({ query: 'SELECT seq FROM events', format: 'JSONCompactEachRow' });
    for await (const rows of events.stream()) streamed += rows.length;
    expect(streamed).toBe(filled.shop.facts.length);
    await client.close();
  });

  test('is told what is wrong in the words of ClickHouse', async () => {
    const client = createClient({
      url: web.url,
      pathname: '/bi',
      username: 'any',
      password: key,
      log: { level: ClickHouseLogLevel.OFF },
    });
    await expect(client.query({ query: `SELECT * FROM file('/etc/passwd')` })).rejects.toMatchObject({ code: '497' });
    await expect(client.query({ query: 'SELECT 1', format: 'Pretty' as 'JSON' })).rejects.toMatchObject({ code: '73' });
    await expect(client.query({ query: 'SELECT nothing FROM orders' })).rejects.toThrow(/nothing/);
    await client.close();
  });
});

describe('plain HTTP', () => {
  const sql = 'SELECT sku, count() AS lines FROM order_lines GROUP BY sku ORDER BY sku LIMIT 2';

  test.each([
    ['in the address', () => bi(asked(`${sql} FORMAT JSONCompact`))],
    ['in the body', () => bi('', { method: 'POST', body: `${sql} FORMAT JSONCompact;` })],
    [
      'in both',
      () =>
        bi(`${asked('SELECT sku,')}&default_format=JSONCompact`, {
          method: 'POST',
          body: sql.slice('SELECT sku,'.length),
        }),
    ],
    [
      'with the key in a header',
      () => bi(asked(`${sql} FORMAT JSONCompact`), { headers: { 'x-clickhouse-user': 'x', 'x-clickhouse-key': key } }),
    ],
    ['with a bearer', () => bi(asked(`${sql} FORMAT JSONCompact`), { headers: { authorization: `Bearer ${key}` } })],
  ])('%s', async (_, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-clickhouse-format')).toBe('JSONCompact');
    expect(answer.headers.get('x-tideline-data-as-of')).toBe('2026-03-01T00:00:00.000Z');
    expect((await answer.json()).data).toHaveLength(2);
  });

  test.each([
    'CSVWithNames',
    'TabSeparatedWithNamesAndTypes',
    'RowBinaryWithNamesAndTypes',
    'Native',
    'Parquet',
    'Arrow',
  ])('answers %s as the engine writes it', async (format) => {
    const answer = await bi(asked(`${sql} FORMAT ${format}`));
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.status).toBe(200);
    expect(bytes.length).toBeGreaterThan(0);
    if (format === 'Parquet') expect(bytes.toString('latin1', 0, 4)).toBe('PAR1');
    if (format === 'CSVWithNames') expect(bytes.toString().split('\n')[0]).toBe('"sku","lines"');
    if (format === 'RowBinaryWithNamesAndTypes') expect(bytes.toString('latin1')).toContain('UInt64');
  });

  test('/v1/sql answers JSON and CSV, and says what is refused as a problem', async () => {
    const post = (body: object) =>
      fetch(`${web.url}/v1/sql`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      });
    const json = await (await post({ sql, parameters: {} })).json();
    expect(json.meta.map(({ name }: { name: string }) => name)).toEqual(['sku', 'lines']);
    const csv = await post({ sql, format: 'csv' });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect((await csv.text()).split('\n')[0]).toBe('"sku","lines"');
    const refused = await post({ sql: 'SELECT * FROM system.users' });
    expect(refused.status).toBe(400);
    expect((await refused.json()).title).toBe('This cannot be asked');
  });
});

describe('who may ask', () => {
  test.each([
    ['nobody', {}],
    ['a wrong key', basic('tl_000000000000_nothing')],
    ['a key in the address', {}, '&password=KEY'],
  ])('%s is refused', async (_, headers, more = '') => {
    const answer = await bi(`${asked('SELECT 1')}${more.replace('KEY', key)}`, { headers });
    expect(answer.status).toBe(401);
  });

  test('a key in the address is refused even beside a right one, and is not repeated', async () => {
    const answer = await bi(`${asked('SELECT 1')}&password=${key}`);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([400, '516']);
    expect(text).not.toContain(key);
    expect(web.logged.join('')).not.toContain(key);
  });

  test('an ingest key may not, and a cookie is no key', async () => {
    expect((await bi(asked('SELECT 1'), { headers: basic(await web.ingestKey('shop')) })).status).toBe(403);
    expect((await bi(asked('SELECT 1'), { headers: await web.signIn() })).status).toBe(401);
  });
});

describe('what drivers ask first', () => {
  const rowsOf = async (sql: string): Promise<string[][]> => {
    const answer = await bi(asked(`${sql} FORMAT JSONCompactEachRow`));
    const text = await answer.text();
    expect([answer.status, answer.status === 200 ? '' : text]).toEqual([200, '']);
    return text
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string[]);
  };

  test('who they speak to', async () => {
    expect(await rowsOf('SELECT currentUser() AS user, timezone() AS timezone, version() AS version LIMIT 1')).toEqual([
      [expect.stringMatching(/^key /), 'UTC', '26.7.2.1'],
    ]);
    expect(await rowsOf('SELECT currentDatabase()')).toEqual([[database]]);
    expect(await rowsOf('SHOW DATABASES')).toEqual([[database]]);
  });

  test('which tables there are, and which columns they have', async () => {
    const names = views.map(({ name }) => [name]);
    expect(await rowsOf('SHOW TABLES')).toEqual(names);
    expect(await rowsOf(`SELECT name FROM system.tables WHERE database = '${database}'`)).toEqual(names);
    const columns = views.find(({ name }) => name === 'orders')!.columns.map(({ name, type }) => [name, type]);
    expect(
      await rowsOf(
        `SELECT c.name, c.type FROM "system"."columns" AS c WHERE c.table = 'orders' ORDER BY toUInt32(position)`,
      ),
    ).toEqual(columns);
    expect((await rowsOf(`DESCRIBE TABLE \`${database}\`.\`orders\``)).map((row) => row.slice(0, 2))).toEqual(columns);
    expect(
      await rowsOf(
        `SELECT t.name, count() FROM system.tables t LEFT JOIN system.columns c ON c.table = t.name WHERE t.name = 'orders' GROUP BY t.name`,
      ),
    ).toEqual([['orders', expect.anything()]]);
  });

  test('rows of a table by its full name', async () => {
    const all = String(filled.shop.facts.length);
    expect((await rowsOf(`SELECT count() FROM "${database}"."events"`)).flat().map(String)).toEqual([all]);
    expect((await rowsOf('SELECT count() FROM default.events AS e WHERE e.seq > 0')).flat().map(String)).toEqual([all]);
    expect((await bi(asked('SELECT count() FROM tideline.facts'))).status).toBe(400);
  });

  test('texts that only look like them stay as they are', () => {
    const told = { database: 'ops', views, user: 'ada' };
    const sql = `SELECT 'version() FROM system.tables' AS a, x.version FROM orders AS x`;
    expect(readDriverQuestion(`${sql} FORMAT JSON`, told)).toEqual({ sql, parameters: {}, format: 'JSON' });
    expect(readDriverQuestion('SELECT format FROM t', told)).toEqual({
      sql: 'SELECT format FROM t',
      parameters: {},
      format: null,
    });
  });
});
