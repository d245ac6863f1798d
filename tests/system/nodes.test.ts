/** From a report that a node stands still to orders that left from elsewhere: real Redis, real processor, real history. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startReleasingWaves } from '../../server/jobs/release-waves.ts';
import type { NodesModel } from '../../server/nodes/model.ts';
import { createNodesModel } from '../../server/nodes/nodes-model.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf, HOUR, MINUTE, orderOf, T0 } from '../support/fold.ts';
import { type LiveBench, openLiveBench } from '../support/live-bench.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

/** T0 is Monday, 2 March 2026, 08:00 UTC; nodes work from 08:00 to 18:00 UTC. */
const CLOSES = T0 + 10 * HOUR;
const ORDERS = 30;
const page = { limit: 100 };
let engine: TestEngine;
let server: TestRedis;
let bench: LiveBench;
let nodes: NodesModel;
let clock = T0 + HOUR;

beforeAll(async () => {
  [engine, server] = await Promise.all([startTestEngine(), startTestRedis()]);
  bench = await openLiveBench(server, engine);
  nodes = createNodesModel(bench.runtime, () => clock);
  const node = (name: string) =>
    eventOf('node.defined', { node: name, name, kind: 'warehouse', linesPerHour: 5, costPerShipment: 400 });
  await bench.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north', 'south'], penalty: 500 }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900 }),
    node('north'),
    node('south'),
    eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 500 }),
    eventOf('stock.received', { sku: 'tea', node: 'south', quantity: 500 }),
    eventOf('transfer.requested', {
      transfer: 'T1',
      fromNode: 'south',
      toNode: 'north',
      lines: [{ sku: 'tea', quantity: 7 }],
      expectedAt: T0 + 4 * HOUR,
    }),
    ...[...Array(ORDERS)].map((_, index) => orderOf(`O${10 + index}`, 1, { shipBy: CLOSES, node: 'north' })),
    orderOf('later', 1, { shipBy: CLOSES + 72 * HOUR, node: 'north' }),
    eventOf('order.held', { order: 'O10', hold: 'payment' }),
  );
  await bench.historyHasAll();
});
afterAll(async () => {
  await bench?.close();
  await Promise.all([engine?.stop(), server?.stop()]);
});

describe('waves', () => {
  test('a node says what it can do, and the next wave is what it can take', async () => {
    const { items } = await nodes.page(page);
    expect(items.map(({ node, possible, due, free }) => [node, possible, due, free])).toEqual([
      ['north', 45, 30, 15],
      ['south', 45, 0, 45],
    ]);
    expect(await nodes.proposeWave('north')).toMatchObject({
      lines: 10,
      room: 10,
      ends: 'no room',
      noRoom: 19,
    });
    expect(await nodes.node('nowhere')).toBeNull();
  });

  test('a wave is released once however often it is asked for, and its orders are not offered again', async () => {
    const asked = { wave: 'W-1', orders: ['O11', 'O12'] };
    expect(await nodes.releaseWave('north', asked, 'Ada')).toEqual({ wave: 'W-1', orders: 2, applied: true });
    await expect(nodes.releaseWave('north', { ...asked, wave: 'W-2' }, 'Ada')).rejects.toThrow('2 released already');
    await bench.historyHasAll();
    const proposal = await nodes.proposeWave('north');
    expect(proposal).toMatchObject({ lines: 8 });
    expect(proposal!.orders).not.toContain('O11');
    expect(await nodes.node('north')).toMatchObject({ inWork: 2, lastWave: { wave: 'W-1', orders: 2 } });
  });

  test('the job releases nothing until the policy lets it, then one wave per node and time', async () => {
    const job = startReleasingWaves({
      runtime: bench.runtime,
      now: () => clock,
      onProblem: () => undefined,
      everyMs: 3_600_000,
    });
    expect(await job.look()).toEqual([]);
    await bench.apply(eventOf('policy.defined', { policy: 'wave-release', body: { automatic: true }, by: 'Ada' }));
    const before = await bench.seq();
    expect(await job.look()).toEqual([`north-${new Date(clock).toISOString()}`]);
    expect(await job.look()).toEqual([]);
    await bench.apply(eventOf('item.defined', { sku: 'cup', name: 'Cup' }));
    await expect.poll(() => bench.seq()).toBe(before + 2);
    expect(await nodes.node('north')).toMatchObject({ inWork: 10 });
    await job.stop();
  });
});

describe('an impaired node', () => {
  test('from the report over the proposal and its approval to the recovery', async () => {
    clock = T0 + 2 * HOUR;
    const report = { capacityShare: 0, expectedUntil: CLOSES, reason: 'flood' };
    const impairment = await nodes.impair('north', report, 'Ada');
    const id = impairment!.impairment;
    expect(impairment).toMatchObject({ node: 'north', by: 'Ada', atStart: { orders: 30, lines: 30 } });
    expect(impairment!.progress).toEqual({ atStart: 30, moved: 0, open: 30, possible: 0, late: 30 });

    const affected = await nodes.affectedOrders(id, { limit: 20 });
    expect(affected!.items).toHaveLength(20);
    const rest = await nodes.affectedOrders(id, { limit: 20, cursor: affected!.next! });
    expect([...affected!.items, ...rest!.items].map(({ order }) => order)).not.toContain('later');
    expect(affected!.items.length + rest!.items.length).toBe(ORDERS);
    expect((await nodes.affectedInbound(id, page))!.items).toEqual([
      { kind: 'transfer-in', ref: 'T1', other: 'south', expectedAt: T0 + 4 * HOUR, skus: 1, units: 7 },
    ]);

    const proposal = (await nodes.proposeRerouteFor(id, 'Ada'))!;
    expect(proposal).toMatchObject({
      status: 'proposed',
      orders: 30,
      saved: { orders: 30, amount: 16_800 },
      extraCost: 0,
    });
    expect((await nodes.rerouteMoves(proposal.reroute))!.items).toHaveLength(20);
    const approved = await nodes.decide(proposal.reroute, 'approved', undefined, 'Ada');
    expect(approved).toMatchObject({ status: 'approved', done: 20, decidedBy: 'Ada' });
    await expect(nodes.decide(proposal.reroute, 'rejected', undefined, 'Eve')).rejects.toThrow('is approved already');
    expect(await nodes.impairment(id)).toMatchObject({ progress: { atStart: 30, moved: 20, open: 10, late: 10 } });
    await bench.apply(pageDue(proposal.reroute, 1));
    expect(await nodes.reroute(proposal.reroute)).toMatchObject({ status: 'done', done: 30, failed: 0 });
    expect(await nodes.impairment(id)).toMatchObject({ moved: { orders: 30 }, progress: { open: 0, late: 0 } });
    expect(await nodes.node('south')).toMatchObject({ openOrders: 30 });
    await expect(nodes.proposeReroute('north', 'Ada')).rejects.toThrow('nothing is due there');

    clock += MINUTE;
    expect(await nodes.recover('north', 'dry again', 'Ada')).toMatchObject({ endedAt: clock });
    expect(await nodes.recover('north', undefined, 'Ada')).toBeNull();
    expect((await nodes.impairmentsPage({ ...page, open: true })).items).toEqual([]);
    expect(await nodes.impair('nowhere', report, 'Ada')).toBeNull();
  });
});

const pageDue = (reroute: string, number: number) =>
  eventOf(
    'deadline.passed',
    { kind: 'reroute-page', subject: `${reroute}|${number}`, due: clock + number, clock: 'tideline' },
    { at: clock + number, source: 'tideline' },
  );
