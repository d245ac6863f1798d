/** A file of a question of the builder holds the figures of its answer, and a question that cannot be asked says why. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { openAnswerWhole } from '../../server/exports/answer-whole.ts';
import { type Asker, CannotAnswer } from '../../server/exports/whole.ts';
import { writeFile } from '../../server/exports/write-file.ts';
import { metricQuestion } from '../../server/http/contract/questions.ts';
import type { SqlParameters } from '../../server/http/contract/sql-runs.ts';
import { compile } from '../../server/questions/ask.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type FilledHistory, fillHistory } from '../support/filled-history.ts';

const by: Asker = { id: 'ada', name: 'ada', role: 'analyst' };
const folder = mkdtempSync(join(tmpdir(), 'tideline-measures-'));
let engine: TestEngine;
let filled: FilledHistory;

beforeAll(async () => {
  engine = await startTestEngine();
  filled = await fillHistory(engine, 11);
});
afterAll(async () => {
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const answers = () =>
  openAnswerWhole({
    ops: filled.ops,
    compile: (question, asker) => {
      const now = Math.max(...filled.shop.facts.map(({ event }) => event.occurredAt));
      const { sql, parameters } = compile(
        { situation: () => ({ timeZone: 'UTC', currency: 'EUR', now }) },
        question,
        asker,
      );
      return { sql, parameters: parameters as SqlParameters };
    },
    dataAge: async () => ({ dataAsOf: 5, eventsBehind: 2 }),
    streamWhole: () => Promise.reject(new Error('the builder does not ask the runner of SQL')),
  });
const signal = new AbortController().signal;

test('its rows are those of the statement it is compiled to, by name and value, with the age of the data', async () => {
  const question = metricQuestion.parse({
    measures: ['orders', 'units'],
    by: ['channel'],
    grain: 'month',
    over: { last: '2y' },
  });
  const whole = await answers()({ kind: 'metrics', question }, by, 'JSONCompactEachRow', signal);
  expect(whole).toMatchObject({ dataAsOf: 5, eventsBehind: 2 });
  expect(whole.sql).toContain('kpi_');
  const path = join(folder, 'measures.csv');
  const columns = [...whole.columns];
  const about = () => ({
    id: 'x',
    name: 'x',
    file: 'x',
    format: 'csv' as const,
    askedBy: 'ada',
    askedAt: 0,
    endedAt: 0,
    rows: 0,
    sql: whole.sql,
    parameters: whole.parameters,
    columns,
    dataAsOf: 5,
    eventsBehind: 2,
  });
  const written = await writeFile({ path, format: 'csv', columns, pieces: whole.pieces, bytesMax: 1e8, about });
  const rows = parse(readFileSync(path), { columns: true }) as Record<string, string>[];
  const told = await queryRows<Record<string, unknown>>(filled.ops, whole.sql, whole.parameters);
  expect(written.rows).toBe(told.length);
  expect(rows.length).toBeGreaterThan(1);
  const figures = (list: Record<string, unknown>[]) =>
    list.map(({ channel, orders, units }) => [channel, Number(orders), Number(units)]);
  expect(figures(rows)).toEqual(figures(told));
  const [all] = await queryRows<{ orders: string }>(
    filled.ops,
    `SELECT sum(steps) AS orders FROM kpi_days WHERE step = 'order-accepted'`,
  );
  expect(rows.reduce((sum, row) => sum + Number(row['orders']), 0)).toBe(Number(all!.orders));
});

test('one of a measure that is not there, or not for this role, is refused in words', async () => {
  const asking = (measures: string[], role: Asker['role']) =>
    answers()(
      { kind: 'metrics', question: metricQuestion.parse({ measures, over: { last: '7d' } }) },
      { ...by, role },
      'JSONCompactEachRow',
      signal,
    );
  await expect(asking(['sunshine'], 'analyst')).rejects.toThrow(CannotAnswer);
  await expect(asking(['sunshine'], 'analyst')).rejects.toThrow(/sunshine/);
  await expect(asking(['margin'], 'planner')).rejects.toThrow(CannotAnswer);
});
