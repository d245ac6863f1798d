import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Actions, NotAsThingsStand, openActions } from '../../server/actions/actions.ts';
import { type Instructions, openInstructions } from '../../server/actions/instructions.ts';
import type { ActionRequest } from '../../server/http/contract/actions.ts';
import type { Order, Stock } from '../../streams/operations/states.ts';
import { eventOf, orderOf } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

let server: TestRedis;
let bench: LiveBench;
let actions: Actions;
let instructions: Instructions;
const admin = { kind: 'user', id: 'u1', name: 'Ada', role: 'admin' } as const;

/** One workspace for all tests, and a shop of its own in it for each. */
let shop = 0;
const names: [string, string, string, string, string, string] = ['tea', 'jam', 'north', 'south', 'o1', 'o2'];
let [tea, jam, north, south, o1, o2] = names;

beforeAll(async () => {
  server = await startTestRedis();
  bench = await openLiveBench(server);
  actions = openActions(bench.runtime, Date.now, () => undefined);
  instructions = openInstructions(bench.runtime, Date.now);
  await bench.apply(eventOf('workspace.configured', { name: 'Shops', currency: 'EUR' }));
});
afterAll(async () => {
  await bench.close();
  await server.stop();
});

beforeEach(async () => {
  shop += 1;
  [tea, jam, north, south, o1, o2] = names.map((name) => `${name}-${shop}`) as typeof names;
  const channel = `web-${shop}`;
  const at = Date.now() - 3_600_000;
  const when = { at };
  await bench.apply(
    eventOf('channel.defined', { channel, name: 'Web', kind: 'web', nodes: [north, south], penalty: 500 }, when),
    eventOf('item.defined', { sku: tea, name: 'Tea', unitCost: 300, unitPrice: 900 }, when),
    eventOf('stock.received', { sku: tea, node: north, quantity: 10 }, when),
    eventOf('stock.received', { sku: jam, node: north, quantity: 5 }, when),
    orderOf(o1, 4, { channel, lines: [{ line: '1', sku: tea, quantity: 4, unitPrice: 900 }] }, when),
    orderOf(o2, 9, { channel, lines: [{ line: '1', sku: tea, quantity: 9, unitPrice: 900 }] }, { at: at + 1_000 }),
  );
});

const request = (action: string, kind: string, input: object, more: object = {}) =>
  ({ action, kind, input, ...more }) as ActionRequest;

describe('a preview', () => {
  const asked: [string, () => object][] = [
    ['quarantine', () => ({ sku: jam, node: north, quantity: 1, reason: 'wet' })],
    ['write-off', () => ({ sku: jam, node: north, quantity: 1, from: 'sellable', reason: 'torn' })],
    ['adjust-stock', () => ({ sku: tea, node: north, bucket: 'sellable', quantity: -9, reason: 'gone' })],
    ['adjust-stock', () => ({ sku: tea, node: south, bucket: 'sellable', quantity: 20, reason: 'found' })],
    ['hold-order', () => ({ order: o1, hold: 'fraud', reason: 'odd' })],
    ['cancel-lines', () => ({ order: o1, reason: 'stock' })],
    ['reallocate', () => ({ sku: tea, node: north, fromOrder: o1, toOrder: o2, quantity: 3 })],
  ];

  it.each(asked)('of %s says exactly what the processor then makes of it', async (kind, inputNow) => {
    const input = inputNow();
    const {
      words,
      stock,
      orders,
      exceptions,
      instructions: told,
    } = await actions.preview(request('p', kind, input), 'Ada');
    const taken = await actions.take(request(`do-it-now-${shop}`, kind, input), 'Ada');
    expect(taken).toMatchObject({ status: 'done', words, by: 'Ada' });
    expect(taken.instructions.map(({ to }) => to)).toEqual(told.map(({ to }) => to));
    for (const change of stock) {
      const after = (await bench.read<Stock>('stock', `${change.sku}|${change.node}`))!;
      for (const figure of change.buckets) expect(after[figure.bucket as 'sellable']).toBe(figure.after);
    }
    for (const change of orders) {
      const after = (await bench.read<Order>('order', change.order))!;
      expect(after.lines.reduce((sum, line) => sum + line.waiting, 0)).toBe(change.waiting.after);
    }
    for (const { exception, change, moneyAtRisk } of exceptions) {
      const after = await bench.read<{ moneyAtRisk: number; condition: string }>('exception', exception);
      if (change !== 'closes') expect(after?.moneyAtRisk).toBe(moneyAtRisk.after);
    }
    expect(stock.length + orders.length).toBeGreaterThan(0);
  });

  it('writes nothing, not even for a moment', async () => {
    const before = [await bench.snapshot(), await bench.redis.xLen(bench.keys.log)];
    await actions.preview(request('p', 'cancel-lines', { order: o1, reason: 'stock' }), 'Ada');
    await actions.preview(request('p', 'cancel-lines', { order: 'nobody', reason: 'stock' }), 'Ada');
    expect([await bench.snapshot(), await bench.redis.xLen(bench.keys.log)]).toEqual(before);
  });

  it('says what would end, what would be freed for others, and what that is worth', async () => {
    const preview = await actions.preview(request('p', 'cancel-lines', { order: o1, reason: 'customer' }), 'Ada');
    expect(preview.orders.map(({ order }) => order)).toEqual([o1, o2]);
    expect(preview.exceptions).toMatchObject([{ exception: `oversold:${tea}`, change: 'closes' }]);
    expect(preview.money.atRisk.after).toBe(0);
    expect(preview.sentences[0]).toMatch(/^Ends: /);
  });
});

describe('doing', () => {
  const wet = () => ({ sku: tea, node: south, quantity: 1, reason: 'wet' });
  const free = async () => (await bench.read<Stock>('stock', `${tea}|${south}`))?.sellable ?? 0;

  it('the same action several times at once is done once, and everybody gets the same answer', async () => {
    await bench.apply(
      eventOf('stock.adjusted', { sku: tea, node: south, quantity: 20, reason: 'found' }, { at: Date.now() }),
    );
    const before = await free();
    const again = request(`only-once-${shop}`, 'quarantine', wet());
    const answers = await Promise.all([1, 2, 3].map(() => actions.take(again, 'Ada')));
    answers.push(await actions.take(again, 'Ada'));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await free()).toBe(before - 1);
    expect((await actions.page({ limit: 10 })).items.filter(({ action }) => action === again.action)).toHaveLength(1);
  });

  it('what cannot be done is refused with the reason, and nothing is written', async () => {
    const before = await bench.snapshot();
    const refused = actions.take(
      request(`too-much-of-it-${shop}`, 'quarantine', { ...wet(), node: north, quantity: 99 }),
      'Ada',
    );
    await expect(refused).rejects.toThrow(`${north} has 0 sellable of ${tea}, not 99`);
    expect(await bench.snapshot()).toEqual(before);
  });

  it('what would come out differently than previewed is not done', async () => {
    await bench.apply(
      eventOf('stock.adjusted', { sku: tea, node: south, quantity: 20, reason: 'found' }, { at: Date.now() }),
    );
    const asked = wet();
    const { fingerprint } = await actions.preview(request('p', 'quarantine', asked), 'Ada');
    await bench.apply(
      eventOf('stock.adjusted', { sku: tea, node: south, quantity: -3, reason: 'lost' }, { at: Date.now() }),
    );
    const late = actions.take(request(`late-to-it-${shop}`, 'quarantine', asked, { fingerprint }), 'Ada');
    await expect(late).rejects.toMatchObject({ why: 'changed' });
    await expect(late).rejects.toBeInstanceOf(NotAsThingsStand);
    await expect(actions.one(`late-to-it-${shop}`)).resolves.toBeNull();
  });

  it('a transfer comes out as it was previewed, though its instructions name it', async () => {
    await bench.apply(eventOf('stock.received', { sku: tea, node: south, quantity: 300 }, { at: Date.now() }));
    const asked = { sku: tea, fromNode: south, toNode: north, quantity: 1 };
    const { fingerprint } = await actions.preview(request('p', 'transfer', asked), 'Ada');
    const taken = await actions.take(request(`moved-${shop}`, 'transfer', asked, { fingerprint }), 'Ada');
    expect(taken.status).toBe('done');
    expect((await actions.undo(`moved-${shop}`, 'Ada', {}))?.status).toBe('undone');
  });

  it('is undone with its instruction withdrawn, and undone once', async () => {
    await actions.take(request(`held-o1-${shop}`, 'hold-order', { order: o1, hold: 'fraud', reason: 'odd' }), 'Ada');
    const look = await actions.previewUndo(`held-o1-${shop}`, 'Ben');
    expect(look?.orders).toMatchObject([{ order: o1, status: { before: 'held' } }]);
    const undone = await actions.undo(`held-o1-${shop}`, 'Ben', { reason: 'she called' });
    expect(undone).toMatchObject({ status: 'undone', undoneBy: 'Ben', instructions: [{ status: 'withdrawn' }] });
    await expect(actions.undo(`held-o1-${shop}`, 'Ben', {})).rejects.toThrow('is undone, there is nothing to undo');
    expect((await bench.read<Order>('order', o1))!.holds).toEqual([]);
  });

  it('lists what was done, newest first, page by page and by exception', async () => {
    for (let index = 1; index <= 5; index += 1) {
      const asked = request(`action-${index}`, 'hold-order', {
        order: o1,
        hold: ['fraud', 'payment', 'address', 'other'][index % 4],
        reason: 'x',
      });
      const more = index === 3 ? { exception: `oversold:${tea}` } : {};
      await actions.take({ ...asked, ...more }, 'Ada').catch(() => undefined);
    }
    const first = await actions.page({ limit: 2 });
    const second = await actions.page({ limit: 2, cursor: first.next! });
    expect([...first.items, ...second.items].map(({ action }) => action)).toEqual([
      'action-4',
      'action-3',
      'action-2',
      'action-1',
    ]);
    const about = await actions.page({ limit: 10, exception: `oversold:${tea}` });
    expect(about.items.map(({ action }) => action)).toEqual(['action-3']);
  });
});

describe('the feed of instructions', () => {
  let from = 0;
  beforeEach(async () => {
    for (let more = true; more; )
      ({ cursor: from, more } = await instructions.page({ cursor: from, limit: 500 }, admin));
  });
  const id = (index: number) => `held-no-${index}-${shop}:1`;
  const hold = (index: number) =>
    actions.take(
      request(`held-no-${index}-${shop}`, 'hold-order', { order: o1, hold: ['fraud', 'payment'][index], reason: 'x' }),
      'Ada',
    );

  it('tells each instruction once to a reader that remembers where it was', async () => {
    await hold(0);
    const first = await instructions.page({ cursor: from, limit: 10 }, admin);
    expect(first.items).toMatchObject([{ id: id(0), kind: 'hold-order', to: north, number: from + 1, status: 'sent' }]);
    await hold(1);
    const second = await instructions.page({ cursor: first.cursor, limit: 10 }, admin);
    expect(second.items.map((item) => item.id)).toEqual([id(1)]);
    expect(await instructions.page({ cursor: second.cursor, limit: 10 }, admin)).toEqual({
      items: [],
      cursor: from + 2,
      more: false,
    });
  });

  it('an ingest key sees what is meant for its source, its node or its channel, and nothing else', async () => {
    await bench.apply(
      eventOf('source.defined', { source: `wms-${north}`, name: 'WMS', node: north }, { at: Date.now() }),
      eventOf('source.defined', { source: `wms-${south}`, name: 'WMS', node: south }, { at: Date.now() }),
    );
    await hold(0);
    const key = (source: string) => ({ kind: 'key', id: 'k', name: 'key', role: 'ingest', source }) as const;
    expect((await instructions.page({ cursor: from, limit: 10 }, key(`wms-${north}`))).items).toHaveLength(1);
    expect((await instructions.page({ cursor: from, limit: 10 }, key(`wms-${south}`))).items).toEqual([]);
    expect(await instructions.one(id(0), key(`wms-${south}`))).toBeNull();
    expect((await instructions.page({ cursor: from, limit: 10 }, key('*'))).items).toHaveLength(1);
  });

  it('an answer ends it, and what is told again stands at the end under the same key', async () => {
    await hold(0);
    await hold(1);
    await instructions.answer(id(0), 'Ada', { type: 'instruction.repeated' });
    const { items } = await instructions.page({ cursor: from, limit: 10 }, admin);
    expect(items.map((item) => [item.id, item.number])).toEqual([
      [id(1), from + 2],
      [id(0), from + 3],
    ]);
    const confirmed = await instructions.answer(id(0), 'Ada', {
      type: 'instruction.confirmed',
      reference: 'W-7',
    });
    expect(confirmed).toMatchObject({ status: 'confirmed', answeredBy: 'Ada', answer: 'W-7', due: null });
    expect((await instructions.page({ cursor: from, limit: 10, status: 'sent' }, admin)).items).toHaveLength(1);
  });
});
