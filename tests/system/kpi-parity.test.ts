/** KPIs from live buckets and states equal KPIs from SQL, over random histories and the real engine. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HistoryClient, insertLines, queryRows } from '../../analytics/clickhouse/client.ts';
import { migrate } from '../../analytics/clickhouse/migrate.ts';
import { flowValue, gaugeValue, isFlow, isHistory, kpis, sumBuckets } from '../../analytics/kpis/index.ts';
import { type AskHistory, kpiSeries } from '../../analytics/kpis/series.ts';
import { bucketGrains, bucketStart } from '../../streams/operations/buckets.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import {
  commands,
  eventsOf,
  gaugesOf,
  HISTORY_STARTS_AT,
  oneOfEach,
  process,
  type Shop,
  TIME_ZONE,
} from '../support/kpi-history.ts';

const migrations = fileURLToPath(new URL('../../analytics/sql/migrations', import.meta.url));
const texts = new Map<string, Promise<string>>();
const textOf = (query: string): Promise<string> => {
  const known = texts.get(query) ?? readFile(new URL(`../../analytics/sql/${query}.sql`, import.meta.url), 'utf8');
  texts.set(query, known);
  return known;
};
const asker =
  (client: HistoryClient): AskHistory =>
  async (query, parameters) =>
    queryRows(client, typeof query === 'string' ? await textOf(query) : query.sql, parameters);

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const HOUR_MS = 3_600_000;
let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine?.stop());

async function historyOf(shop: Shop): Promise<AskHistory> {
  const { client } = await engine.createDatabase();
  await migrate(client, migrations);
  await insertLines(client, 'facts', shop.facts.map(factRow).join('\n'), { token: 'all' });
  return asker(client);
}

/** Live buckets of one grain as the gateway sums them: by start, for one key of a dimension or for all. */
function liveBuckets(shop: Shop, grain: string, by: 'channel' | 'node' | null) {
  const found = [...shop.all('bucket')].map(([id, bucket]) => {
    const [itsGrain, start, channel, node] = id.split('|') as [string, string, string, string];
    return { grain: itsGrain, start: Number(start), key: by === null ? '' : by === 'channel' ? channel : node, bucket };
  });
  return found.filter((one) => one.grain === grain);
}

/** Per history, the flows that came to anything. */
const exercised: Set<string>[] = [];

describe(`over random histories (SEED=${seed})`, () => {
  const histories = fc
    .sample(commands(250, 450), { seed, numRuns: 2 })
    .map((list) => eventsOf([...oneOfEach(), ...list]));
  test.each(histories.map((events, index) => ({ index, events, size: events.length })))(
    'every KPI is the same live and in SQL, history $index of $size events',
    { timeout: 180_000 },
    async ({ events, index: history }) => {
      const shop = process(events);
      const ask = await historyOf(shop);
      const newest = Math.max(...events.map((event) => event.occurredAt));
      const received = Math.max(...events.map((event) => event.receivedAt));
      const firstOrder = Math.min(...[...shop.all('order').values()].map(({ placedAt }) => placedAt));
      const known = new Map<string, number>();
      const range = { from: HISTORY_STARTS_AT - 2 * HOUR_MS, to: newest + 30 * HOUR_MS };
      for (const [place, kpi] of kpis.entries()) {
        if (isHistory(kpi)) continue;
        // The first history is asked for everything; of the others each KPI is asked for one grain, in turn.
        const asked = history === 0 ? bucketGrains : [bucketGrains[(place + history + seed) % 3]!];
        const byHour = kpi.cadence === 'hour';
        // What is kept by the hour can be compared when an hour is over, also where it lies ahead.
        const now = byHour ? bucketStart('hour', received, TIME_ZONE) + HOUR_MS - 1 : received;
        for (const by of [null, 'channel', 'node'] as const) {
          if (by !== null && !kpi.dimensions.includes(by)) continue;
          for (const grain of asked) {
            if (by !== null && grain !== (by === 'channel' ? 'hour' : 'day')) continue;
            if (byHour && grain === 'minute') continue;
            // A minute of a history of days makes too long a series: its last day is enough.
            const from = grain === 'minute' ? newest - 24 * HOUR_MS : range.from;
            const query = { from, to: range.to, grain, by, timeZone: TIME_ZONE, currency: 'EUR', now };
            const { series, total } = await kpiSeries(ask, kpi, query);
            const name = `${kpi.id} per ${grain} by ${by}`;
            if (!isFlow(kpi)) {
              expect(total, name).toBe(gaugeValue(kpi, gaugesOf(shop, now)));
              for (const { key, points } of series) {
                const current = points.filter(([start]) => start <= now).at(-1)?.[1] ?? null;
                const filter = by === null ? {} : { [by]: key };
                expect(current ?? 0, `${name} at ${key}`).toBe(gaugeValue(kpi, gaugesOf(shop, now), filter) ?? 0);
              }
              continue;
            }
            const live = liveBuckets(shop, grain, by);
            for (const { key, points } of series) {
              for (const [start, value] of points) {
                if (start > now || (kpi.ahead && start + 25 * HOUR_MS > now)) continue;
                // Before the record of such steps begins it is unknown, whatever carts were about then.
                if (kpi.recordedSince !== undefined && start < bucketStart(grain, firstOrder, TIME_ZONE)) continue;
                const own = live.filter((one) => one.start === start && one.key === key).map((one) => one.bucket);
                const expected = flowValue(kpi, sumBuckets(own), 'EUR');
                // Nothing measured: zero within the record, unknown before it.
                if (expected === null || expected === 0) expect(value ?? 0, `${name} at ${key} ${start}`).toBe(0);
                else expect(value, `${name} at ${key} ${start}`).toBe(expected);
              }
            }
            const keys = new Set(
              live.filter(({ bucket }) => (flowValue(kpi, bucket, 'EUR') ?? 0) !== 0).map(({ key }) => key),
            );
            if (by !== null && grain !== 'minute' && !kpi.ahead) {
              expect(
                series.map(({ key }) => key),
                name,
              ).toEqual(expect.arrayContaining([...keys]));
            }
            const inRange = (one: { start: number }) =>
              one.start >= bucketStart('minute', bucketStart(grain, from, TIME_ZONE), TIME_ZONE) &&
              one.start <= now &&
              one.start < range.to &&
              (kpi.recordedSince === undefined || one.start >= bucketStart(grain, firstOrder, TIME_ZONE));
            const parts = liveBuckets(shop, byHour ? 'hour' : 'minute', null).filter(inRange);
            const whole = flowValue(kpi, sumBuckets(parts.map(({ bucket }) => bucket)), 'EUR');
            expect(total ?? 0, `${name}, total`).toBe(whole ?? 0);
            if (whole !== null && whole !== 0) known.set(kpi.id, whole);
          }
        }
      }
      exercised.push(new Set(known.keys()));
    },
  );

  test('these histories have something to say of every flow that orders, reservations and returns have', () => {
    const groups = ['sales', 'money', 'promises', 'fulfilment', 'reservations', 'returns'];
    const silent = kpis.filter(
      (kpi) => isFlow(kpi) && groups.includes(kpi.group) && !exercised.some((known) => known.has(kpi.id)),
    );
    // Nobody advises here: the workspace decides. Nothing is rerouted or missed by a picker.
    expect(silent.map(({ id }) => id)).toEqual(['short-pick-rate', 'units-rerouted', 'advice-followed']);
  });
});

describe(`the past as told now is the past as it was seen (SEED=${seed})`, () => {
  test('levels at the end of each hour', { timeout: 120_000 }, async () => {
    const [list] = fc.sample(commands(100, 150), { seed: seed + 1, numRuns: 1 });
    const events = eventsOf(list!, { settled: true });
    const seen = new Map<number, Map<string, number | null>>();
    const look = (shop: Shop, hour: number) =>
      seen.set(hour, new Map(levels.map((kpi) => [kpi.id, gaugeValue(kpi, gaugesOf(shop, hour + HOUR_MS))])));
    const levels = kpis.filter((kpi) => !isFlow(kpi) && !isHistory(kpi) && kpi.id !== 'source-freshness');
    let hour = bucketStart('hour', events.at(-1)!.occurredAt, TIME_ZONE);
    const last = hour;
    for (let end = HISTORY_STARTS_AT; end < last; end += HOUR_MS) {
      look(process(events.filter((event) => event.occurredAt < end + HOUR_MS)), end);
    }
    const ask = await historyOf(process(events));
    for (const kpi of levels) {
      const query = {
        from: HISTORY_STARTS_AT,
        to: last,
        grain: 'hour' as const,
        timeZone: TIME_ZONE,
        currency: 'EUR',
        now: last,
      };
      const { series } = await kpiSeries(ask, kpi, query);
      for ([hour] of seen) {
        const told = series[0]!.points.find(([start]) => start === hour)![1];
        const then = seen.get(hour)!.get(kpi.id)!;
        // Before the record begins nothing is known, also not that nothing is open.
        if (then === 0) expect(told ?? 0, `${kpi.id} at ${hour}`).toBe(0);
        else expect(told, `${kpi.id} at ${hour}`).toBe(then);
      }
    }
  });
});
