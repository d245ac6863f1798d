import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HistoryClient, queryRows } from '../../analytics/clickhouse/client.ts';
import { migrate } from '../../analytics/clickhouse/migrate.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

const FIRST = `-- What is stored; and why it isn't more.
CREATE TABLE IF NOT EXISTS notes (id UInt32, text String) ENGINE = MergeTree ORDER BY id;
/* a comment; with the sign */
INSERT INTO notes SETTINGS async_insert = 0 VALUES (1, 'a;b'), (2, 'it''s \\';');
-- the end
`;
const SECOND = 'ALTER TABLE notes ADD COLUMN IF NOT EXISTS late UInt8 DEFAULT 7';

let engine: TestEngine;
let client: HistoryClient;
let dir: string;
beforeAll(async () => {
  engine = await startTestEngine();
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tideline-migrations-'));
  ({ client } = await engine.createDatabase());
  return () => rm(dir, { recursive: true, force: true });
});
afterAll(async () => {
  await engine?.stop();
});

const write = (name: string, text: string) => writeFile(join(dir, name), text);
const notes = () => queryRows(client, 'SELECT * FROM notes ORDER BY id');

describe('migrations', () => {
  it('apply once, in order, and only what is new', async () => {
    await write('0001_notes.sql', FIRST);
    expect(await migrate(client, dir)).toEqual(['0001_notes.sql']);
    await write('0002_late.sql', SECOND);
    expect(await migrate(client, dir)).toEqual(['0002_late.sql']);
    expect(await migrate(client, dir)).toEqual([]);
    expect(await notes()).toEqual([
      { id: 1, text: 'a;b', late: 7 },
      { id: 2, text: `it's ';`, late: 7 },
    ]);
  });

  it('refuse a file that was changed after it was applied, or that is gone', async () => {
    await write('0001_notes.sql', FIRST);
    await write('0002_late.sql', SECOND);
    await migrate(client, dir);
    await write('0001_notes.sql', `${FIRST} `);
    await expect(migrate(client, dir)).rejects.toThrow(/0001_notes\.sql was changed after it was applied/);
    await write('0001_notes.sql', FIRST);
    await rm(join(dir, '0002_late.sql'));
    await expect(migrate(client, dir)).rejects.toThrow(/does not know it/);
  });

  it('say which statement failed, and continue there after it was put right', async () => {
    await write('0001_notes.sql', `${FIRST.split('INSERT')[0]};\nCREATE TABLE broken (;`);
    await expect(migrate(client, dir)).rejects.toThrow(/0001_notes\.sql, statement 2 of 2 failed: Syntax error/);
    await write('0001_notes.sql', FIRST);
    expect(await migrate(client, dir)).toEqual(['0001_notes.sql']);
  });

  it('refuse names they would not understand', async () => {
    await write('0002_second.sql', SECOND);
    await expect(migrate(client, dir)).rejects.toThrow(/the next migration number is 1/);
    await write('0001first.sql', SECOND);
    await expect(migrate(client, dir)).rejects.toThrow(/is called NNNN_name/);
  });

  it('do no harm when two processes start together', async () => {
    await write('0001_notes.sql', FIRST.split('INSERT')[0]!);
    await write('0002_late.sql', SECOND);
    await Promise.all([migrate(client, dir), migrate(client, dir), migrate(client, dir)]);
    const records = await queryRows(client, 'SELECT number, name FROM schema_migrations FINAL ORDER BY number');
    expect(records).toEqual([
      { number: 1, name: '0001_notes.sql' },
      { number: 2, name: '0002_late.sql' },
    ]);
    expect(await migrate(client, dir)).toEqual([]);
  });
});
