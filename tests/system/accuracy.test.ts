/** How far records can be trusted, what to count and what waits, over real Redis. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  accuracyAnswer,
  countListPage,
  driftAnswer,
  driftRecordsPage,
  recordsPage,
  snapshotsPage,
  snapshotView,
} from '../../server/http/contract/accuracy.ts';
import type { Mirror } from '../../server/live/mirror.ts';
import { type AccuracyModel, createAccuracyModel } from '../../server/reading/accuracy.ts';
import { eventOf, HOUR, MINUTE, T0 } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/running-tideline.ts';

const DAY = 24 * HOUR;
const NOW = T0 + 20 * DAY;
const SKUS = Array.from({ length: 60 }, (_, index) => `sku-${String(index).padStart(2, '0')}`);

let server: TestRedis;
let bench: LiveBench;
let model: AccuracyModel;

beforeAll(async () => {
  server = await startTestRedis();
  bench = await openLiveBench(server);
  // Each look is a minute after the one before, so that no answer is a kept one.
  let looks = 0;
  const states = { source: new Map([['shop', { name: 'Web shop' }]]) };
  model = createAccuracyModel(bench.runtime, {
    now: () => NOW + ++looks * MINUTE,
    businessNow: () => NOW,
    states,
  } as unknown as Mirror);
  const counted = { at: NOW - HOUR, source: 'wms' };
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    ...SKUS.map((sku, index) =>
      eventOf('item.defined', { sku, name: `Thing ${sku}`, unitCost: 100 + index, unitPrice: 300, abc: 'A' }),
    ),
    ...SKUS.map((sku) => eventOf('stock.received', { sku, node: 'north', quantity: 10 })),
    eventOf('stock.received', { sku: 'sku-00', node: 'south', quantity: 10 }),
    eventOf('stock.counted', { sku: 'sku-01', node: 'north', quantity: 10, cause: 'routine' }, counted),
    eventOf('stock.counted', { sku: 'sku-02', node: 'north', quantity: 4, cause: 'routine' }, counted),
    eventOf(
      'stock.asserted',
      { sku: 'sku-03', node: 'north', measure: 'available', quantity: 14 },
      { at: NOW - 30 * MINUTE, source: 'shop' },
    ),
    eventOf(
      'stock.snapshot',
      {
        snapshot: 'S1',
        node: 'north',
        measure: 'on-hand',
        rows: SKUS.map((sku, index) => ({ sku, quantity: index === 7 ? 0 : 3 })),
      },
      { at: NOW - 10 * MINUTE, source: 'wms' },
    ),
  );
});
afterAll(async () => {
  await bench.close();
  await server.stop();
});

it('accuracy is told for the company and each node, with what counts have shown', async () => {
  const answer = accuracyAnswer.parse(await model.accuracy());
  expect(answer.company).toMatchObject({ node: null, records: 61, counted: 2, recordAccuracy: 0.5 });
  expect(answer.nodes).toMatchObject([
    { node: 'north', records: 60, counted: 2 },
    { node: 'south', records: 1, counted: 0, recordAccuracy: null },
  ]);
  expect(answer.calibration.reduce((sum, { counted }) => sum + counted, 0)).toBe(2);
  expect(answer.company.confidence).toBeGreaterThan(0);
  expect(answer.shift).toBeLessThan(0);
});

it('records are listed page by page, those below a confidence alone where asked', async () => {
  const first = recordsPage.parse(await model.accuracyRecords({ limit: 40, node: 'north' }));
  const second = recordsPage.parse(await model.accuracyRecords({ limit: 40, node: 'north', cursor: first.next! }));
  expect([...first.items, ...second.items].map(({ sku }) => sku)).toEqual(SKUS);
  expect(second.next).toBeNull();
  const [one, drifting] = await Promise.all([
    model.accuracyRecords({ limit: 1, q: 'sku-01' }),
    model.accuracyRecords({ limit: 1, q: 'sku-03' }),
  ]);
  expect(drifting.items[0]!.confidence).toBeLessThan(one.items[0]!.confidence);
  expect(drifting.items[0]!.because[0]).toBe('a system disagrees');
  const { confidence } = drifting.items[0]!;
  const below = await model.accuracyRecords({ limit: 100, below: confidence + 1e-9 });
  expect(below.items.map(({ sku }) => sku)).toContain('sku-03');
  expect(below.items.every((record) => record.confidence <= confidence)).toBe(true);
});

it('the count list is ordered by what a count is expected to find; what was asked for leaves it until it is counted', async () => {
  const list = countListPage.parse(await model.countList({ limit: 500, requested: false }));
  const values = list.items.map(({ expectedValue = 0 }) => expectedValue);
  expect(values).toEqual([...values].sort((a, b) => b - a));
  expect(list.items[0]!.sku).toBe('sku-03');
  const ask = { records: [list.items[0]!, { sku: 'sku-01', node: 'north' }, { sku: 'sku-01', node: 'nowhere' }] };
  const records = ask.records.map(({ sku, node }) => ({ sku, node }));
  const answer = await model.requestCounts({ records: [...records, records[0]!] }, 'Ada');
  expect(answer).toEqual({ requested: 2, waiting: [], unknown: [{ sku: 'sku-01', node: 'nowhere' }] });
  await until('what was asked for has left the list', 20_000, async () => {
    const rest = await model.countList({ limit: 500, requested: false });
    return rest.items.every(({ sku }) => sku !== 'sku-03');
  });
  const again = await model.requestCounts({ records: records.slice(0, 1) }, 'Ada');
  expect(again).toMatchObject({ requested: 0, waiting: [{ sku: 'sku-03', node: 'north' }] });
  const all = await model.countList({ limit: 500, requested: true });
  expect(all.items.find(({ sku }) => sku === 'sku-03')!.countRequestedAt).toBe(NOW);
  const pages: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await model.countList({ limit: 25, requested: true, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(...page.items.map(({ sku, node }) => `${sku}|${node}`));
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(new Set(pages).size).toBe(61);
});

it('drift is told per source with its sign and its minutes, and record by record', async () => {
  const { items } = driftAnswer.parse(await model.drift());
  expect(items).toMatchObject([{ source: 'shop', name: 'Web shop', drifting: 1, unitsOver: 4, openMinutes: 30 }]);
  const page = driftRecordsPage.parse(await model.driftRecords({ limit: 10, source: 'shop' }));
  expect(page.items).toMatchObject([{ sku: 'sku-03', node: 'north', stated: 14, drift: 4, openMinutes: 30 }]);
  expect((await model.driftRecords({ limit: 10, source: 'wms' })).items).toEqual([]);
});

it('a snapshot that waits shows what speaks against it and the records it would change most', async () => {
  const { items } = snapshotsPage.parse(await model.snapshots({ limit: 10 }));
  expect(items).toMatchObject([{ snapshot: 'S1', status: 'quarantined', rows: 60 }]);
  const view = snapshotView.parse(await model.snapshot('S1'));
  expect(view.changes[0]).toEqual({ sku: 'sku-07', stated: 0, ours: 10, difference: -10 });
  expect(view.changes).toHaveLength(60);
  expect(await model.snapshot('unknown')).toBeNull();
});
