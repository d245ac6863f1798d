/** The history that is measured is what the real writer makes: one copy is the same row by row, more have the same shapes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HistoryClient, insertLines, queryRows } from '../../analytics/clickhouse/client.ts';
import { migrate } from '../../analytics/clickhouse/migrate.ts';
import { migrationsDir } from '../../analytics/sql/load.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import { playTemplate } from '../bench/history/play-template.ts';
import { stampOut, type Template, writeTemplate } from '../bench/history/stamp.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

const DAY = 86_400_000;
const COPIES = 3;
const plan = { seed: 7, from: Date.UTC(2026, 8, 7), ordersPerDay: 120, days: 2, tailDays: 1 };
const start = Date.UTC(2026, 9, 5);
const END = start + COPIES * plan.days * DAY + 12 * 3_600_000;
const quiet = () => {};

let engine: TestEngine;
let real: HistoryClient;
let once: HistoryClient;
let often: HistoryClient;
let onceDatabase: string;
let template: Template;
beforeAll(async () => {
  engine = await startTestEngine();
  const databases = await Promise.all([0, 1, 2].map(() => engine.createDatabase()));
  [real, once, often] = databases.map(({ client }) => client) as [HistoryClient, HistoryClient, HistoryClient];
  onceDatabase = databases[1]!.database;
  for (const client of [real, once, often]) await migrate(client, migrationsDir);
  const played = [...playTemplate(plan)];
  const lines = played.flat().map(factRow);
  for (let at = 0; at < lines.length; at += 10_000)
    await insertLines(real, 'facts', lines.slice(at, at + 10_000).join('\n'), { token: `${at}` });
  for (const [client, copies, from, now] of [
    [once, 1, plan.from, plan.from + 100 * DAY],
    [often, COPIES, start, END],
  ] as const) {
    template = await writeTemplate(client, plan, quiet, played);
    const stamps = { copies, layers: 1, start: from, now, threads: 1, streams: 1 };
    // Twice: what a run that was broken off has done already is not done again.
    for (let run = 0; run < 2; run += 1)
      await stampOut(client, template, stamps, { done: new Set(), onDone: quiet, stopping: () => false });
  }
}, 240_000);
afterAll(() => engine?.stop());

describe('one copy', () => {
  test.each(['order_steps', 'movements', 'exception_changes', 'decisions'] as const)(
    '%s: every row the real writer makes of these events, and no other',
    async (table) => {
      const rows = async (client: HistoryClient, only: string) =>
        queryRows(
          client,
          `SELECT toString(cityHash64(groupArray(row))) AS all, toUInt32(count()) AS rows FROM (
             SELECT toString(tuple(* EXCEPT (seq))) AS row FROM ${table} JOIN (SELECT seq, concat(source, '|', id) AS event FROM events) AS e USING (seq)
             WHERE ${only} ORDER BY row)`,
        );
      const told = await rows(once, '1');
      const truth = await rows(real, `event IN (SELECT concat(source, '|', id) FROM ${onceDatabase}.events)`);
      expect(told).toEqual(truth);
      expect(Number((told[0] as { rows: number }).rows)).toBeGreaterThan(50);
    },
  );
  test('what was left out lies after the repeated days', async () => {
    const [left] = await queryRows<{ first: number; rows: number }>(
      once,
      `SELECT toUInt32(count()) AS rows, 0 AS first FROM events`,
    );
    const [all] = await queryRows<{ rows: number }>(
      real,
      `SELECT toUInt32(count()) AS rows FROM events WHERE occurred_at < toDateTime(${(plan.from + plan.days * DAY) / 1000})`,
    );
    expect(left!.rows).toBeGreaterThanOrEqual(all!.rows);
  });
});

describe('many copies', () => {
  test('have no hole in their numbers, no event twice, and end now', async () => {
    const [log] = await queryRows<Record<string, number>>(
      often,
      `SELECT toUInt32(min(seq)) AS first, toUInt32(max(seq)) AS last, toUInt32(count()) AS rows, toUInt32(uniqExact(source, id)) AS ids,
         toUnixTimestamp64Milli(max(occurred_at)) AS newest FROM events`,
    );
    expect(log).toMatchObject({ first: 1, last: log!['rows'], ids: log!['rows'] });
    expect(log!['newest']).toBeLessThanOrEqual(END);
    expect(log!['rows']).toBeGreaterThan(template.opening + (COPIES - 1) * template.body);
  });
  const shapes = {
    'orders by channel, node and country': 'SELECT channel, node, country, count() AS n FROM orders FINAL',
    'orders by hour of the day': 'SELECT toHour(placed_at) AS hour, count() AS n FROM orders FINAL',
    'lines per order': 'SELECT lines, count() AS n FROM orders FINAL',
    'lines by SKU': "SELECT sku, sum(sign) AS n FROM order_steps WHERE step = 'line-accepted'",
    'events by source and type': 'SELECT source, type, count() AS n FROM events',
    'steps and causes': 'SELECT step, cause, sum(sign) AS n FROM order_steps',
    'hours to dispatch':
      "SELECT intDiv(duration_ms, 3600000) AS hours, sum(sign) AS n FROM order_steps WHERE step = 'order-completed'",
    'units moved by place and reason':
      'SELECT from_node, from_place, to_place, reason, sum(quantity) AS n FROM movements',
  };
  test.each(Object.entries(shapes))('%s are those of one copy, times as many', async (_, sql) => {
    const group = /SELECT (.*?), (count\(\)|sum\(\w+\)) AS n/.exec(sql)![1]!.replaceAll(/[\w.]+\([^)]*\) AS /g, '');
    const shape = async (client: HistoryClient, where: string) => {
      const rows = await queryRows<Record<string, number>>(
        client,
        `${sql}${sql.includes('WHERE') ? ' AND' : ' WHERE'} ${where} GROUP BY ${group}`,
      );
      return new Map(rows.map(({ n, ...key }) => [JSON.stringify(Object.values(key)), Number(n)]));
    };
    // Whole copies: what ran out of the last one is left out. Opening stock and definitions are told once.
    const time = sql.includes('FROM orders') ? 'placed_at' : sql.includes('FROM events') ? 'occurred_at' : 'at';
    const between = (from: number, days: number) =>
      `${time} >= toDateTime(${from / 1000 + 3_600}) AND ${time} < toDateTime(${from / 1000 + days * 86_400})`;
    const single = await shape(once, between(plan.from, plan.days));
    const many = await shape(often, between(start, COPIES * plan.days));
    expect(single.size).toBeGreaterThan(1);
    const total = (map: Map<string, number>) => [...map.values()].reduce((sum, n) => sum + n, 0);
    // The last hours of a copy run into the next one, whose first hour is counted only from the second copy on.
    for (const [key, n] of single) {
      const expected = n * COPIES;
      expect(many.get(key) ?? 0, key).toBeGreaterThanOrEqual(expected - 1e-9);
    }
    expect(total(many)).toBeGreaterThanOrEqual(total(single) * COPIES);
    expect(total(many)).toBeLessThan(total(single) * COPIES * 1.6);
  });
  test('are summed in minutes, hours and days as they are in steps', async () => {
    for (const level of ['minutes', 'hours', 'days']) {
      const sums = (table: string, steps: string) =>
        queryRows(
          often,
          `SELECT step, clock, toInt64(${steps}) AS steps FROM ${table} GROUP BY step, clock ORDER BY step, clock`,
        );
      expect(await sums(`kpi_${level}`, 'sum(steps)')).toEqual(await sums('order_step_clocks', 'sum(sign)'));
    }
  });
});
