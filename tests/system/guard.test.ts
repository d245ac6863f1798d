/** The guard in front of analysts' SQL: what may not run is refused, what may runs and says the same. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HistoryClient, queryRows, runStatement } from '../../analytics/clickhouse/client.ts';
import { allowedFunctions, engineVersion } from '../../analytics/guard/allowed-functions.ts';
import { wordsOf } from '../../analytics/guard/functions.ts';
import { createGuard, type Guard, guardEngineOf } from '../../analytics/guard/index.ts';
import { refusedFunctions } from '../../analytics/guard/refused-functions.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { attacks, harmless } from '../support/guard/attacks.ts';
import { corpusSchema, corpusStatements, readCorpus } from '../support/guard/corpus.ts';

let engine: TestEngine;
let ops: HistoryClient;
let guard: Guard;

beforeAll(async () => {
  engine = await startTestEngine();
  const owner = engine.connect();
  for (const statement of corpusStatements(2_000)) await runStatement(owner, statement);
  ops = engine.connect('ops');
  guard = createGuard({ engine: guardEngineOf(ops), schema: corpusSchema });
});
afterAll(() => engine?.stop());

/** The texts that were not refused. */
async function passed(texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const text of texts) if ((await guard.check(text)).canonical !== null) found.push(text);
  return found;
}

const answerOf = async (sql: string): Promise<string> => JSON.stringify(await queryRows(ops, sql));

describe('a corpus of attacks', () => {
  const corpus = readCorpus();
  test.skipIf(corpus === null)('every attack is refused with a reason, every bomb is left to the limits', async () => {
    const bombsRefused: string[] = [];
    for (const { name, sql, mustBe } of corpus!) {
      const { canonical, faults } = await guard.check(sql);
      if (mustBe === 'rejected') expect([name, canonical]).toEqual([name, null]);
      if (mustBe === 'rejected') expect([name, faults.length > 0]).toEqual([name, true]);
      if (mustBe === 'bounded' && canonical === null) bombsRefused.push(name);
    }
    expect(bombsRefused).toEqual([
      'recursive CTE without end',
      'bar with a huge width',
      'seriesDecomposeSTL with a huge period',
    ]);
  });

  test.skipIf(corpus === null)(
    'every question that is fine says what it would have said without the guard',
    async () => {
      const questions = corpus!.filter(({ mustBe }) => mustBe === 'allowed');
      expect(questions.length).toBeGreaterThan(15);
      for (const { name, sql } of questions) {
        const { canonical, faults } = await guard.check(sql);
        expect([name, faults]).toEqual([name, []]);
        expect([name, await answerOf(canonical!)]).toEqual([name, await answerOf(sql)]);
      }
    },
  );
});

describe('attacks of our own', () => {
  test.each(Object.entries(attacks))('%s: refused', async (_, texts) => {
    expect(await passed(texts)).toEqual([]);
  });

  test('questions that use much of the language pass and can be answered', async () => {
    for (const sql of harmless) {
      const { canonical, faults } = await guard.check(sql);
      expect([sql, faults]).toEqual([sql, []]);
      await expect(queryRows(ops, canonical!), sql).resolves.toBeInstanceOf(Array);
    }
  });
});

describe('faults help', () => {
  test.each([
    ['SELECT *\nFROM order', 'there is no view `order`', 'did you mean `orders`?', 2, 6],
    ['SELECT sleep(3)', 'the function sleep is not available', null, 1, 8],
    [
      'SELECT\n  toStartOfHuor(ts)\nFROM orders',
      'there is no function toStartOfHuor',
      'did you mean `toStartOfHour`?',
      2,
      3,
    ],
    ['SELECT 1; DROP TABLE x', 'only one statement can be run', null, 1, 9],
    ['SELECT sku FORM stock', 'I do not understand `stock` here', expect.stringContaining('expected'), 1, 17],
    ['SELECT 1 FORMAT CSV', 'FORMAT is not available', expect.stringContaining('leave it out'), 1, 10],
    ['DROP TABLE orders', 'DROP is not available', expect.stringContaining('one SELECT'), 1, 1],
    ['SELECT {day:Date}', 'the parameter day has no value', 'give it one', 1, 8],
  ])('%s', async (sql, what, remedy, line, column) => {
    const { faults } = await guard.check(sql);
    expect(faults[0]).toEqual({ what, remedy, line, column });
  });

  test('all that is wrong is told at once, at most ten', async () => {
    const { faults } = await guard.check(`SELECT file('/a'), sleep(1), hostName() FROM nowhere`);
    expect(faults.map(({ what }) => what).sort()).toEqual([
      'the function file is not available',
      'the function hostName is not available',
      'the function sleep is not available',
      'there is no view `nowhere`',
    ]);
    const many = Array.from({ length: 30 }, (_, at) => `noSuch${at}(1)`).join(', ');
    expect((await guard.check(`SELECT ${many}`)).faults).toHaveLength(10);
  });

  test('what was read is named', async () => {
    const sql = 'WITH a AS (SELECT sku FROM ops.orders) SELECT count() FROM a JOIN stock USING (sku)';
    expect((await guard.check(sql)).views).toEqual(['orders', 'stock']);
  });

  test('an engine that cannot be asked is no fault of the question', async () => {
    const away = createGuard({
      engine: {
        write: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
        explain: async () => [],
      },
      schema: corpusSchema,
    });
    await expect(away.check('SELECT 1')).rejects.toThrow('refused');
  });
});

describe('parameters', () => {
  const values = {
    text: `it's; -- "x" \\ {y:String} 'quoted'`,
    number: 42,
    day: '2026-02-28',
    moment: '2026-02-28T10:30:00Z',
    list: ['a', `b'; DROP TABLE x; --`],
    share: 0.25,
  };

  test('values arrive as they are, whatever they look like', async () => {
    const sql = `SELECT {text:String} AS a, {number:UInt32} AS b, {day:Date} AS c, {moment:DateTime64(3)} AS d, {list:Array(String)} AS e,
      {share:Float64} AS f, {share:Decimal(9, 2)} AS g, {moment:Nullable(DateTime)} AS h, {number:Int64} + {number:Int64} AS i, '{text:String}' AS j`;
    const { canonical, faults, parameters } = await guard.check(sql, values);
    expect(faults).toEqual([]);
    expect(parameters.map(({ name, type }) => `${name} ${type}`)).toContain('list Array(String)');
    expect(await queryRows(ops, canonical!)).toEqual([
      {
        a: values.text,
        b: 42,
        c: '2026-02-28',
        d: '2026-02-28 10:30:00.000',
        e: values.list,
        f: 0.25,
        g: 0.25,
        h: '2026-02-28 10:30:00',
        i: 84,
        j: '{text:String}',
      },
    ]);
  });

  test.each<[string, string, string | number | string[]]>([
    ['a number that is text', '{x:UInt8}', '1 OR 1'],
    ['a number with a sign it cannot have', '{x:UInt8}', -1],
    ['a number that is code', '{x:Float64}', "1)) , file('/etc/passwd'"],
    ['a day that is none', '{x:Date}', 'today()'],
    ['a time that is code', '{x:DateTime}', "2026-01-01' , file('/etc/passwd')"],
    ['a list for a text', '{x:String}', ['a']],
    ['a text for a list', '{x:Array(String)}', 'a'],
    ['a list with a wrong element', '{x:Array(Int64)}', ['1', 'x']],
    ['an infinite number', '{x:Float64}', Number.POSITIVE_INFINITY],
    ['a name', '{x:Identifier}', 'stock'],
    ['a value nobody asked a type for', '{x:JSON}', '{}'],
    ['a type that is code', `{x:String') , file('/etc/passwd}`, 'a'],
  ])('%s is refused', async (_, placeholder, value) => {
    const { canonical } = await guard.check(`SELECT ${placeholder}`, { x: value });
    expect(canonical).toBeNull();
  });

  test('names of objects are no values', async () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect((await guard.check(`SELECT {${name}:String}`, {})).canonical).toBeNull();
    }
  });

  test('hidden characters in a value are values', async () => {
    const value = 'a\u0000b\u200bc\nd\u202e';
    const { canonical } = await guard.check('SELECT {x:String} AS x', { x: value });
    expect(await queryRows(ops, canonical!)).toEqual([{ x: value }]);
  });
});

describe('the list of functions', () => {
  test('every function of this engine was looked at', async () => {
    const [{ version } = { version: '' }] = await queryRows<{ version: string }>(ops, 'SELECT version() AS version');
    expect(version, 'another engine: look at its new functions, then freeze its version').toBe(engineVersion);
    const known = new Set([...Object.values(allowedFunctions), ...Object.values(refusedFunctions)].flatMap(wordsOf));
    const rows = await queryRows<{ name: string }>(ops, 'SELECT name FROM system.functions');
    expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  test('none is on both lists', () => {
    const refused = new Set(Object.values(refusedFunctions).flatMap(wordsOf));
    expect(
      Object.values(allowedFunctions)
        .flatMap(wordsOf)
        .filter((name) => refused.has(name)),
    ).toEqual([]);
  });
});

test('it is quick', async () => {
  const times: number[] = [];
  for (let at = 0; at < 2; at += 1) {
    for (const sql of harmless) {
      const begun = performance.now();
      await guard.check(sql);
      times.push(performance.now() - begun);
    }
  }
  times.sort((a, b) => a - b);
  const [p50, p99] = [0.5, 0.99].map((share) => times[Math.floor(times.length * share)]!);
  console.info(`guard: p50 ${p50!.toFixed(1)} ms, p99 ${p99!.toFixed(1)} ms over ${times.length} questions`);
  expect(p50).toBeLessThan(250);
});
