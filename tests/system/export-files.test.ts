/** Files of answers: what the engine says is what another program reads from the file, and what cannot be whole is none. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HistoryClient, queryRows } from '../../analytics/clickhouse/client.ts';
import { askWhole } from '../../analytics/clickhouse/whole-answer.ts';
import { DoesNotFit, type FileAbout } from '../../server/exports/files/answer-file.ts';
import { wireOf, writeFile } from '../../server/exports/write-file.ts';
import type { ExportFormat } from '../../server/http/contract/exports.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { cellsOfSheet, partsOfXlsx } from '../support/read-xlsx.ts';

let engine: TestEngine;
let client: HistoryClient;
const folder = mkdtempSync(join(tmpdir(), 'tideline-files-'));
let files = 0;

beforeAll(async () => {
  engine = await startTestEngine();
  ({ client } = await engine.createDatabase());
});
afterAll(async () => {
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const about: FileAbout = {
  id: 'export-1',
  name: 'All of it',
  file: 'all-of-it.csv',
  format: 'csv',
  sql: 'what was asked',
  parameters: { day: '2026-03-01' },
  askedBy: 'ada@example.com',
  askedAt: Date.UTC(2026, 2, 1, 12),
  endedAt: Date.UTC(2026, 2, 1, 12, 0, 1),
  rows: 0,
  columns: [],
  dataAsOf: Date.UTC(2026, 2, 1, 11, 59),
  eventsBehind: 3,
};

async function fileOf(sql: string, format: ExportFormat, bytesMax = 1e9) {
  const path = join(folder, `${++files}.${format}`);
  const { columns, pieces } = await askWhole(client, { sql, format: wireOf(format) });
  const told: number[] = [];
  const written = await writeFile({
    path,
    format,
    columns,
    pieces,
    bytesMax,
    about: () => ({ ...about, columns, format }),
    onProgress: (rows) => told.push(rows),
  }).catch((error: unknown) => {
    expect(existsSync(path)).toBe(false);
    throw error;
  });
  const bytes = readFileSync(path);
  expect(written.bytes).toBe(bytes.length);
  expect(written.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  return { ...written, path, columns, bytes, told };
}

const everyType = `
  SELECT number AS n, toInt64(number) - 5 AS change, 9007199254740993 + number AS big, toUInt64(18446744073709551615) AS most,
    toInt128('-170141183460469231731687303715884105728') AS huge, toUInt8(number % 200) AS tiny,
    toDecimal64(toInt64(number) - 3, 2) / 4 AS price, number / 7 AS share, toBool(number % 2 = 0) AS even,
    if(number % 3 = 0, NULL, toString(number)) AS name, toLowCardinality(concat('ch', toString(number % 4))) AS channel,
    toDate('2026-03-01') + number % 400 AS day, toDateTime64('2026-03-29 00:59:59.123', 3, 'UTC') + number AS at,
    [toString(number), 'x'] AS parts
  FROM numbers(150000) ORDER BY n`;

/** What the engine itself sums up over the answer, and over the file that was made of it. */
const facts = `SELECT count() AS rows, toString(sum(change)) AS change, toString(sum(toInt128(big))) AS big, toString(min(most)) AS most,
  sum(tiny) AS tiny, toString(sum(price)) AS price, round(sum(share), 6) AS share, countIf(even) AS even, count(name) AS named,
  uniqExact(name) AS names, uniqExact(channel) AS channels, toString(max(toDate(day))) AS day,
  toString(max(toUnixTimestamp64Milli(toDateTime64(at, 3, 'UTC')))) AS at FROM `;

describe('a file holds what the engine answered', () => {
  test.each(['parquet', 'arrow'] as const)('%s, as the engine reads it back', async (format) => {
    const { path, rows, told } = await fileOf(everyType, format);
    expect(rows).toBe(150_000);
    expect(told.length).toBeGreaterThan(1);
    const read = `file('${path}', '${format === 'arrow' ? 'ArrowStream' : 'Parquet'}')`;
    const [asked] = await queryRows(client, `${facts} (${everyType})`);
    const [kept] = await queryRows(client, `${facts} ${read}`);
    expect(kept).toEqual(asked);
  });

  test('parquet says in its own metadata what was asked, when, and how old the data was', async () => {
    const { bytes } = await fileOf('SELECT 1 AS one', 'parquet');
    for (const words of ['tideline: Query', 'what was asked', '2026-03-01T11:59:00.000Z', 'ada@example.com']) {
      expect(bytes.toString('latin1')).toContain(words);
    }
  });

  test('json, number by number', async () => {
    const { bytes, rows } = await fileOf(everyType, 'json');
    const lines = bytes.toString('utf8').split('\n');
    expect(lines[0]).toBe('[');
    expect(lines.at(-2)).toBe(']');
    expect(lines).toHaveLength(rows + 3);
    expect(lines[2]).toBe(
      '{"n":1,"change":-4,"big":9007199254740994,"most":18446744073709551615,"huge":-170141183460469231731687303715884105728,' +
        '"tiny":1,"price":-0.5,"share":0.14285714285714285,"even":false,"name":"1","channel":"ch1","day":"2026-03-02",' +
        '"at":"2026-03-29T01:00:00.123Z","parts":["1","x"]},',
    );
    expect(JSON.parse(bytes.toString('utf8'))).toHaveLength(150_000);
  });

  test('csv, with every row, and an empty text told from an unknown one', async () => {
    const { bytes } = await fileOf(everyType, 'csv');
    const rows = parse(bytes, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(150_000);
    expect(rows[2]).toMatchObject({ change: '-3', price: '-0.25', even: 'true', name: '2', parts: '["2","x"]' });
    expect(rows.at(-1)).toMatchObject({ n: '149999', big: '9007199254890992', at: '2026-03-30T18:39:58.123Z' });
    const empty = await fileOf(`SELECT '' AS text, CAST(NULL, 'Nullable(String)') AS nothing`, 'csv');
    expect(empty.bytes.toString()).toBe('text,nothing\r\n"",\r\n');
  });

  test('xlsx, with times a spreadsheet can count with and digits it cannot keep as text', async () => {
    const { bytes } = await fileOf(everyType, 'xlsx');
    const parts = partsOfXlsx(bytes);
    const cells = cellsOfSheet(parts.get('xl/worksheets/sheet1.xml')!);
    expect(cells).toHaveLength(150_001);
    const byName = Object.fromEntries(cells[0]!.map((name, at) => [name, cells[2]![at]]));
    expect(byName).toMatchObject({
      'n|3': '1',
      'change|3': '-4',
      'big|3': '9007199254740994',
      'price|3': '-0.5',
      'even|3': '0',
      'name|3': '1',
      'day|3': `${Date.UTC(2026, 2, 2) / 86_400_000 + 25_569}|2`,
      'at|3': `${Date.UTC(2026, 2, 29, 1, 0, 0, 123) / 86_400_000 + 25_569}|1`,
    });
    const said = cellsOfSheet(parts.get('xl/worksheets/sheet2.xml')!).map(([name, value]) => `${name} = ${value}`);
    expect(said).toContain('Rows|3 = 150000');
    expect(said).toContain('Query|3 = what was asked');
    expect(said).toContain('Events behind|3 = 3');
  });

  test.each(['csv', 'xlsx', 'parquet', 'arrow', 'json'] as const)(
    'an answer without rows is a %s with columns',
    async (format) => {
      const { rows, bytes } = await fileOf('SELECT 1 AS one, now() AS at WHERE 0', format);
      expect(rows).toBe(0);
      expect(bytes.length).toBeGreaterThan(0);
      if (format === 'json') expect(JSON.parse(bytes.toString())).toEqual([]);
    },
  );
});

describe('text that would be a formula', () => {
  const hostile = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\tx',
    '\rx',
    '\0x',
    '＝1',
    `=cmd|'/c calc'!A0`,
    'a"b',
    'a\nb',
    'plain',
  ];
  const list = hostile.map(
    (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`,
  );
  const sql = `SELECT arrayJoin([${list.join(',')}]) AS text, -1 AS number, toDecimal32(-2, 1) AS decimal, -0.5 AS \`=float\``;

  test('is marked in csv, and negative numbers stay numbers', async () => {
    const { bytes } = await fileOf(sql, 'csv');
    const [header, ...rows] = parse(bytes) as string[][];
    expect(header).toEqual(['text', 'number', 'decimal', `'=float`]);
    expect(rows.map(([text]) => text)).toEqual([
      ...hostile.slice(0, 9).map((text) => `'${text}`),
      'a"b',
      'a\nb',
      'plain',
    ]);
    for (const row of rows) expect(row.slice(1)).toEqual(['-1', '-2', '-0.5']);
  });

  test('is text in xlsx, with signs that XML cannot hold', async () => {
    const { bytes } = await fileOf(sql, 'xlsx');
    const sheet = partsOfXlsx(bytes).get('xl/worksheets/sheet1.xml')!;
    expect(sheet).not.toContain('<f>');
    const cells = cellsOfSheet(sheet).slice(1);
    expect(cells.map(([text]) => text)).toEqual(
      hostile.map((text) => text.replace('\0', '_x0000_').replace('\r', '_x000D_')),
    );
    expect(cells[0]!.slice(1)).toEqual(['-1', '-2', '-0.5']);
    const clean = await fileOf(`SELECT '_x0041_' AS text`, 'xlsx');
    expect(cellsOfSheet(partsOfXlsx(clean.bytes).get('xl/worksheets/sheet1.xml')!)[1]).toEqual(['_x005F_x0041_']);
  });
});

describe('whole or not at all', () => {
  test('a file larger than allowed is refused with the limit and what to do', async () => {
    await expect(
      fileOf('SELECT number, randomPrintableASCII(1000) FROM numbers(9000)', 'csv', 5 * 1024 ** 2),
    ).rejects.toThrow(/larger than 5 MiB.*Ask for less/);
  });

  test('more rows than a sheet holds are refused, one fewer are kept', async () => {
    await expect(fileOf('SELECT 1 AS a FROM numbers(1048576)', 'xlsx')).rejects.toThrow(/1048575 rows.*CSV or Parquet/);
    expect((await fileOf('SELECT 1 AS a FROM numbers(1048575)', 'xlsx')).rows).toBe(1_048_575);
  });

  test('a cell longer than a sheet holds is refused by name', async () => {
    await expect(fileOf(`SELECT repeat('x', 40000) AS words`, 'xlsx')).rejects.toThrow(DoesNotFit);
  });

  test.each(['csv', 'parquet', 'json', 'xlsx', 'arrow'] as const)(
    'a query that fails after its first rows leaves no %s',
    async (format) => {
      const late = "SELECT number, throwIf(number = 900000, 'on purpose') AS x FROM numbers(1000000)";
      await expect(fileOf(late, format)).rejects.toThrow(/on purpose/);
    },
  );
});
