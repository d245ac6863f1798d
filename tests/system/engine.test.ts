import { request } from 'node:http';
import { Readable } from 'node:stream';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHistoryClient, insertLines, queryRows, runStatement } from '../../analytics/clickhouse/client.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(async () => {
  await engine?.stop();
});

const ENDLESS = 'SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))';

/** One plain HTTP request, for what the official client never does. */
function ask(path: string, body: string, signal?: AbortSignal) {
  const { url, username, password } = engine.engine;
  const auth = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return fetch(`${url}${path}`, { method: 'POST', body, headers: { authorization: auth }, signal });
}

async function running(text: string): Promise<number> {
  const rows = await queryRows<{ found: number }>(
    engine.connect(),
    'SELECT count() AS found FROM system.processes WHERE query LIKE {text:String} AND query NOT LIKE {not:String}',
    { text: `%${text}%`, not: '%system.processes%' },
  );
  return rows[0]!.found;
}

describe('the official client', () => {
  it('reads back what it inserted, in every way it can ask', async () => {
    const { client } = await engine.createDatabase();
    await runStatement(client, 'CREATE TABLE t (x UInt32, s String) ENGINE = MergeTree ORDER BY x');
    const values = [{ x: 1, s: "a ; 'FORMAT' \\ \n ☃" }];
    const { summary } = await client.insert({ table: 't', values, format: 'JSONEachRow' });
    await client.insert({ table: 't', values: [[2, 'b']], columns: ['x', 's'], format: 'JSONCompactEachRow' });
    await runStatement(client, `INSERT INTO t VALUES (3, 'c;')`);
    await client.insert({ table: 't', values: Readable.from([]), format: 'JSONEachRow' });
    expect(summary?.written_rows).toBe('1');

    const whole = await (await client.query({ query: 'SELECT * FROM t ORDER BY x', format: 'JSON' })).json<object>();
    expect(whole.data).toEqual([...values, { x: 2, s: 'b' }, { x: 3, s: 'c;' }]);
    const csv = await client.query({
      query: 'SELECT x FROM t ORDER BY x SETTINGS max_block_size = 1',
      format: 'CSVWithNames',
    });
    expect(await csv.text()).toBe('"x"\n1\n2\n3\n');
    expect(await queryRows(client, 'DESCRIBE TABLE t')).toHaveLength(2);
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
  });

  it('may pack what it sends and ask for packed answers', async () => {
    const { database } = await engine.createDatabase();
    const { url, username, password } = engine.engine;
    const packed = createClient({ url, username, password, database, compression: { request: true, response: true } });
    await packed.command({ query: 'CREATE TABLE t (s String) ENGINE = MergeTree ORDER BY s' });
    const values = Array.from({ length: 5_000 }, (_, at) => ({ s: `line ${at}` }));
    await packed.insert({ table: 't', values, format: 'JSONEachRow' });
    const answer = await packed.query({ query: 'SELECT * FROM t', format: 'JSONEachRow' });
    expect(answer.response_headers['content-encoding']).toBe('gzip');
    expect(await answer.json()).toHaveLength(5_000);
    await packed.close();
  });

  it('gets every value it gave as a parameter, whatever is in it', async () => {
    const hostile = `it's \\ \t \n \r {other:String} ' OR 1=1 -- /* \` ☃ $$x$$`;
    const params = {
      text: hostile,
      big: '18446744073709551615',
      list: ["x'y", 'a\\nb', hostile],
      at: new Date(1_700_000_000_123),
      none: null,
      ids: [1, 3],
      column: 'number',
      flag: true,
      pairs: [[1, 2], [3]],
    };
    const sql = `SELECT {text:String} AS text, toString({big:UInt64}) AS big, {list:Array(String)} AS list,
      toUnixTimestamp64Milli({at:DateTime64(3)}) AS at, {none:Nullable(String)} AS none, {flag:Bool} AS flag,
      {pairs:Array(Array(UInt8))} AS pairs, '{text:String}' AS quoted, {column:Identifier} AS n -- {text:String}
      FROM numbers(10) WHERE number IN {ids:Array(UInt64)} ORDER BY n LIMIT {limit:UInt32}`;
    const rows = await queryRows(engine.connect(), sql, { ...params, limit: 5 });
    const expected = { ...params, at: 1_700_000_000_123, ids: undefined, column: undefined, quoted: '{text:String}' };
    expect(rows).toEqual([
      { ...expected, n: 1 },
      { ...expected, n: 3 },
    ]);
  });

  it('never sees the parameters of a query that runs beside its own', async () => {
    const client = engine.connect();
    const asked = Array.from({ length: 60 }, (_, at) => `value ${at}`);
    const answers = await Promise.all(
      asked.map((given) => queryRows<{ given: string }>(client, 'SELECT {given:String} AS given', { given })),
    );
    expect(answers.map(([row]) => row!.given)).toEqual(asked);
  });

  it('gets an error of ClickHouse as one, with its number', async () => {
    const client = engine.connect();
    await expect(queryRows(client, 'SELECT nothing')).rejects.toMatchObject({ code: '47', type: 'UNKNOWN_IDENTIFIER' });
    await expect(queryRows(client, 'SELEC 1')).rejects.toMatchObject({ code: '62' });
    await expect(queryRows(client, 'SELECT {x:UInt8}')).rejects.toMatchObject({ code: '456' });
    await expect(queryRows(client, 'SELECT * FROM absent')).rejects.toMatchObject({ code: '60' });
    const broken = client.insert({ table: 'absent', values: [{ x: 1 }], format: 'JSONEachRow' });
    await expect(broken).rejects.toMatchObject({ code: '60' });
  });

  it('reads a result without an end as a stream, for as long as it likes', async () => {
    const query = 'SELECT number, toString(sipHash64(number)) AS text FROM numbers(1000000000000)';
    const answer = await engine.connect().query({ query, format: 'JSONEachRow' });
    let rows = 0;
    for await (const piece of answer.stream()) {
      rows += piece.length;
      if (rows > 2_000_000) break;
    }
    answer.close();
    expect(rows).toBeGreaterThan(2_000_000);
    await vi.waitFor(async () => expect(await running('numbers(1000000000000)')).toBe(0), { timeout: 2_000 });
  });
});

describe('one statement never reaches into the next', () => {
  it('a query that fails mid-output never leaks rows into the next answer', async () => {
    const client = engine.connect();
    const failing = 'SELECT number, throwIf(number > 250000) FROM numbers(1000000)';
    for (const format of ['JSONEachRow', 'JSON', 'CSVWithNames'] as const) {
      for (let round = 0; round < 5; round += 1) {
        const failed = client.query({ query: failing, format }).then((answer) => answer.text());
        // A streamed answer has its rows before the error, and the error at its end.
        const text = await failed.catch((error) => String(error));
        expect(text).toContain("Value passed to 'throwIf' function is non-zero");
        const next = await client.query({ query: 'SELECT 42 AS clean', format: 'JSONEachRow' });
        expect(await next.text()).toBe('{"clean":42}\n');
      }
    }
    const late = 'SELECT number, throwIf(number > 4900000) FROM numbers(5000000)';
    await expect(queryRows(client, late)).rejects.toMatchObject({ code: '395' });
  });

  it('settings of one query never reach the next, whichever way they came', async () => {
    const { client } = await engine.createDatabase();
    const threads = () => queryRows<{ n: string }>(client, `SELECT toString(getSetting('max_threads')) AS n`);
    const before = await threads();
    await runStatement(client, 'CREATE TABLE t (x UInt8) ENGINE = MergeTree ORDER BY x');
    const withSetting = [
      `SELECT toString(getSetting('max_threads')) AS n SETTINGS max_threads = 7`,
      'SET max_threads = 7',
      'INSERT INTO t SETTINGS max_threads = 7 VALUES (1)',
      'INSERT INTO t SETTINGS max_threads = 7 SELECT 1',
      'SELECT * FROM (SELECT 1 SETTINGS max_threads = 7)',
    ];
    for (const sql of withSetting) {
      for (let session = 0; session < 5; session += 1) {
        await runStatement(client, sql);
        expect(await threads()).toEqual(before);
      }
    }
    const clickhouse_settings = { max_threads: 7 };
    const given = await client.query({
      query: `SELECT toString(getSetting('max_threads')) AS n`,
      format: 'JSONEachRow',
      clickhouse_settings,
    });
    expect(await given.json()).toEqual([{ n: '7' }]);
    await client.insert({ table: 't', values: [{ x: 1 }], format: 'JSONEachRow', clickhouse_settings });
    expect(await threads()).toEqual(before);
    const refused = client.command({ query: 'CREATE TABLE u (x UInt8) ENGINE = Memory', clickhouse_settings });
    await expect(refused).rejects.toMatchObject({ code: '36' });
  });

  it('a changed database or a temporary table ends with its statement', async () => {
    const { client, database } = await engine.createDatabase();
    await runStatement(client, 'USE system');
    await runStatement(client, 'CREATE TEMPORARY TABLE passing (x UInt8)');
    for (let session = 0; session < 5; session += 1) {
      expect(await queryRows(client, 'SELECT currentDatabase() AS at')).toEqual([{ at: database }]);
      await expect(queryRows(client, 'SELECT * FROM passing')).rejects.toMatchObject({ code: '60' });
    }
    expect(await queryRows(engine.connect('default'), 'SELECT currentDatabase() AS at')).toEqual([{ at: 'tideline' }]);
  });

  it('several statements in one text, files and sessions are refused', async () => {
    const client = engine.connect();
    const several = runStatement(client, `SELECT 1; SELECT 2`);
    await expect(several).rejects.toMatchObject({ code: '62' });
    const outfile = runStatement(client, `SELECT 1 INTO OUTFILE '/tmp/tideline-never-written'`);
    await expect(outfile).rejects.toMatchObject({ code: '48' });
    await expect(client.query({ query: 'SELECT 1', session_id: 'mine' })).rejects.toMatchObject({ code: '48' });
  });
});

describe('limits', () => {
  it('wrong or missing credentials are refused before anything is read', async () => {
    const wrong = createHistoryClient({ ...engine.engine, password: 'wrong', url: engine.engine.url });
    await expect(queryRows(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '516', type: 'AUTHENTICATION_FAILED' });
    await wrong.close();
    const bare = await fetch(`${engine.engine.url}/?query=SELECT+1`);
    expect([bare.status, bare.headers.get('x-clickhouse-exception-code')]).toEqual([401, '516']);
    const keyed = await fetch(`${engine.engine.url}/?query=SELECT+1`, {
      headers: { 'X-ClickHouse-User': engine.engine.username, 'X-ClickHouse-Key': engine.engine.password },
    });
    expect(await keyed.text()).toBe('1\n');
  });

  it('abort stops the query in the engine within 2 s; one that waits never starts, and inserts go on beside them', async () => {
    const { client, database } = await engine.createDatabase();
    await runStatement(client, 'CREATE TABLE t (x UInt8) ENGINE = MergeTree ORDER BY x');
    const stop = new AbortController();
    const asked = Array.from({ length: 8 }, () => queryRows(client, ENDLESS, {}, { signal: stop.signal }));
    const ended = Promise.allSettled(asked);
    // All places are taken as soon as nobody answers a trivial question any more.
    await vi.waitFor(() => expect(ask('/', 'SELECT 1', AbortSignal.timeout(250))).rejects.toThrow('timeout'));
    await insertLines(engine.connect(database), 't', '{"x":1}', { token: 'beside them' });
    stop.abort();
    const answers = await ended;
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill('rejected'));
    await vi.waitFor(async () => expect(await running('sipHash64')).toBe(0), { timeout: 2_000, interval: 50 });
  });

  it('a reader that goes away in the middle of a result frees its session', async () => {
    const query = 'SELECT number, toString(number) AS text FROM numbers(100000000)';
    for (let reader = 0; reader < 8; reader += 1) {
      const answer = await engine.connect().query({ query, format: 'JSONEachRow' });
      await new Promise((resolve) => answer.stream().once('data', resolve));
      answer.close();
    }
    await vi.waitFor(async () => expect(await running('numbers(100000000)')).toBe(0), { timeout: 2_000, interval: 50 });
    expect(await queryRows(engine.connect(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('too many statements at once are refused with 503 and code 202, and the rest are answered', async () => {
    const slow = Array.from({ length: 90 }, () => ask('/', 'SELECT sleep(0.05)'));
    const answers = await Promise.all(slow.map(async (answer) => (await answer).status));
    expect(new Set(answers)).toEqual(new Set([200, 503]));
    expect(answers.filter((status) => status === 200).length).toBeGreaterThanOrEqual(68);
    expect(await queryRows(engine.connect(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('a query that needs too much memory fails alone', async () => {
    const hungry = `SELECT length(groupArray(number)) FROM numbers(100000000) SETTINGS max_memory_usage = 100000000`;
    await expect(queryRows(engine.connect(), hungry)).rejects.toMatchObject({ code: '241' });
    expect(await queryRows(engine.connect(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('half a request is no statement', async () => {
    const { client, database } = await engine.createDatabase();
    await runStatement(client, 'CREATE TABLE t (x UInt8) ENGINE = MergeTree ORDER BY x');
    const { url, username, password } = engine.engine;
    const half = request(`${url}/?database=${database}&query=INSERT+INTO+t+FORMAT+JSONEachRow`, {
      method: 'POST',
      auth: `${username}:${password}`,
      headers: { 'content-length': '1000' },
    });
    half.on('error', () => {});
    await new Promise((resolve) => half.write('{"x":1}\n', resolve));
    half.destroy();
    expect(await queryRows(client, 'SELECT count() AS found FROM t')).toEqual([{ found: 0 }]);
  });
});
