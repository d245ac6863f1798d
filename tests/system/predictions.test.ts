/** Predictions over a real log, a real Redis and a real engine: said once, settled once by what had happened, and scored. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertLines, queryRows } from '../../analytics/clickhouse/client.ts';
import { predictionSums, predictionsSaid } from '../../analytics/clickhouse/queries/predictions.ts';
import { figuresOf, type Settled, sumsOf } from '../../analytics/predictions/reliability.ts';
import { startPredicting } from '../../server/jobs/predict.ts';
import { createPredictionsModel } from '../../server/predictions/model.ts';
import type { Event } from '../../streams/events/index.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { createWorld, eventOf, HOUR, T0, type World } from '../support/fold.ts';
import { type HistoryBench, openHistoryBench } from '../support/history.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const DAY = 24 * HOUR;
/** Six in the morning, when the daily ones are said. */
const SAID = T0 + 9 * DAY - 2 * HOUR;
let engine: TestEngine;
let server: TestRedis;
let bench: HistoryBench;
let told = 0;

beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
  bench = await openHistoryBench(engine, server);
});
afterAll(async () => {
  await bench?.close();
  await Promise.all([engine?.stop(), server?.stop()]);
});

/** What the processor and the history writer do with what has been applied since the last call. */
async function commit(world: World): Promise<void> {
  const facts = world.facts.slice(told);
  told = world.facts.length;
  if (facts.length > 0)
    await insertLines(bench.history, 'facts', facts.map(factRow).join('\n'), { token: `facts-${told}` });
  for (const [kind, states] of Object.entries(world.snapshot()))
    if (Object.keys(states).length > 0) await bench.redis.hSet(bench.keys.state(kind as StateKind), states as never);
}

async function readLog(): Promise<Event[]> {
  const entries = (await bench.redis.xRange(bench.keys.log, '-', '+')) ?? [];
  return entries.map(({ message }) => JSON.parse(message['e'] ?? '') as Event);
}

const item = (sku: string) =>
  eventOf('item.defined', { sku, name: sku, unitCost: 300, unitPrice: 900, safetyStock: 2 });
const receive = (sku: string, quantity: number, at: number, more: object = {}) =>
  eventOf('stock.received', { sku, node: 'north', quantity, ...more }, { at });
const sell = (sku: string, quantity: number, at: number, more: object = {}) =>
  eventOf(
    'order.placed',
    {
      order: `O${Math.random()}`,
      channel: 'web',
      currency: 'EUR',
      node: 'north',
      lines: [{ line: '1', sku, quantity, unitPrice: 900 }],
      ...more,
    },
    { at },
  );

describe('predictions', () => {
  test('are said at their hour, once, and settled by what had happened, once', async () => {
    const world = createWorld();
    world.apply(
      eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
      eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north'] }),
      eventOf('node.defined', { node: 'north', name: 'North', kind: 'warehouse', linesPerHour: 4, cutOff: '17:00' }),
    );
    const skus = ['gone', 'saved', 'plenty', 'empty'];
    for (const sku of skus) {
      world.apply(item(sku), receive(sku, sku === 'plenty' ? 500 : sku === 'empty' ? 18 : 30, T0));
      const lines = [{ line: '1', sku, node: 'north', quantity: 60, expectedAt: SAID + 6 * DAY }];
      world.apply(
        eventOf('purchase-order.confirmed', { purchaseOrder: `PO-${sku}`, supplier: 'kiln', lines }, { at: T0 }),
      );
      for (let day = 0; day < 8; day++) world.apply(sell(sku, 2, T0 + day * DAY));
    }
    const shipBy = SAID + 8 * HOUR;
    world.apply(
      sell('plenty', 1, SAID - HOUR, { order: 'late', shipBy }),
      sell('plenty', 1, SAID - HOUR, { order: 'kept', shipBy }),
    );
    await commit(world);

    let now = SAID + 2 * 60_000;
    await bench.redis.hSet(bench.keys.state('workspace'), 'self', JSON.stringify({ timeZone: 'UTC', watermark: now }));
    const job = startPredicting({ runtime: bench, now: () => now, onProblem: () => undefined });
    try {
      expect(await job.say()).toBe(8);
      expect(await job.say()).toBe(0);
      const made = (await readLog()).filter(({ type }) => type === 'prediction.made');
      const rows = made.flatMap((event) =>
        event.type === 'prediction.made' ? event.data.rows.map((row) => ({ kind: event.data.prediction, ...row })) : [],
      );
      const chance = (kind: string, subject: string) =>
        rows.find((row) => row.kind === kind && row.subject === subject)?.probability;
      // What has run out already is not predicted.
      expect(
        rows
          .filter(({ kind }) => kind === 'stockout')
          .map(({ subject }) => subject)
          .sort(),
      ).toEqual(['gone|north', 'plenty|north', 'saved|north']);
      expect(chance('stockout', 'gone|north')).toBeGreaterThan(0.25);
      expect(chance('stockout', 'plenty|north')).toBeLessThan(0.05);
      expect(rows.filter(({ kind }) => kind === 'late-receipt')).toHaveLength(4);
      expect(rows.filter(({ kind }) => kind === 'cut-off-miss').map(({ subject }) => subject)).toEqual([
        `north|${shipBy}`,
      ]);

      world.apply(...made);
      // One sells out on the third day; the other gets its receipt before that, and sells out after it.
      world.apply(
        receive('saved', 1, SAID + DAY, { purchaseOrder: 'PO-saved' }),
        sell('gone', 12, SAID + 3 * DAY),
        sell('saved', 13, SAID + 3 * DAY),
        receive('gone', 60, SAID + 6 * DAY, { purchaseOrder: 'PO-gone' }),
        receive('plenty', 60, SAID + 9 * DAY, { purchaseOrder: 'PO-plenty' }),
        eventOf(
          'fulfilment.dispatched',
          { order: 'kept', node: 'north', shipment: 'S1', lines: [{ line: '1', quantity: 1 }] },
          { at: shipBy - HOUR },
        ),
        eventOf(
          'fulfilment.dispatched',
          { order: 'late', node: 'north', shipment: 'S2', lines: [{ line: '1', quantity: 1 }] },
          { at: shipBy + HOUR },
        ),
      );
      await commit(world);
      now = shipBy + HOUR;
      expect(await job.settle()).toBe(0);
      now = shipBy + 7 * HOUR;
      expect(await job.settle()).toBe(1);
      now = SAID + 8 * DAY;
      expect(await job.settle()).toBe(4);
      now = SAID + 14 * DAY + 7 * HOUR;
      // History does not know of any yet: said again, they have the same names and count as repeats.
      expect(await job.settle()).toBe(3);
      await job.settle();
      const settled = (await readLog()).filter(({ type }) => type === 'prediction.settled');
      const once = [...new Map(settled.map((event) => [event.id, event])).values()];
      expect(settled.length).toBeGreaterThan(once.length);
      const outcomes = Object.fromEntries(
        once.flatMap((event) =>
          event.type === 'prediction.settled'
            ? event.data.rows.map(({ subject, happened }) => [`${event.data.prediction} ${subject}`, happened])
            : [],
        ),
      );
      expect(outcomes).toEqual({
        [`cut-off-miss north|${shipBy}`]: true,
        'stockout gone|north': true,
        'stockout saved|north': false,
        'stockout plenty|north': false,
        'late-receipt PO-gone/1': false,
        'late-receipt PO-saved/1': true,
        'late-receipt PO-plenty/1': true,
        'late-receipt PO-empty/1': true,
      });

      world.apply(...once);
      await commit(world);
      expect(await job.settle()).toBe(0);
      const [said] = await predictionsSaid(bench.history, { prediction: 'stockout', subject: 'gone|north', limit: 10 });
      expect(said).toMatchObject({ at: SAID, horizon: SAID + 14 * DAY, happened: true });
      expect(said!.probability).toBeCloseTo(chance('stockout', 'gone|north')!, 6);
      // What came true raises what is said next.
      expect(world.get('prediction-record', 'late-receipt')).toMatchObject({ settled: 4, happened: 3 });
      expect(world.get('prediction-record', 'cut-off-miss')!.correction.shift).toBeGreaterThan(0);
    } finally {
      await job.stop();
    }
  });

  test('are scored by history as they are in memory, habit included', async () => {
    const rowOf = fc.record({
      subject: fc.nat(10_000).map((n) => `s${n}`),
      among: fc.constantFrom('a', 'b', 'c'),
      probability: fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000),
      uncorrected: fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000),
      happened: fc.boolean(),
      hour: fc.nat(40),
      ahead: fc.integer({ min: 1, max: 30 }),
    });
    const seed = 11;
    const rows = fc
      .sample(fc.array(rowOf, { minLength: 300, maxLength: 300 }), { numRuns: 1, seed })[0]!
      .map((row, index) => ({ ...row, subject: `${row.subject}-${index}` }));
    const at = (row: (typeof rows)[number]) => T0 + 100 * DAY + row.hour * HOUR;
    const world = createWorld();
    for (const row of rows) {
      const { subject, among, probability, uncorrected, happened } = row;
      const horizon = at(row) + row.ahead * HOUR;
      const data = {
        prediction: 'cut-off-miss',
        at: at(row),
        horizon,
        rows: [{ subject, among, probability, uncorrected, happened }],
      };
      world.apply(eventOf('prediction.settled', data as never, { at: horizon }));
    }
    told = 0;
    const lines = world.facts.map(factRow).join('\n');
    await insertLines(bench.history, 'facts', lines, { token: 'scored' });
    const range = { since: T0 + 100 * DAY, until: T0 + 200 * DAY, hoursAheadMin: 0, hoursAheadMax: 1_000, among: '' };
    const settled = rows.map((row): Settled => ({ ...row, at: at(row), horizon: at(row) + row.ahead * HOUR }));
    const { sums } = await predictionSums(bench.history, { prediction: 'cut-off-miss', ...range });
    const expected = sumsOf(settled);
    for (const [index, tenth] of sums.tenths.entries()) {
      expect(tenth.count, `seed ${seed}`).toBe(expected.tenths[index]!.count);
      expect(tenth.said).toBeCloseTo(expected.tenths[index]!.said, 6);
      expect(tenth.happened).toBe(expected.tenths[index]!.happened);
    }
    const [figures, wanted] = [figuresOf(sums)!, figuresOf(expected)!];
    for (const name of Object.keys(wanted) as (keyof typeof wanted)[])
      expect(figures[name], name).toBeCloseTo(wanted[name], 6);
    const near = await predictionSums(bench.history, {
      prediction: 'cut-off-miss',
      ...range,
      hoursAheadMax: 5,
      among: 'b',
    });
    const some = settled.filter((row) => row.among === 'b' && row.horizon - row.at <= 5 * HOUR);
    expect(near.sums.tenths.reduce((sum, { count }) => sum + count, 0)).toBe(some.length);

    const model = createPredictionsModel(bench, { now: () => T0 + 110 * DAY, businessNow: () => T0 + 110 * DAY });
    const answer = await model.reliability({ prediction: 'cut-off-miss', days: 90, hoursAheadMin: 0 });
    expect(answer.items[0]).toMatchObject({
      settled: rows.length,
      waiting: 0,
      happened: rows.filter(({ happened }) => happened).length,
    });
    expect(answer.items[0]!.bins).toHaveLength(10);
  });

  test('are part of the schema of analysts', async () => {
    const [row] = await queryRows<{ count: number; open: number }>(
      bench.history,
      `SELECT count() AS count, countIf(happened IS NULL) AS open FROM ${await databaseOf()}_ops.predictions WHERE prediction = 'stockout'`,
    );
    expect({ count: Number(row!.count), open: Number(row!.open) }).toEqual({ count: 3, open: 0 });
  });
});

async function databaseOf(): Promise<string> {
  const [row] = await queryRows<{ name: string }>(bench.history, 'SELECT currentDatabase() AS name');
  return row!.name;
}
