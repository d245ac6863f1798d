/** The command line to somebody new: every mistake gets one message that says what to do, and an exit code. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tideline } from '../support/command-line.ts';
import { partOf } from '../support/how-much.ts';
import { describeServer, makeDataDir, type ServerProcess } from '../support/running-tideline.ts';

const folder = makeDataDir();
const inFolder = (name: string) => join(folder.path, name);
afterAll(() => folder.remove());

/** Stack traces are for faults of ours. */
const expectOneMessage = (err: string, words: RegExp) => {
  expect(err).toMatch(words);
  expect(err).not.toMatch(/^\s+at /m);
  expect(err.trim().split('\n').length).toBeLessThanOrEqual(3);
};

describe('without a running Tideline', () => {
  test('--help lists all commands, and start every option with its variable', async () => {
    const [all, start] = await Promise.all([tideline(['--help']), tideline(['start', '--help'])]);
    expect([all.code, start.code]).toEqual([0, 0]);
    for (const command of ['start', 'replay', 'simulate', 'keys', 'rebuild', 'doctor', 'query']) {
      expect(all.out).toContain(`  ${command}`);
    }
    const words = start.out.replace(/\s+/g, ' ');
    for (const name of [
      'TIDELINE_PORT',
      'TIDELINE_DATA_DIR',
      'TIDELINE_DEMO',
      'REDIS_URL',
      'CLICKHOUSE_URL',
      'TIDELINE_ROLES',
    ]) {
      expect(words).toContain(name);
    }
  });

  test.each(
    partOf<[string[], RegExp]>(
      [
        [['sail'], /unknown command 'sail'/],
        [['start', '--port', '99999'], /whole number from 1 to 65535/],
        [['start', '--roles', 'web,sailor'], /"sailor" is not one of web, ingest, process, history, jobs/],
        [['start', '--redis-url', 'ftp://here'], /must be an address that begins with redis:/],
        [['start', '--trusted-proxies', 'many'], /whole number from 0/],
        [['rebuild'], /required option '--verify'/],
        [['simulate', '--speed', '-1'], /number from 0.1/],
        [['simulate'], /a key is needed/],
        [['query'], /Nothing was asked.*SELECT in quotes, or --measure/],
        [['query', 'SELECT 1', '--measure', 'units'], /either in SQL or by --measure/],
        [['query', 'SELECT 1', '--format', 'xlsx'], /xlsx is not for a screen.*--output answer.xlsx/],
        [['query', 'SELECT 1', '--format', 'word'], /Allowed choices are table, csv, json, tsv, parquet, arrow, xlsx/],
        [['query', 'SELECT 1', '--param', 'sku'], /must be like name=value/],
        [['query', '--measure', 'units', '--last', 'long'], /must be like 24h, 28d/],
        [['query', '--measure', 'units', '--where', 'channel'], /--where channel must be like channel=web/],
        [['query', 'SELECT 1', '--url', 'http://127.0.0.1:1'], /A read key is needed/],
        [['query', 'SELECT 1', '--url', 'http://127.0.0.1:1', '--key', 'x'], /127.0.0.1:1 does not answer/],
      ],
      3,
    ),
  )('%s is refused with what is possible', async (words, message) => {
    const { code, err } = await tideline(words);
    expectOneMessage(err, message);
    expect(code).toBe(1);
  });

  test.each([
    ['keys', 'list'],
    ['query', 'SELECT 1'],
    ['rebuild', '--verify'],
  ])('%s says that nothing runs, and leaves nothing behind', async (...words) => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tideline-rebuild-')).length;
    const before = left();
    const { code, err } = await tideline([...words, '--data-dir', inFolder('nothing')]);
    expectOneMessage(err, /No Tideline runs on .*npm start/);
    expect(code).toBe(1);
    expect(left()).toBe(before);
  });

  test('doctor says it too, also of a folder that is not there yet', async () => {
    const { code, out, err } = await tideline(['doctor', '--data-dir', inFolder('nothing')]);
    expect(out).toMatch(/PROBLEM {2}Redis .*No Tideline runs/);
    expect(err).toBe('');
    expect(code).toBe(1);
  });

  test('replay without a server, a key, a mapping or a file says which', async () => {
    const csv = inFolder('orders.csv');
    writeFileSync(csv, 'a,b\n1,2\n');
    const place = ['--data-dir', inFolder('nothing')];
    const noKey = await tideline(['replay', csv, '--mapping', 'online-retail', ...place]);
    expectOneMessage(noKey.err, /No key: start Tideline/);
    const noMapping = await tideline(['replay', csv, '--mapping', 'of-nobody', ...place]);
    expectOneMessage(noMapping.err, /There is no mapping "of-nobody"/);
    const noFile = await tideline([
      'replay',
      inFolder('lost.csv'),
      '--mapping',
      'online-retail',
      '--key',
      'x',
      ...place,
    ]);
    expectOneMessage(noFile.err, /lost\.csv/);
    expect([noKey.code, noMapping.code, noFile.code]).toEqual([2, 2, 2]);
  });

  test('a taken port, a file where the folder should be and a Redis that is not there are told at the start', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address() as { port: number };
    writeFileSync(inFolder('a-file'), '');
    mkdirSync(inFolder('fine'));
    const start = (...words: string[]) => tideline(['start', '--no-demo', ...words]);
    const [port, file, redis] = await Promise.all([
      start('--port', String(address.port), '--data-dir', inFolder('fine')),
      start('--port', '29998', '--data-dir', inFolder('a-file')),
      start(
        '--roles',
        'ingest',
        '--data-dir',
        inFolder('no-redis'),
        '--redis-url',
        'redis://u:hidden@127.0.0.1:1',
        '--clickhouse-url',
        'http://127.0.0.1:1',
      ),
    ]);
    taken.close();
    expectOneMessage(port.err, /Port \d+ is taken.*choose another port/);
    expectOneMessage(file.err, /a-file cannot be a folder.*--data-dir/);
    expectOneMessage(redis.err, /Redis at redis:\/\/127\.0\.0\.1:1 cannot be used.*--redis-url/);
    expect(redis.err).not.toContain('hidden');
    expect([port.code, file.code, redis.code]).toEqual([1, 1, 1]);
  });
});

describe('beside a running Tideline', () => {
  const data = join(folder.path, 'data');
  const place = ['--data-dir', data];
  let server: ServerProcess;

  beforeAll(async () => {
    mkdirSync(data);
    server = await describeServer({ dataDir: data });
    await server.start();
  }, 90_000);
  afterAll(async () => void (await server?.end('SIGTERM')));

  test('a second start on the same folder says why it cannot be', async () => {
    const { code, err } = await tideline(['start', '--no-demo', '--port', '29997', ...place]);
    expectOneMessage(err, /already|running|in use/i);
    expect(code).toBe(1);
    expect((await fetch(`${server.url}/v1/ready`)).ok).toBe(true);
  });

  test('a key is printed alone on its line, works, is listed without its secret, and ends when it is revoked', async () => {
    const made = await tideline(['keys', 'create', 'web-shop', '--scope', 'read', ...place]);
    const key = made.out.trim();
    expect(key).toMatch(/^tl_\S+$/);
    const ask = () => fetch(`${server.url}/v1/orders`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask()).status).toBe(200);
    const list = await tideline(['keys', 'list', ...place]);
    expect(list.out).toContain('web-shop');
    const [, id = '', secret = 'none'] = key.split('_');
    expect(list.out).not.toContain(secret);
    const revoked = await tideline(['keys', 'revoke', id, ...place]);
    expect(revoked.code).toBe(0);
    expect((await ask()).status).toBe(401);
    const again = await tideline(['keys', 'revoke', 'nobody', ...place]);
    expectOneMessage(again.err, /There is no key nobody/);
    expect(again.code).toBe(1);
  });

  test('a query answers in the form asked for; a wrong one says what is wrong; none may write', async () => {
    const [right, wrong, writing] = await Promise.all([
      tideline(['query', 'SELECT 1 AS one', '--format', 'csv', ...place]),
      tideline(['query', 'SELECT nothing FROM nowhere', ...place]),
      tideline(['query', 'DROP TABLE events', '--raw', ...place]),
    ]);
    expect([right.code, wrong.code, writing.code]).toEqual([0, 1, 1]);
    expect(right.out).toBe('"one"\n1\n');
    expectOneMessage(wrong.err, /The query failed: .*nowhere/);
    expectOneMessage(writing.err, /The query failed: Only questions are answered/);
  });

  test('a query reads the views, with values beside the text, and the tables only when told', async () => {
    const [valued, view, table, raw, shown] = await Promise.all([
      tideline([
        'query',
        'SELECT {a:UInt8} + {b:UInt8} AS sum, {c:String} AS text',
        '--param',
        'a=2',
        '--param',
        'b=3',
        '--param',
        "c=it's",
        '--format',
        'json',
        ...place,
      ]),
      tideline(['query', 'SELECT count() FROM orders;', '--format', 'tsv', ...place]),
      tideline(['query', 'SELECT count() FROM facts', ...place]),
      tideline(['query', 'SELECT count() FROM facts', '--raw', '--format', 'tsv', ...place]),
      tideline(['query', 'SHOW TABLES', '--format', 'tsv', ...place]),
    ]);
    expect(JSON.parse(valued.out)).toMatchObject({ text: "it's" });
    expect(Number(JSON.parse(valued.out).sum)).toBe(5);
    expect([view.out, raw.out]).toEqual(['count()\n0\n', 'count()\n0\n']);
    expectOneMessage(table.err, /The query failed: .*facts/);
    expect(shown.out).toContain('orders\n');
    expect(shown.out).not.toContain('facts');
  });

  test('a query by measures is answered, and shows its SQL', async () => {
    const words = ['query', '--measure', 'units,orders', '--by', 'channel', '--last', '7d', ...place];
    const [answer, sql, wrong] = await Promise.all([
      tideline([...words, '--format', 'csv']),
      tideline([...words, '--show-sql']),
      tideline(['query', '--measure', 'sunshine', ...place]),
    ]);
    expect([answer.code, answer.err]).toEqual([0, '']);
    expect(answer.out.split('\n')[0]).toMatch(/channel.*units.*orders/);
    expect(sql.out).toMatch(/FROM kpi_(days|hours|minutes)/);
    expectOneMessage(wrong.err, /The query failed: .*sunshine/);
  });

  test('a file is written whole with its manifest beside it, and never over another', async () => {
    const rows = 'SELECT number AS n FROM numbers(1000)';
    for (const name of ['answer.csv', 'answer.xlsx', 'answer.parquet']) {
      const { code, err } = await tideline(['query', rows, '--output', inFolder(name), ...place]);
      expect([code, err]).toEqual([0, expect.stringContaining('1000 rows')]);
      const manifest = JSON.parse(readFileSync(inFolder(`${name}.manifest.json`), 'utf8'));
      expect(manifest).toMatchObject({
        sql: rows,
        rows: 1000,
        columns: [{ name: 'n', type: 'UInt64' }],
        eventsBehind: 0,
      });
      const hash = createHash('sha256')
        .update(readFileSync(inFolder(name)))
        .digest('hex');
      expect(manifest.sha256).toBe(hash);
    }
    const again = await tideline(['query', rows, '--output', inFolder('answer.csv'), ...place]);
    expectOneMessage(again.err, /is there already/);
    const late = await tideline([
      'query',
      'SELECT throwIf(number = 900000) FROM numbers(1000000)',
      '--output',
      inFolder('late.csv'),
      ...place,
    ]);
    expect([late.code, existsSync(inFolder('late.csv'))]).toEqual([1, false]);
  });

  test('doctor finds nothing wrong, and rebuild --verify finds the empty states equal', async () => {
    const [doctor, rebuild] = await Promise.all([
      tideline(['doctor', ...place]),
      tideline(['rebuild', '--verify', ...place]),
    ]);
    expect(doctor.out).not.toContain('PROBLEM');
    expect(rebuild.out + rebuild.err).toContain(' 0 differ');
    expect([doctor.code, rebuild.code]).toEqual([0, 0]);
    expect(existsSync(data)).toBe(true);
  });
});
