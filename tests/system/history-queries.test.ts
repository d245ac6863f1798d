/** What history answers is what the live states say, over random histories. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertLines } from '../../analytics/clickhouse/client.ts';
import { backlogSeries } from '../../analytics/clickhouse/queries/backlog-series.ts';
import { movementsOf } from '../../analytics/clickhouse/queries/movements.ts';
import { onHandSeries } from '../../analytics/clickhouse/queries/on-hand-series.ts';
import { orderTimeline } from '../../analytics/clickhouse/queries/order-timeline.ts';
import { type OrdersQuery, ordersPage } from '../../analytics/clickhouse/queries/orders.ts';
import { type StockAt, stockAt } from '../../analytics/clickhouse/queries/stock-at.ts';
import { buckets, virtualPlaces } from '../../streams/events/fields.ts';
import { openUnits } from '../../streams/operations/orders/order-life.ts';
import { orderStatus } from '../../streams/operations/orders/order-status.ts';
import { onHand } from '../../streams/operations/stock/stock.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type HistoryBench, openHistoryBench } from '../support/history.ts';
import { commands, eventsOf, process as processEvents, type Shop } from '../support/kpi-history.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const seed = Number(process.env['SEED'] ?? 20260713);
const HOUR_MS = 3_600_000;
const shop: Shop = processEvents(eventsOf(fc.sample(commands(400, 500), { seed, numRuns: 1 })[0]!));
const times = shop.facts.flatMap(({ event, effects }) => [
  event.occurredAt,
  ...effects.transitions.map(({ at }) => at),
]);
const range = { from: Math.min(...times) - HOUR_MS, to: Math.max(...times) + HOUR_MS, stepMs: HOUR_MS };

let engine: TestEngine;
let server: TestRedis;
let bench: HistoryBench;
beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
  bench = await openHistoryBench(engine, server);
  // In several inserts, so that rows of one order and one minute lie in parts of their own.
  for (let from = 0; from < shop.facts.length; from += 60) {
    const lines = shop.facts.slice(from, from + 60).map(factRow);
    await insertLines(bench.history, 'facts', lines.join('\n'), { token: `from ${from}` });
  }
});
afterAll(async () => {
  await bench?.close();
  await Promise.all([engine?.stop(), server?.stop()]);
});

const byPlace = (rows: StockAt[]) =>
  rows.map(({ sku, node, place, quantity }) => `${sku}|${node}|${place} ${quantity}`).sort();

function stockOf(states: Shop): StockAt[] {
  const inside = [...states.all('stock').values()].flatMap((stock) =>
    buckets.map((place) => ({ sku: stock.sku, node: stock.node, place: place as string, quantity: stock[place] })),
  );
  const outside = [...states.all('ledger').values()].flatMap((ledger) =>
    virtualPlaces.map((place) => ({ sku: ledger.sku, node: '', place: place as string, quantity: ledger[place] })),
  );
  return [...inside, ...outside].filter(({ quantity }) => quantity !== 0);
}

async function allOrders(query: Partial<OrdersQuery>): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await ordersPage(bench.history, { limit: 4, ...query, cursor });
    found.push(...page.items.map(({ order }) => order));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return found;
}

const newestFirst = (a: { placedAt: number; order: string }, b: { placedAt: number; order: string }) =>
  b.placedAt - a.placedAt || (a.order < b.order ? 1 : -1);
const liveOrders = () => [...shop.all('order').values()].sort(newestFirst);

describe(`history and live states agree (SEED=${seed})`, () => {
  it('movements add up to the stock of every place, and to zero for every SKU', async () => {
    const found = await stockAt(bench.history);
    expect(byPlace(found)).toEqual(byPlace(stockOf(shop)));
    const sums = Map.groupBy(found, ({ sku }) => sku);
    for (const [, rows] of sums) expect(rows.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(0);
  });

  it('the balance of a bucket ends at its live figure and is the sum of the changes before it', async () => {
    for (const stock of shop.all('stock').values()) {
      for (const bucket of [...buckets, undefined]) {
        const query = { sku: stock.sku, node: stock.node, bucket, limit: 20 };
        const rows = [];
        let before: number | undefined;
        do {
          const page = await movementsOf(bench.history, { ...query, before });
          rows.push(...page.items);
          before = page.next ?? undefined;
        } while (before !== undefined);
        const live = bucket === undefined ? onHand(stock) : stock[bucket];
        expect(rows[0]?.balance ?? 0).toBe(live);
        expect(rows.reduce((sum, { change }) => sum + change!, 0)).toBe(live);
        for (const [at, row] of rows.entries()) {
          expect(row.balance! - row.change!).toBe(rows[at + 1]?.balance ?? 0);
          expect(row.eventId).toBe(shop.facts[row.seq - 1]!.event.id);
        }
      }
    }
  });

  it('a page of movements without a node has no balance', async () => {
    const { items } = await movementsOf(bench.history, { sku: 'chair', limit: 3 });
    expect(items.length).toBeGreaterThanOrEqual(3);
    expect(items[0]).toMatchObject({ change: null, balance: null });
  });

  it('orders are found page by page as they stand now, by any filter', async () => {
    const orders = liveOrders();
    const names = (list: typeof orders) => list.map(({ order }) => order);
    expect(orders.length).toBeGreaterThanOrEqual(10);
    expect(await allOrders({})).toEqual(names(orders));
    expect(await allOrders({ limit: 3, channel: 'web' })).toEqual(names(orders.filter((o) => o.channel === 'web')));
    expect(await allOrders({ node: 'north' })).toEqual(names(orders.filter((o) => o.node === 'north')));
    expect(await allOrders({ q: 'O1' })).toEqual(names(orders.filter((o) => o.order.includes('o1'))));
    for (const status of new Set(orders.map(orderStatus))) {
      expect(await allOrders({ status: [status] })).toEqual(names(orders.filter((o) => orderStatus(o) === status)));
    }
    const { placedAt } = orders[5]!;
    expect(await allOrders({ from: placedAt })).toEqual(names(orders.filter((o) => o.placedAt >= placedAt)));
    expect(await allOrders({ to: placedAt })).toEqual(names(orders.filter((o) => o.placedAt <= placedAt)));
    await expect(ordersPage(bench.history, { limit: 1, cursor: 'x' })).rejects.toThrow(RangeError);
  });

  it('an order in a list has the figures of the live order', async () => {
    const { items } = await ordersPage(bench.history, { limit: 500 });
    expect(items).toEqual(
      liveOrders().map((order) => ({
        order: order.order,
        channel: order.channel,
        node: order.node,
        country: order.country,
        status: orderStatus(order),
        placedAt: order.placedAt,
        shipBy: order.shipBy || null,
        dispatchedAt: order.completedAt || null,
        lines: order.lines.length,
        units: order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
        openUnits: order.lines.reduce((sum, line) => sum + openUnits(line), 0),
        amount: order.amount,
        currency: order.currency,
      })),
    );
  });

  it('the timeline of an order tells every event that named it, refused ones with their reason', async () => {
    for (const order of liveOrders().slice(0, 5)) {
      const named = shop.facts.filter(({ event }) => 'order' in event.data && event.data.order === order.order);
      const timeline = await orderTimeline(bench.history, order.order);
      expect(timeline.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(named.map(({ seq }) => seq));
      for (const entry of timeline) {
        const { event, effects } = shop.facts[entry.seq - 1]!;
        expect(entry).toMatchObject({ type: event.type, source: event.source, occurredAt: event.occurredAt });
        expect(entry.summary.includes('refused')).toBe(effects.refused !== '');
      }
    }
  });

  it('levels over time end at the live figures', async () => {
    const last = (series: Awaited<ReturnType<typeof onHandSeries>>) =>
      new Map(series.map(({ key, points }) => [key, points.at(-1)![1]]));
    const onHandNow = new Map([...shop.all('totals').values()].map((totals) => [totals.node, totals.onHand]));
    expect(last(await onHandSeries(bench.history, { ...range, by: 'node' }))).toEqual(onHandNow);
    const open = liveOrders().filter((order) => order.open);
    const lines = open.flatMap((order) => order.lines).filter((line) => openUnits(line) > 0);
    expect(last(await backlogSeries(bench.history, { ...range, what: 'order' }))).toEqual(new Map([['', open.length]]));
    expect(last(await backlogSeries(bench.history, { ...range, what: 'line' }))).toEqual(new Map([['', lines.length]]));
    await expect(backlogSeries(bench.history, { ...range, stepMs: 1, what: 'line' })).rejects.toThrow(RangeError);
  });
});
