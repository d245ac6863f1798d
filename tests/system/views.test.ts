/** What analysts see of history: settled, one row per thing, in the words of its documentation. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryRows, runStatement } from '../../analytics/clickhouse/client.ts';
import { createViews } from '../../analytics/clickhouse/create-views.ts';
import { createGuard, type Guard, guardEngineOf } from '../../analytics/guard/index.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { opsDatabaseOf, views } from '../../analytics/views/index.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type FilledHistory, fillHistory } from '../support/filled-history.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 5);
let engine: TestEngine;
let filled: FilledHistory;
let guard: Guard;

beforeAll(async () => {
  engine = await startTestEngine();
  filled = await fillHistory(engine, seed);
  const schema = { database: opsDatabaseOf(filled.database), views };
  guard = createGuard({ engine: guardEngineOf(filled.history), schema });
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

/** Values for the examples that ask for some. */
async function valuesOf(): Promise<Record<string, string>> {
  const [row] = await ask<{ sku: string; order_id: string }>(
    'SELECT any(sku) AS sku, (SELECT any(order_id) FROM orders) AS order_id FROM movements',
  );
  return { sku: row!.sku, moment: '2026-03-28 12:00:00', subject: row!.order_id };
}

/** Questions to which "nothing" is a fine answer, whatever happened. */
const mayBeEmpty = /now\(|now64\(|today\(|HAVING|'stock'|WHERE active/;

describe('the examples', () => {
  test.each(views.flatMap(({ name, examples }) => examples.map(({ question, sql }) => [name, question, sql] as const)))(
    '%s: %s',
    async (name, _, sql) => {
      const { canonical, faults, views: read } = await guard.check(sql, await valuesOf());
      expect(faults).toEqual([]);
      expect(read).toContain(name);
      const rows = await ask(canonical!);
      if (!mayBeEmpty.test(sql)) expect(rows.length).toBeGreaterThan(0);
    },
  );

  test.each(views.map(({ name, examples }) => [name, examples.length]))('%s has some', (_, count) => {
    expect(count).toBeGreaterThan(0);
  });
});

describe('what is settled', () => {
  test('stock is what lies at the nodes, and adds up with its parts', async () => {
    const rows = await ask<{ sku: string; node: string; on_hand: number; sellable: number; safety_stock: number }>(
      'SELECT sku, node, on_hand, sellable, safety_stock, available_to_promise FROM stock',
    );
    const live = new Map(
      [...filled.shop.all('stock')].map(([id, stock]) => [
        id,
        {
          sellable: stock.sellable,
          onHand: stock.sellable + stock.allocated + stock.quarantined + stock.damaged + stock['return-pending'],
        },
      ]),
    );
    for (const { sku, node, on_hand, sellable } of rows) {
      const known = live.get(`${sku}|${node}`);
      expect([sku, node, sellable, on_hand]).toEqual([sku, node, known?.sellable, known?.onHand]);
    }
  });

  test('an order is there once, as it stands', async () => {
    const rows = await ask<{ order_id: string; units: number; open_units: number; amount: number }>(
      'SELECT order_id, units, open_units, amount FROM orders',
    );
    const live = filled.shop.all('order');
    expect(rows).toHaveLength(live.size);
    for (const row of rows) expect([row.order_id, row.amount]).toEqual([row.order_id, live.get(row.order_id)!.amount]);
  });

  test('lines of an order add up to it', async () => {
    const differing = await ask(
      `SELECT order_id, orders.units AS whole, parts.units AS parts
       FROM orders JOIN (SELECT order_id, sum(units) AS units FROM order_lines GROUP BY order_id) AS parts USING (order_id)
       WHERE whole != parts`,
    );
    expect(differing).toEqual([]);
  });

  test('exceptions stand as they do live', async () => {
    const rows = await ask<{ exception_id: string; condition: string; work: string }>(
      'SELECT exception_id, condition, work FROM exceptions',
    );
    const open = new Map(
      [...filled.shop.all('exception').values()].filter(({ id }) => id !== '').map((one) => [one.id, one.work]),
    );
    expect(open.size).toBeGreaterThan(0);
    const stillOpen = rows.filter(({ condition }) => condition === 'open');
    expect(new Map(stillOpen.map(({ exception_id, work }) => [exception_id, work]))).toEqual(open);
  });

  test('no customer is named, and each has one pseudonym', async () => {
    const live = [...filled.shop.all('order').values()].filter(({ customer }) => customer !== '');
    expect(live.length).toBeGreaterThan(0);
    const rows = await ask<{ order_id: string; customer: string }>(
      `SELECT order_id, customer FROM orders WHERE customer != ''`,
    );
    const pseudonyms = new Map<string, Set<string>>();
    for (const { order_id, customer } of rows) {
      const real = filled.shop.all('order').get(order_id)!.customer;
      expect(customer).toMatch(/^[0-9a-f]{32}$/);
      pseudonyms.set(real, (pseudonyms.get(real) ?? new Set()).add(customer));
    }
    expect([...pseudonyms.values()].every(({ size }) => size === 1)).toBe(true);
    expect(new Set([...pseudonyms.values()].flatMap((one) => [...one])).size).toBe(pseudonyms.size);
    const told = await ask<{ data: string }>(`SELECT data FROM events WHERE type = 'order.placed'`);
    for (const { data } of told) expect(JSON.parse(data).customer ?? '').toBe('');
  });
});

describe('making the views', () => {
  test('a second time changes nothing, a changed or strange one is put right', async () => {
    expect(await createViews(filled.history)).toEqual([]);
    const ops = opsDatabaseOf(filled.database);
    await runStatement(filled.history, `CREATE OR REPLACE VIEW ${ops}.items AS SELECT 1 AS x`);
    await runStatement(filled.history, `CREATE VIEW ${ops}.strange AS SELECT 1 AS x`);
    await runStatement(filled.history, `DROP VIEW ${ops}.nodes`);
    expect((await createViews(filled.history)).sort()).toEqual(['items', 'nodes']);
    expect(await ask(`SELECT name FROM system.tables WHERE database = '${ops}' AND name = 'strange'`)).toEqual([]);
    expect(await ask('SELECT count() AS all FROM items')).not.toEqual([{ all: 0 }]);
  });

  test('two processes that start together do no harm', async () => {
    const { history } = await fillHistory(engine, seed, 50);
    await Promise.all([createViews(history), createViews(history), createViews(history)]);
    expect(await createViews(history)).toEqual([]);
  });
});
