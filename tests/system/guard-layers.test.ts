/** What each layer alone would have let through. The attacks run for real, in processes that are thrown away. */
import { afterAll, describe, expect, test } from 'vitest';
import { ANALYST_USER, analystUserSql } from '../../analytics/clickhouse/analyst-user.ts';
import { splitStatements } from '../../analytics/clickhouse/sql-text.ts';
import { createGuard } from '../../analytics/guard/index.ts';
import { attacks } from '../support/guard/attacks.ts';
import { corpusSchema } from '../support/guard/corpus.ts';
import { layers } from '../support/guard/layers.ts';
import { attacksThrough, type Layer } from '../support/guard/run-attacks.ts';
import { openGuardSession } from '../support/guard/session-engine.ts';
import { isLong } from '../support/how-much.ts';

const session = openGuardSession();
afterAll(() => session.close());
const texts = Object.values(attacks).flat();
/** Limits of time and memory may be met or not on a machine that does other things as well. */
const TOLERANCE = 4;

describe('each layer alone', () => {
  test('the number of attacks is the one that is told', () => {
    expect(layers.attacks).toBe(texts.length);
  });

  // The engine is pinned: what it lets through by itself changes with it, and a long run counts again.
  test.runIf(isLong).each<[Layer, number]>([
    ['readonly', 0],
    ['rights', 1],
  ])('%s lets through what is told of it', { timeout: 300_000 }, async (layer, row) => {
    const through = await attacksThrough(layer, texts);
    console.info(`${layer}: ${through.size} of ${texts.length}`);
    expect(Math.abs(through.size - layers.rows[row]!.through), `${through.size}`).toBeLessThanOrEqual(TOLERANCE);
    // What neither can stop: this is what the guard is for.
    for (const text of [
      `SELECT arrayMap(file, ['/etc/passwd'])`,
      `SELECT file(x'2f6574632f706173737764')`,
      'SELECT 1; SELECT 2',
    ]) {
      expect([text, through.get(text)]).toEqual([text, 'answered']);
    }
  });

  test('the guard lets nothing through', async () => {
    const guard = createGuard({ engine: session, schema: corpusSchema });
    const through: string[] = [];
    for (const text of texts) if ((await guard.check(text)).canonical !== null) through.push(text);
    expect(through).toEqual([]);
    expect(layers.rows[2]!.through).toBe(0);
  });
});

describe('the user of a server', () => {
  const user = {
    database: 'tideline',
    owner: 'tideline',
    password: 'a secret',
    secondsMax: 60,
    memoryBytesMax: 1e9,
    threadsMax: 2,
    bytesReadMax: 1e11,
    questionsMax: 4,
    questionsPerHourMax: 100,
  };

  test('may read the views and nothing else, and change nothing', async () => {
    const sql = analystUserSql(user);
    expect(sql).not.toContain('a secret');
    expect(sql).not.toMatch(/[{}]/);
    expect(sql).toContain(`GRANT SELECT ON tideline_ops.* TO ${ANALYST_USER}`);
    expect(sql.match(/GRANT .*/g)).toHaveLength(4);
    expect(sql).toContain('readonly = 1');
  });

  test('every statement is one the engine understands', async () => {
    const statements = splitStatements(analystUserSql(user));
    expect(statements.length).toBeGreaterThan(6);
    for (const statement of statements) expect(await session.write(statement)).not.toBe('');
  });

  test('names cannot be anything else', () => {
    expect(() => analystUserSql({ ...user, owner: 'x; DROP USER y' })).toThrow('no plain name');
  });
});
