/** Labs against questions that nobody has guarded: what the walls around them hold by themselves. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLabEngine, snapshotsOf } from '../../analytics/analyst-sql/lab/lab-engine.ts';
import { type LabsOptions, openLabs } from '../../analytics/analyst-sql/lab/labs.ts';
import { sandboxMissing } from '../../analytics/analyst-sql/lab/sandbox.ts';
import { insertLines, queryRows, runStatement } from '../../analytics/clickhouse/client.ts';
import { createGuard, guardEngineOf } from '../../analytics/guard/index.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { corpusSchema, corpusStatements, readCorpus } from '../support/guard/corpus.ts';
import { partOf } from '../support/how-much.ts';
import { until } from '../support/running-tideline.ts';

const MIB = 1024 ** 2;
const SECONDS_MAX = 4;
/** A question is told to end, and its process is ended a second later; the rest is a busy machine. */
const END_MS_MAX = SECONDS_MAX * 1_000 + 6_000;
const told: string[] = [];
const logger = {
  info: (_: object, words: string) => void told.push(words),
  warn: (fields: object, words: string) => void told.push(`${words} ${JSON.stringify(fields)}`),
};

let engine: TestEngine;
let options: LabsOptions;
let isShutIn = sandboxMissing() === null;

beforeAll(async () => {
  engine = await startTestEngine();
  for (const statement of corpusStatements(30_000)) await runStatement(engine.connect('default'), statement);
  options = {
    takeSnapshot: snapshotsOf(engine.engine),
    readFrom: async () => ({ seq: 1, asOf: 1 }),
    historyDatabase: 'raw',
    opsDatabase: 'ops',
    limits: { memoryBytesMax: 512 * MIB, threadsMax: 1, secondsMax: 60, bytesReadMax: 10_000 * MIB },
    freshMs: 600_000,
    niceness: 0,
    logger,
  };
}, 120_000);
afterAll(() => engine.stop());

async function ask(desk: ReturnType<typeof openLabEngine>, canonical: string, seconds = SECONDS_MAX, bytesMax = MIB) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), seconds * 1_000);
  let text = '';
  const startedAt = { at: performance.now() };
  try {
    await desk.run({
      canonical,
      person: 'test',
      format: 'TSV',
      signal: ending.signal,
      onStart: () => {
        startedAt.at = performance.now();
      },
      onPiece: (piece) => {
        text += piece.toString('latin1');
        if (text.length > bytesMax) ending.abort();
      },
    });
    return { text, error: '', ms: performance.now() - startedAt.at };
  } catch (error) {
    return { text, error: String((error as Error).message), ms: performance.now() - startedAt.at };
  } finally {
    clearTimeout(timer);
  }
}

describe('a lab', () => {
  test('has no files, no network, no environment, and nothing it could write', async ({ skip }) => {
    const desk = openLabEngine(options);
    try {
      expect((await ask(desk, 'SELECT 1', 60)).text).toBe('1\n');
      if (desk.labs.isolation() === 'bare') {
        isShutIn = false;
        skip(`this machine cannot shut labs in: ${desk.labs.lacks().join(', ')}`);
      }
      expect((await ask(desk, `SELECT file('/etc/passwd')`)).error).toMatch(/No such file/);
      expect((await ask(desk, `SELECT file('/proc/self/environ')`)).error).toMatch(/No such file/);
      expect((await ask(desk, `SELECT file('${process.execPath}')`)).error).toMatch(/No such file/);
      const [group] = desk.labs.running();
      const [inner] = childrenOf(group!);
      const environment = readFileSync(`/proc/${inner}/environ`, 'utf8').split('\0').filter(Boolean);
      expect(environment.sort()).toEqual(['TZ=UTC', expect.stringMatching(/^UV_THREADPOOL_SIZE=\d+$/)]);
      expect(readFileSync(`/proc/${inner}/net/dev`, 'utf8').match(/\w+:/g)).toEqual(['lo:']);
      expect(readFileSync(`/proc/${inner}/status`, 'utf8')).toMatch(/CapBnd:\s+0+\n[\s\S]*NoNewPrivs:\s+1/);
      const writable = readFileSync(`/proc/${inner}/mountinfo`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' '))
        .filter(([, , , , , how]) => how!.split(',').includes('rw'))
        .map((fields) => fields.at(-3));
      // What can be written is memory: the engine's own folder, the pipe of answers, the two devices.
      expect(new Set(writable)).toEqual(new Set(['overlay', 'tmpfs', expect.stringMatching(/devtmpfs|tmpfs/)]));
      const [shown] = desk.labs.snapshotPaths();
      for (const path of ['/written', join(shown!, 'written'), '/tmp/written']) {
        await ask(desk, `SELECT 1 INTO OUTFILE '${path}' FORMAT CSV UNION ALL SELECT 1`);
        expect(existsSync(path)).toBe(false);
      }
    } finally {
      await desk.stop();
    }
  }, 90_000);

  test('that is not shut in says so, and answers', async () => {
    const desk = openLabEngine({ ...options, isolation: 'bare' });
    try {
      expect((await ask(desk, 'SELECT count() FROM ops.events', 60)).text).toBe('30000\n');
      expect(desk.status().lacks.join()).toContain('a network and a file system of its own');
      expect(told).toContain('questions of analysts run in labs');
    } finally {
      await desk.stop();
    }
  }, 60_000);

  test('ends with whoever started it, and leaves nothing', async () => {
    const desk = openLabEngine(options);
    await ask(desk, 'SELECT 1', 60);
    const [group] = desk.labs.running();
    const family = [group!, ...childrenOf(group!)];
    expect(family.every((pid) => existsSync(`/proc/${pid}`))).toBe(true);
    process.kill(group!, 'SIGKILL');
    await until('its processes are gone', 5_000, () => family.every((pid) => isGone(pid)));
    await desk.stop();
    const left = () => readdirSync(join(engine.dataDir, 'snapshots'));
    await until('its snapshot is gone', 10_000, () => left().length === 0);
  }, 60_000);
});

describe('a bomb', () => {
  test('ends within its limits, with a reason, while somebody else is answered', async () => {
    const desk = openLabEngine(options);
    const guard = createGuard({ engine: guardEngineOf(engine.connect('ops')), schema: corpusSchema });
    const corpus = partOf(readCorpus()?.filter(({ mustBe }) => mustBe === 'bounded') ?? [], 3);
    if (corpus.length === 0) console.info('sql-attacks.json is not here: only our own bombs are tried');
    const bombs = [...corpus, ...ownBombs.map((sql) => ({ name: sql, sql }))];
    const slow: string[] = [];
    const ended: string[] = [];
    let answered = 0;
    let over = false;
    const others = (async () => {
      while (!over) {
        const { text, error } = await ask(desk, 'SELECT count() FROM ops.stock', 30);
        if (!/^\d+\n$/.test(text)) slow.push(`somebody else: ${error}`);
        answered += 1;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    })();
    try {
      for (const { name, sql } of bombs) {
        const verdict = await guard.check(sql);
        const { error, ms } = await ask(desk, verdict.canonical ?? sql);
        ended.push(
          `${verdict.canonical === null ? 'refused by the guard, ' : ''}${Math.round(ms)} ms: ${name}: ${error}`,
        );
        if (ms > END_MS_MAX) slow.push(ended.at(-1)!);
      }
    } finally {
      over = true;
      await others;
      await desk.stop();
    }
    console.info(ended.map((line) => line.slice(0, 160)).join('\n'));
    expect(slow).toEqual([]);
    expect(answered).toBeGreaterThan(3);
    expect(await queryRows(engine.connect('ops'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }, 300_000);

  test('that does not listen is killed, and another question goes on', async () => {
    const desk = openLabEngine(options);
    try {
      const [long, deaf] = await Promise.all([
        ask(desk, 'SELECT sum(sleepEachRow(0.1)) FROM numbers(40) SETTINGS max_block_size = 1', 60).catch(() => null),
        (async () => {
          await ask(desk, 'SELECT 1', 60);
          return ask(desk, 'SELECT arraySum(arrayMap(x -> arrayCount(y -> y = x, range(200000)), range(200000)))', 1);
        })(),
      ]);
      expect(deaf.error).toMatch(/cancelled|limit/i);
      expect(deaf.ms).toBeLessThan(1_000 + 2_000 + 3_000);
      expect(long).not.toBeNull();
    } finally {
      await desk.stop();
    }
  }, 90_000);
});

describe('a snapshot', () => {
  test('taken while the engine writes holds each insert in all tables or in none, twelve times of twelve', async () => {
    const { client, database } = await engine.createDatabase();
    const settings = 'ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100';
    await runStatement(client, 'CREATE TABLE source (n UInt64, text String) ENGINE = Null');
    for (const table of ['one', 'two', 'three']) {
      await runStatement(client, `CREATE TABLE ${table} (n UInt64, text String) ${settings}`);
      await runStatement(client, `CREATE MATERIALIZED VIEW to_${table} TO ${table} AS SELECT n, text FROM source`);
    }
    let written = 0;
    let last = { rows: '', token: '' };
    let over = false;
    const writing = (async () => {
      for (let batch = 0; !over; batch++) {
        const rows = Array.from({ length: 200 }, (_, at) =>
          JSON.stringify({ n: batch * 200 + at, text: 'x'.repeat(at) }),
        );
        await insertLines(client, 'source', rows.join('\n'), { token: `batch-${batch}` });
        written += rows.length;
        last = { rows: rows.join('\n'), token: `batch-${batch}` };
        if (batch % 5 === 4) await runStatement(client, 'OPTIMIZE TABLE two FINAL');
      }
    })();
    const seen: string[] = [];
    const heldMs: number[] = [];
    try {
      for (let taken = 0; taken < 12; taken++) {
        const before = written;
        const labs = openLabs({
          ...options,
          opsDatabase: database,
          historyDatabase: database,
          isolation: isShutIn ? 'sandbox' : 'bare',
          takeSnapshot: async (name, linking) => {
            const snapshot = await options.takeSnapshot(name, linking);
            heldMs.push((snapshot as unknown as { heldMs: number }).heldMs);
            return snapshot;
          },
        });
        const text: Buffer[] = [];
        await labs.use((lab) =>
          lab.ask(
            { sql: sums, format: 'TSV' },
            { signal: AbortSignal.timeout(30_000), onPiece: (piece) => void text.push(piece) },
          ),
        );
        await labs.stop();
        const [one, two, three] = Buffer.concat(text).toString().trim().split('\n');
        expect([two, three]).toEqual([one, one]);
        const count = Number(one!.split('\t')[0]);
        expect(count).toBeGreaterThanOrEqual(before);
        expect(one).toBe(`${count}\t${(count * (count - 1)) / 2}`);
        seen.push(one!);
      }
    } finally {
      over = true;
      await writing;
    }
    expect(new Set(seen).size).toBeGreaterThan(6);
    console.info(`inserts were held for ${heldMs.map((ms) => Math.round(ms)).join(', ')} ms`);
    // The engine that writes still knows what it has: no lab has written into its logs.
    await insertLines(client, 'source', last.rows, { token: last.token });
    expect(await queryRows(client, 'SELECT toUInt32(count()) AS n FROM one')).toEqual([{ n: written }]);
  }, 200_000);
});

const sums = ['one', 'two', 'three'].map((table) => `SELECT count(), sum(n) FROM ${table}`).join(' UNION ALL ');

const ownBombs = [
  'SELECT count() FROM events a CROSS JOIN events b CROSS JOIN events c',
  'SELECT groupArray(payload) FROM events a CROSS JOIN stock b',
  'SELECT sum(cityHash64(number)) FROM (SELECT arrayJoin(range(100000000)) AS number)',
  'SELECT repeat(repeat(payload, 10000), 10000) FROM events',
];

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function isGone(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
