/** Sums of minutes, hours and days are the sums of the steps, whatever came late, twice or corrected, in any order. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HistoryClient, insertLines, queryRows, runStatement } from '../../analytics/clickhouse/client.ts';
import { migrate, readMigrations } from '../../analytics/clickhouse/migrate.ts';
import { durationBounds } from '../../analytics/kpis/histogram.ts';
import { spansFor } from '../../analytics/kpis/roll-up-level.ts';
import { levelRows } from '../../analytics/sql/level-rows.ts';
import { migrationsDir } from '../../analytics/sql/load.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { commands, eventsOf, process as processAll } from '../support/kpi-history.ts';

const SEED = Number(process.env['SEED'] ?? 20261123);
const HOUR = 3_600_000;
const levels = [
  ['kpi_minutes', 'toStartOfMinute', 60],
  ['kpi_hours', 'toStartOfHour', 3_600],
  ['kpi_days', 'toStartOfDay', 86_400],
] as const;
const keys = 'step, clock, at, channel, node, country, currency, cause';
const sums = ['steps', 'quantity', 'amount', 'cost', 'short', 'duration_ms', 'on_time', 'filled', 'arrivals'];

let engine: TestEngine;
let client: HistoryClient;
beforeAll(async () => {
  engine = await startTestEngine();
});
beforeEach(async () => {
  ({ client } = await engine.createDatabase());
  await migrate(client, migrationsDir);
});
afterAll(() => engine?.stop());

/** What a level says, each row of which must be what the steps themselves say. */
const told = (table: string) =>
  queryRows(
    client,
    `SELECT ${keys}, ${sums.map((sum) => `toInt64(sum(rows.${sum})) AS ${sum}`).join(', ')},
       mapSort(mapFilter((k, v) -> v != 0, sumMap(rows.durations))) AS durations,
       uniqCombined64Merge(14)(rows.unique_orders) AS orders, uniqCombined64Merge(14)(rows.unique_skus) AS skus,
       toUnixTimestamp64Milli(max(rows.last_arrival)) AS last, mapSort(sumMap(rows.late)) AS late
     FROM ${table} AS rows GROUP BY ${keys} ORDER BY ${keys}`,
  );

/** The same from the steps, with exact counts instead of states and without any of the views. */
const counted = (start: string, seconds: number) => {
  const sum = (x: string, name: string) => `sum(toInt64(r.sign) * (${x})) AS ${name}`;
  return queryRows(
    client,
    `SELECT ${keys}, ${sum('1', 'steps')}, ${sum('r.quantity', 'quantity')}, ${sum('r.amount', 'amount')}, ${sum('r.cost', 'cost')},
       ${sum('r.short', 'short')}, ${sum('r.duration_ms', 'duration_ms')},
       ${sum('toUnixTimestamp64Milli(r.ship_by) = 0 OR r.own <= r.ship_by', 'on_time')}, ${sum('r.short = 0', 'filled')},
       toInt64(count()) AS arrivals,
       mapSort(mapFilter((k, v) -> v != 0, sumMap(if(r.duration_ms >= 1,
         map({bounds:Array(Int64)}[arrayCount(b -> b <= r.duration_ms, {bounds:Array(Int64)})], toInt64(r.sign)), map())))) AS durations,
       uniqExact(r.order_id) AS orders, uniqExactIf(r.sku, r.sku != '') AS skus,
       toUnixTimestamp64Milli(max(r.received_at)) AS last,
       mapSort(sumMap(if(intDiv(toUnixTimestamp64Milli(r.received_at), 1000) >= toUnixTimestamp(r.at) + ${seconds} + 900,
         map(toUInt32(intDiv(toUnixTimestamp(r.received_at), 60)), toUInt64(1)), map()))) AS late
     FROM (
       SELECT *, 'step' AS clock, own AS moment, ${start}(toDateTime(moment, 'UTC')) AS at FROM (SELECT * EXCEPT at, at AS own FROM order_steps)
       UNION ALL
       SELECT *, 'promise' AS clock, ship_by AS moment, ${start}(toDateTime(moment, 'UTC')) AS at FROM (SELECT * EXCEPT at, at AS own FROM order_steps)
       WHERE toUnixTimestamp64Milli(ship_by) > 0
       UNION ALL
       SELECT *, 'overdue' AS clock, greatest(own, ship_by + INTERVAL 1 MILLISECOND) AS moment, ${start}(toDateTime(moment, 'UTC')) AS at
       FROM (SELECT * EXCEPT at, at AS own FROM order_steps)
       WHERE toUnixTimestamp64Milli(ship_by) > 0 AND step IN ('order-opened', 'order-closed', 'line-opened', 'line-closed')
     ) AS r
     GROUP BY ${keys} ORDER BY ${keys}`,
    { bounds: durationBounds },
  );
};

async function expectEqual(when: string): Promise<number> {
  let rows = 0;
  for (const [table, start, seconds] of levels) {
    const truth = await counted(start, seconds);
    expect(await told(table), `${table} ${when}`).toEqual(truth);
    rows += truth.length;
  }
  for (const [days, changes] of levelsOfDays) {
    const truth = await queryRows(client, changes);
    expect(await queryRows(client, days), when).toEqual(truth);
    expect(truth.length).toBeGreaterThan(5);
  }
  return rows;
}

/** Days of stock and of open lines, beside the movements and steps they are made of. */
const levelsOfDays = [
  [
    'SELECT day, node, place, sku, sum(change) AS n FROM stock_days GROUP BY day, node, place, sku ORDER BY ALL',
    `SELECT toStartOfDay(toDateTime(at, 'UTC')) AS day, node, place, sku, sum(change) AS n FROM stock_changes
     GROUP BY day, node, place, sku ORDER BY ALL`,
  ],
  [
    'SELECT day, channel, node, placed, sum(lines) AS n FROM open_line_days GROUP BY day, channel, node, placed HAVING n != 0 ORDER BY ALL',
    `SELECT toStartOfDay(toDateTime(at, 'UTC')) AS day, channel, node, toUInt32(intDiv(toUnixTimestamp(placed_at), 900)) AS placed,
       sumIf(sign, step = 'line-opened') - sumIf(sign, step = 'line-closed') AS n
     FROM order_steps GROUP BY day, channel, node, placed HAVING n != 0 ORDER BY ALL`,
  ],
] as const;

const insert = (facts: readonly string[], token: string) => insertLines(client, 'facts', facts.join('\n'), { token });

describe(`over random histories (SEED=${SEED})`, () => {
  const histories = fc.sample(
    fc.record({
      list: commands(120, 260),
      cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 7 }),
      order: fc.infiniteStream(fc.nat(1_000)),
      laterHours: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 8, maxLength: 8 }),
    }),
    { seed: SEED, numRuns: 3 },
  );
  test.each(histories.map((history, index) => ({ ...history, index })))(
    'minute = hour = day = steps after every batch, repeated or out of order, before and after merges, history $index',
    { timeout: 240_000 },
    async ({ list, cuts, order, laterHours }) => {
      const facts = processAll(eventsOf(list)).facts;
      const edges = [0, ...cuts.map((cut) => Math.floor(cut * facts.length)).sort((a, b) => a - b), facts.length];
      const batches = edges
        .slice(1)
        .map((to, index) => facts.slice(edges[index], to))
        .filter((batch) => batch.length > 0)
        // Some arrive hours or weeks after they happened; and the batches in any order.
        .map((batch, index) =>
          batch.map((fact) => {
            const receivedAt = fact.event.receivedAt + (index % 2) * laterHours[index % laterHours.length]! * HOUR;
            return factRow({ ...fact, event: { ...fact.event, receivedAt } });
          }),
        );
      const shuffled = batches
        .map((batch) => ({ batch, by: order.next().value as number }))
        .sort((a, b) => a.by - b.by);
      let rows = 0;
      for (const [index, { batch }] of shuffled.entries()) {
        await insert(batch, `batch ${index}`);
        if (index % 2 === 1) await insert(batch, `batch ${index}`);
        if (index === 1 || index === shuffled.length - 1) rows = await expectEqual(`after batch ${index}`);
      }
      expect(rows).toBeGreaterThan(300);
      const [taken] = await queryRows<{ n: number }>(
        client,
        'SELECT toUInt32(countIf(sign < 0)) AS n FROM order_steps',
      );
      expect(taken!.n).toBeGreaterThan(0);
      for (const table of [...levels.map(([name]) => name), 'stock_days', 'open_line_days'])
        await runStatement(client, `OPTIMIZE TABLE ${table} FINAL`);
      await expectEqual('after merges');
    },
  );
});

const fact = (seq: number, at: string, received: string) => {
  const [occurred, got] = [Date.parse(at), Date.parse(received)];
  return `{"seq":${seq},"id":"e${seq}","source":"shop","type":"order.placed","occurred_at":${occurred},"observed_at":${occurred},"received_at":${got},"data":{},"steps":[[1,"order-accepted",1,0,"","",1,100,50,0,0,""]],"step_orders":[["o${seq}","web","n","DE","EUR",${occurred},0]]}`;
};

describe('late steps', () => {
  /** How many steps came to a time after it was closed, and when the last did. */
  const restated = async (from: number, to: number, timeZone: string) => {
    const rows = levelRows(spansFor({ from, to, grain: 'day', timeZone }), {
      columns: ['steps', 'late', 'last_arrival'],
      where: "step = 'order-accepted' AND clock = 'step'",
    });
    const [answer] = await queryRows<{ steps: number; late: number; last: number }>(
      client,
      `SELECT toUInt32(sum(steps)) AS steps, toUnixTimestamp64Milli(max(last_arrival)) AS last,
         toUInt32(arraySum(mapValues(mapFilter((minute, n) -> minute * 60 >= ${to / 1_000 + 900}, sumMap(late))))) AS late FROM ${rows}`,
    );
    return answer;
  };

  test('restate the bucket they belong to, and a longer one only when that was closed as well', async () => {
    await insert(
      [
        fact(1, '2026-03-10T10:00:30Z', '2026-03-10T10:00:31Z'),
        // Late for its minute, not for its hour.
        fact(2, '2026-03-10T10:01:00Z', '2026-03-10T10:45:00Z'),
        // Late for its hour, not for its day.
        fact(3, '2026-03-10T10:02:00Z', '2026-03-10T12:00:00Z'),
      ],
      'in time',
    );
    const late = async (table: string) =>
      (
        await queryRows<{ late: number }>(
          client,
          `SELECT toUInt32(arraySum(mapValues(sumMap(late)))) AS late FROM ${table}`,
        )
      )[0]!.late;
    expect([await late('kpi_minutes'), await late('kpi_hours'), await late('kpi_days')]).toEqual([2, 1, 0]);
    const [from, to] = [Date.parse('2026-03-09T23:00:00Z'), Date.parse('2026-03-10T23:00:00Z')];
    expect(await restated(from, to, 'Europe/Berlin')).toMatchObject({ steps: 3, late: 0 });

    // Closed at 23:15: one that comes at 23:14 is still in time, those of the next week are not.
    await insert([fact(4, '2026-03-10T22:59:00Z', '2026-03-10T23:14:59Z')], 'just in time');
    expect(await restated(from, to, 'Europe/Berlin')).toMatchObject({ steps: 4, late: 0 });
    const last = '2026-03-17T09:30:00.000Z';
    await insert(
      [fact(5, '2026-03-10T11:00:00Z', last), fact(6, '2026-03-10T22:30:00Z', '2026-03-17T09:00:00Z')],
      'late',
    );
    expect(await restated(from, to, 'Europe/Berlin')).toEqual({ steps: 6, late: 2, last: Date.parse(last) });
  });
});

describe('sums are dropped by when they arrived', () => {
  test('minutes after 400 days, hours after five years, days never; a replayed past is as new as today', async () => {
    const ago = (days: number) => new Date(Date.now() - days * 24 * HOUR).toISOString();
    await insert([fact(1, ago(500), ago(500))], 'long ago');
    await insert([fact(2, ago(2_000), ago(2_000))], 'longer ago');
    await insert([fact(3, '2010-12-01T08:26:00Z', ago(0))], 'replayed');
    await insert([fact(4, ago(1), ago(1))], 'yesterday');
    for (const [table] of levels) await runStatement(client, `OPTIMIZE TABLE ${table} FINAL`);
    const left = async (table: string) =>
      (
        await queryRows<{ n: number }>(client, `SELECT toUInt32(sum(steps)) AS n FROM ${table} WHERE clock = 'step'`)
      )[0]!.n;
    expect([await left('kpi_minutes'), await left('kpi_hours'), await left('kpi_days')]).toEqual([2, 3, 4]);
  });
});

describe('a history from before', () => {
  test('is summed once, also when the step is repeated, and goes on from there', { timeout: 120_000 }, async () => {
    const { client: old, database } = await engine.createDatabase();
    const migrations = (await readMigrations(migrationsDir)).filter(({ number }) => number <= 10);
    for (const { statements } of migrations) for (const statement of statements) await runStatement(old, statement);
    const [list] = fc.sample(commands(150, 200), { seed: SEED + 1, numRuns: 1 });
    const facts = processAll(eventsOf(list!)).facts.map(factRow);
    const half = Math.floor(facts.length / 2);
    await insertLines(old, 'facts', facts.slice(0, half).join('\n'), { token: 'before' });
    const rollUps = (await readMigrations(migrationsDir)).filter(({ number }) => number > 10);
    // It ended in its middle once, and was run again from its start.
    for (const statement of rollUps[0]!.statements.slice(0, -2)) await runStatement(old, statement);
    for (const { statements } of rollUps) for (const statement of statements) await runStatement(old, statement);
    client = engine.connect(database);
    await expectEqual('after the step');
    await insert(facts.slice(half), 'after');
    expect(await expectEqual('after more')).toBeGreaterThan(100);
  });
});

test('the bounds of durations are those of the live histogram', async () => {
  const [rollUps] = (await readMigrations(migrationsDir)).filter(({ number }) => number === 11);
  const list = /roundDown\([^[]*\[([\d,\s]+)\]/.exec(rollUps!.statements[0]!)![1]!;
  expect(list.split(',').map(Number)).toEqual(durationBounds);
});
