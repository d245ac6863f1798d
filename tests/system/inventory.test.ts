/** Lists of stock and one SKU over real Redis: what is told adds up, in every order and on every page. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutCost } from '../../server/access/cost.ts';
import { stockMatrix, stockPage, stockQuery, stockSorts } from '../../server/http/contract/inventory.ts';
import { skuDetails } from '../../server/http/contract/sku.ts';
import { inventoryRoutes } from '../../server/http/routes/inventory.ts';
import { type Mirror, openMirror } from '../../server/live/mirror.ts';
import { createInventoryModel, type InventoryModel } from '../../server/reading/inventory/model.ts';
import { createPromiseModel } from '../../server/reading/promises.ts';
import { readSku } from '../../server/reading/stock.ts';
import { eventOf, HOUR, T0 } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const DAY = 24 * HOUR;
const NOW = T0 + 12 * DAY;
const SKUS = Array.from({ length: 40 }, (_, index) => `S-${String(index).padStart(2, '0')}`);
const NODES = ['east', 'north', 'south'];

let server: TestRedis;
let bench: LiveBench;
let mirror: Mirror;
let model: InventoryModel;
let sku: (name: string) => ReturnType<typeof readSku>;

const received = (name: string, node: string, quantity: number, more: object = {}) =>
  eventOf('stock.received', { sku: name, node, quantity, ...more });
const listed = async (asked: object = {}) => stockPage.parse(await model.stockPage(stockQuery.parse(asked)));
const matrix = async (asked: object = {}) => stockMatrix.parse(await model.stockMatrix(stockQuery.parse(asked)));

async function all<A extends { items: unknown[]; next: string | null }>(
  page: (asked: object) => Promise<A>,
  asked: object,
) {
  const pages = [await page({ ...asked, limit: 7 })];
  for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next) {
    pages.push(await page({ ...asked, limit: 7, cursor: next }));
  }
  return pages.flatMap(({ items }) => items) as A['items'];
}

beforeAll(async () => {
  server = await startTestRedis();
  bench = await openLiveBench(server);
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    ...NODES.map((node) => eventOf('node.defined', { node, name: `${node} hall`, kind: 'warehouse', timeZone: 'UTC' })),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['east', 'north'], buffer: 2 }),
    eventOf('source.defined', { source: 'shop', name: 'Web shop', kind: 'channel' }),
    ...SKUS.map((name, index) =>
      eventOf('item.defined', {
        sku: name,
        name: `Thing ${index % 9}`,
        category: index % 2 === 0 ? 'Even' : 'Odd',
        unitCost: 100 + 7 * (index % 5),
        unitPrice: 900,
        safetyStock: index % 3,
      }),
    ),
    ...SKUS.flatMap((name, index) =>
      NODES.slice(0, 1 + (index % 3)).map((node) => received(name, node, 1 + ((index * 7) % 13))),
    ),
    eventOf('stock.condition-changed', {
      sku: 'S-04',
      node: 'east',
      quantity: 1,
      from: 'sellable',
      to: 'damaged',
      reason: 'broken',
      by: 'ada',
    }),
    eventOf('order.placed', {
      order: 'O-1',
      channel: 'web',
      node: 'east',
      currency: 'EUR',
      lines: [{ line: '1', sku: 'S-05', quantity: 500, unitPrice: 900 }],
    }),
    eventOf(
      'stock.asserted',
      { sku: 'S-07', node: 'east', measure: 'available', quantity: 900 },
      { at: T0 + HOUR, source: 'shop' },
    ),
  );
  mirror = { ...(await openMirror(bench.redis, bench.keys, Date.now, async () => [])), businessNow: () => NOW };
  const { channelAtps } = createPromiseModel(bench.runtime, () => NOW);
  model = createInventoryModel(bench.runtime, mirror, channelAtps);
  sku = (name) => readSku(mirror, name, channelAtps);
});
afterAll(async () => {
  await bench.close();
  await server.stop();
});

describe('the list of stock', () => {
  it.each(stockSorts)('shows every record once on its pages, in order, sorted by %s either way', async (sort) => {
    const columnOf = {
      cover: (row: Line) => row.coverDays,
      value: (row: Line) => row.stockValue ?? null,
      drift: (row: Line) => (row.drift === null ? null : Math.abs(row.drift.difference)),
      moved: (row: Line) => row.lastMovementAt,
      counted: (row: Line) => row.lastCountAt,
      name: (row: Line) => row.name.toLowerCase(),
    } as Record<string, (row: Line) => number | string | null>;
    const value = columnOf[sort] ?? ((row: Line) => row[sort as 'atp']);
    for (const direction of ['up', 'down'] as const) {
      const rows = (await all(listed, { sort, direction })) as Line[];
      expect(new Set(rows.map((row) => `${row.sku}|${row.node}`)).size).toBe(rows.length);
      expect(rows.length).toBe((await listed()).total);
      const values = rows.map(value);
      for (const [index, now] of values.entries()) {
        const before = values[index - 1];
        if (index === 0 || now === null) continue;
        expect(before).not.toBeNull();
        if (direction === 'up') expect(before! <= now).toBe(true);
        else expect(before! >= now).toBe(true);
      }
    }
  });

  it('has sums that are the sums of its rows, whatever is filtered', async () => {
    for (const asked of [{}, { node: 'north' }, { category: 'Odd' }, { q: 'thing 3' }, { short: 'true' }]) {
      const rows = (await all(listed, asked)) as Line[];
      const { sums, total } = await listed(asked);
      expect(total).toBe(rows.length);
      expect(total).toBeGreaterThan(0);
      for (const field of ['sellable', 'allocated', 'damaged', 'inTransit', 'onHand', 'safetyStock', 'atp'] as const) {
        expect(sums[field]).toBe(rows.reduce((sum, row) => sum + row[field], 0));
      }
      expect(sums.stockValue).toBe(rows.reduce((sum, row) => sum + (row.stockValue ?? 0), 0));
    }
  });

  it('filters by what is short, negative, drifting, doubtful and not counted', async () => {
    expect(((await listed({ drifting: 'true' })).items as Line[]).map((row) => row.sku)).toEqual(['S-07']);
    for (const row of (await listed({ short: 'true', limit: 500 })).items) expect(row.atp).toBeLessThanOrEqual(0);
    expect((await listed({ negative: 'true' })).total).toBe(0);
    const doubtful = await listed({ confidenceBelow: '0.9', limit: 500 });
    for (const row of doubtful.items) expect(row.confidence).toBeLessThan(0.9);
    expect((await listed({ notCountedDays: '1' })).total).toBe((await listed()).total);
  });

  it('keeps cost from those who may not see it, and sorts by value for nobody else', async () => {
    const { items, sums } = withoutCost(await model.stockPage(stockQuery.parse({})));
    expect(items.every((row) => !('unitCost' in row) && !('stockValue' in row))).toBe(true);
    expect(sums).not.toHaveProperty('stockValue');
    const asked = { query: stockQuery.parse({ sort: 'value' }), params: {} };
    const ask = async (role: string, path: string) =>
      inventoryRoutes
        .find((route) => route.path === path)!
        .handle({ readModel: model } as never, { ...asked, principal: { role } } as never);
    for (const path of ['/v1/stock', '/v1/stock-matrix']) {
      await expect(ask('planner', path)).rejects.toMatchObject({ status: 403 });
      await expect(ask('analyst', path)).resolves.toHaveProperty('items');
    }
  });

  it('refuses a cursor that is none of its own', async () => {
    await expect(model.stockPage(stockQuery.parse({ cursor: 'nonsense' }))).rejects.toMatchObject({ status: 400 });
  });

  it('tells what changed a moment ago, of one record and of all', async () => {
    const before = await listed({ sku: 'S-10' });
    await bench.apply(received('S-10', 'east', 1_000));
    mirror.note({ changed: { stock: ['S-10|east'], ledger: ['S-10'] } });
    const after = await listed({ sku: 'S-10' });
    expect(after.sums.onHand).toBe(before.sums.onHand + 1_000);
    await bench.apply(received('S-11', 'west', 3));
    mirror.note(null);
    expect((await listed({ node: 'west' })).items.map((row) => row.sku)).toEqual(['S-11']);
  });
});
type Line = Awaited<ReturnType<typeof listed>>['items'][number];

describe('the matrix', () => {
  it('has the same cells as the list, and sums down and across', async () => {
    const rows = (await all(matrix, {})) as Row[];
    const { nodes, sums, total } = await matrix();
    expect(rows.length).toBe(total);
    const lines = new Map(((await all(listed, {})) as Line[]).map((line) => [`${line.sku}|${line.node}`, line]));
    expect(rows.flatMap(({ cells }) => cells).length).toBe(lines.size);
    for (const row of rows) {
      for (const cell of row.cells) {
        expect(cell).toMatchObject({ atp: lines.get(`${row.sku}|${cell.node}`)!.atp });
      }
      expect(row.atp).toBe(row.cells.reduce((sum, cell) => sum + cell.atp, 0));
    }
    expect(sums.atp).toBe(rows.reduce((sum, row) => sum + row.atp, 0));
    expect(nodes.reduce((sum, node) => sum + node.atp, 0)).toBe(sums.atp);
  });

  it('shows a SKU with all its nodes when one of them fits', async () => {
    const { items } = await matrix({ node: 'south', limit: 1 });
    expect(items[0]!.cells.map(({ node }) => node)).toEqual(NODES);
  });
});
type Row = Awaited<ReturnType<typeof matrix>>['items'][number];

describe('one SKU', () => {
  it('has steps that add up to what each channel may sell', async () => {
    for (const name of ['S-05', 'S-06', 'S-08']) {
      const { channels } = (await sku(name))!;
      expect(channels.length).toBe(1);
      for (const { atp, steps } of channels) expect(steps.reduce((sum, step) => sum + step.quantity, 0)).toBe(atp);
    }
  });

  it('tells who waits, what is stated of it, what is open and which rules hold', async () => {
    const details = skuDetails.parse(await model.skuDetails('S-05'));
    expect(details.waiting).toMatchObject([{ order: 'O-1', line: '1' }]);
    expect(details.exceptions.map(({ title }) => title).join()).toMatch(/oversold/);
    expect(details.rules).toContainEqual({ words: 'Buffer of Web', value: '2', policy: null });
    const drifting = skuDetails.parse(await model.skuDetails('S-07'));
    expect(drifting.statements).toMatchObject([{ sourceName: 'Web shop', node: 'east', stated: 900 }]);
    expect(drifting.statements[0]!.since).not.toBeNull();
    expect(await model.skuDetails('nothing')).toBeNull();
  });
});
