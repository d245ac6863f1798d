/** What goes into history comes out of it again, in the same order and to the last character. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertLines, runStatement } from '../../analytics/clickhouse/client.ts';
import { alreadyInHistory, lastSeqInHistory, readEvents } from '../../analytics/clickhouse/history-reader.ts';
import type { Event } from '../../streams/events/index.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import type { Fact } from '../../streams/processing/process-batch.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type HistoryBench, openHistoryBench } from '../support/history.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const seed = Number(process.env['SEED'] ?? 20260712);

let engine: TestEngine;
let server: TestRedis;
let bench: HistoryBench;
beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
});
beforeEach(async () => {
  bench = await openHistoryBench(engine, server);
});
afterEach(() => bench.close());
afterAll(() => Promise.all([engine?.stop(), server?.stop()]));

/** Any text a producer can send, half characters, NUL and line breaks included. */
const anyText = fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 1 }), loneHalf()), maxLength: 30 });
const idText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => /^[^|\p{Cc}\p{Cs}]+$/u.test(text));
const time = fc.integer({ min: 0, max: 8.64e12 });
const money = fc.integer({ min: -1e12, max: 1e12 });

function loneHalf() {
  return fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code));
}

const anyFact = fc
  .record({
    id: idText,
    source: idText,
    occurredAt: time,
    observedAt: fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_000 }),
    // Our own clock: months of arrival are the partitions.
    receivedAt: fc.integer({ min: 1.7e12, max: 1.74e12 }),
    corrects: fc.option(idText, { nil: undefined }),
    data: fc.record({ sku: idText, quantity: money, reason: anyText, more: fc.json().map((text) => JSON.parse(text)) }),
    text: anyText,
    refused: fc.oneof(fc.constant(''), anyText),
    huge: fc.double(),
  })
  .map(({ text, refused, huge, corrects, id, source, data, ...times }): Omit<Fact, 'seq'> => {
    const at = times.occurredAt;
    const event = {
      id,
      source,
      type: 'stock.adjusted',
      ...times,
      ...(corrects === undefined ? {} : { corrects }),
      data,
    };
    const place = { node: text, place: 'sellable' as const };
    const movement = { sku: text, from: place, to: place, quantity: huge, reason: text, order: text, line: text, at };
    return {
      event: event as unknown as Event,
      effects: {
        movements: [movement],
        transitions: [],
        exceptions: [],
        decisions: [],
        instructions: [],
        orders: new Set(),
        refused,
      },
      orders: [],
    };
  });

async function readAll(range: { fromSeq?: number; toSeq?: number } = {}) {
  const all = [];
  for await (const batch of readEvents(bench.history, range)) all.push(...batch);
  return all;
}

describe(`reading history (SEED=${seed})`, () => {
  it('gives every event back as it went in, whatever its texts and times', async () => {
    const facts = fc.sample(anyFact, { seed, numRuns: 6_000 }).map((fact, index) => ({ ...fact, seq: index + 1 }));
    const half = facts.length / 2;
    const linesOf = (list: Fact[]) => list.map(factRow).join('\n');
    await insertLines(bench.history, 'facts', linesOf(facts.slice(half)), { token: 'second' });
    await insertLines(bench.history, 'facts', linesOf(facts.slice(0, half)), { token: 'first' });
    expect(await lastSeqInHistory(bench.history)).toBe(facts.length);
    const found = await readAll();
    expect(found.map(({ seq }) => seq)).toEqual(facts.map(({ seq }) => seq));
    // As text: the order of fields counts too, for states that hold events.
    const changed = facts.findIndex(
      ({ event }, index) => JSON.stringify(event) !== JSON.stringify(found[index]!.event),
    );
    expect(found[changed]?.event).toEqual(facts[changed]?.event);
    expect((await readAll({ fromSeq: 10, toSeq: 12 })).map(({ seq }) => seq)).toEqual([10, 11, 12]);
    const identities = facts.map(({ event }) => ({ source: event.source, id: event.id }));
    const known = await alreadyInHistory(bench.history, identities);
    expect(known).toEqual(new Set(identities.map(({ source, id }) => `${source}|${id}`)));
  });

  it('refuses to read over a hole', async () => {
    const facts = fc.sample(anyFact, { seed, numRuns: 5 }).map((fact, index) => ({ ...fact, seq: index + 1 }));
    const lines = facts.filter(({ seq }) => seq !== 3).map(factRow);
    await insertLines(bench.history, 'facts', lines.join('\n'), { token: 'holed' });
    await expect(readAll()).rejects.toThrow('event 3 is missing from history');
  });

  it('knows which events it has among many that it has not', async () => {
    const sql = `INSERT INTO event_identities SELECT sipHash64(source, id), source, id
                 FROM (SELECT 'shop' AS source, concat('event ', toString(number)) AS id FROM numbers(200000))`;
    await runStatement(bench.history, sql);
    const asked = Array.from({ length: 1_000 }, (_, index) => ({
      source: index % 3 === 0 ? 'shop' : 'store',
      id: `event ${index * 250}`,
    }));
    const expected = asked.filter(({ source, id }) => source === 'shop' && Number(id.slice(6)) < 200_000);
    expect(await alreadyInHistory(bench.history, asked)).toEqual(new Set(expected.map(({ id }) => `shop|${id}`)));
    expect(await alreadyInHistory(bench.history, [])).toEqual(new Set());
  });
});
