/** What analysts see of history: settled, one row per thing, in the words of its documentation. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { views } from '../../analytics/views/index.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type FilledHistory, fillHistory } from '../support/filled-history.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20261123);
let engine: TestEngine;
let filled: FilledHistory;

beforeAll(async () => {
  engine = await startTestEngine();
  filled = await fillHistory(engine, seed);
});
afterAll(() => engine?.stop());

const ask = <Row>(sql: string, params = {}) => queryRows<Row>(filled.ops, sql, params);

/** Without what the engine turns into one another by itself and without loss: widths, and ways of storing. */
const plainType = (type: string): string =>
  type
    .replace(/^SimpleAggregateFunction\(\w+, (.*)\)$/, '$1')
    .replace(/^LowCardinality\((.*)\)$/, '$1')
    .replace(/\bU?Int(8|32|64)\b/, 'Int')
    .replace(/DateTime(64\(3, )?/, 'DateTime(')
    .replace('((', '(');

/** What makes a row the only one of its kind. */
const keys: Record<string, string> = {
  orders: 'order_id',
  order_lines: 'order_id, line',
  stock: 'sku, node',
  movements: 'seq, position',
  stock_changes: 'seq, position, change > 0',
  exceptions: 'exception_id',
  items: 'sku',
  item_costs: 'seq, step',
  nodes: 'node',
  channels: 'channel',
  sources: 'source',
  source_activity: 'source, minute',
  events: 'seq',
};

describe(`the views over a random history (SEED=${seed})`, () => {
  test.each(views.map((view) => [view.name, view] as const))(
    '%s has the columns it is said to have',
    async (_, view) => {
      const described = await ask<{ name: string; type: string; comment: string }>(`DESCRIBE TABLE ${view.name}`);
      expect(described.map(({ name, type, comment }) => ({ name, type, words: comment }))).toEqual(view.columns);
      const select = loadQuery(`views/${view.name}`).replaceAll(/^--.*\n/gm, '');
      const given = await queryRows<{ name: string; type: string }>(filled.history, `DESCRIBE TABLE (${select})`);
      const plain = (columns: { name: string; type: string }[]) =>
        columns.map(({ name, type }) => `${name} ${plainType(type)}`);
      expect(plain(given)).toEqual(plain(view.columns));
    },
  );

  test.each(Object.entries(keys).filter(([name]) => views.some((view) => view.name === name)))(
    '%s has one row per %s, and at least one',
    async (name, key) => {
      const [counted] = await ask<{ all: number; different: number }>(
        `SELECT count() AS all, uniqExact(${key}) AS different FROM ${name}`,
      );
      expect(counted!.all).toBeGreaterThan(0);
      expect(counted!.different).toBe(counted!.all);
    },
  );

  test('decisions, instructions and steps are all there', async () => {
    for (const name of ['decisions', 'instructions', 'order_steps', 'exception_changes']) {
      const [all] = await ask<{ count: number }>(`SELECT count() AS count FROM ${name}`);
      expect([name, all!.count > 0]).toEqual([name, true]);
    }
  });
});
